// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.boot;

import static org.assertj.core.api.Assertions.assertThat;

import mckernelj.ihk.layout.KernelSpace;
import mckernelj.ihk.layout.PageTableEntry;
import mckernelj.lwk.fake.FakeMemory;
import org.junit.jupiter.api.Test;

class KernelPageTablesTest {
    private static final long MIB = 1 << 20;

    private final FakeMemory memory = new FakeMemory(64 * MIB);
    private final EarlyHeap heap = new EarlyHeap(memory, MIB + 5);
    private final KernelPageTables tables = new KernelPageTables(memory, heap::page);

    /** As the processor walks: physical address, or -1. */
    private long translate(long root, long linear, long wantedBits) {
        long table = root;
        for (int shift = 39; ; shift -= 9) {
            long entry = memory.getLong(table + (linear >>> shift & 511) * 8);
            if ((entry & PageTableEntry.PRESENT) == 0 || (entry & wantedBits) != wantedBits) {
                return -1;
            }
            if (shift == 12 || (entry & PageTableEntry.LARGE) != 0) {
                long mask = (1L << shift) - 1;
                return entry & PageTableEntry.ADDRESS & ~mask | linear & mask;
            }
            table = entry & PageTableEntry.ADDRESS;
        }
    }

    @Test
    void assigned_memory_has_two_kernel_addresses_and_the_rest_has_none() {
        tables.mapMemory(4 * MIB, 9 * MIB);
        for (long base : new long[] {KernelSpace.MAP_ST_START, KernelSpace.LINUX_PAGE_OFFSET}) {
            assertThat(translate(tables.root(), base + 4 * MIB + 123, 0)).isEqualTo(4 * MIB + 123);
            assertThat(translate(tables.root(), base + 9 * MIB - 1, 0)).isEqualTo(9 * MIB - 1);
            assertThat(translate(tables.root(), base + 9 * MIB, 0)).isEqualTo(-1);
            assertThat(translate(tables.root(), base + 4 * MIB - 1, 0)).isEqualTo(-1);
            assertThat(translate(tables.root(), base + 5 * MIB, PageTableEntry.USER))
                    .isEqualTo(-1);
        }
    }

    @Test
    void only_the_vsyscall_page_is_open_to_user_mode() {
        tables.mapImage(8 * MIB);
        tables.mapVsyscall(8 * MIB + 0x3000);
        assertThat(translate(tables.root(), KernelSpace.VSYSCALL + 7, PageTableEntry.USER))
                .isEqualTo(8 * MIB + 0x3007);
        assertThat(translate(tables.root(), KernelSpace.MAP_KERNEL_START, 0)).isEqualTo(8 * MIB);
        assertThat(translate(tables.root(), KernelSpace.MAP_KERNEL_START, PageTableEntry.USER))
                .isEqualTo(-1);
    }

    @Test
    void an_address_space_gets_the_kernel_half_and_keeps_its_own() {
        tables.mapImage(8 * MIB);
        long process = heap.page();
        memory.putLong(process, 0x77);
        tables.copyKernelHalf(process);
        assertThat(translate(process, KernelSpace.MAP_KERNEL_START + 5, 0)).isEqualTo(8 * MIB + 5);
        assertThat(memory.getLong(process)).isEqualTo(0x77);
    }

    @Test
    void fixed_mappings_keep_the_offset_in_the_page() {
        long first = tables.mapFixed(0x12345, 4096);
        long second = tables.mapFixed(0x50000, 1);
        assertThat(first & 4095).isEqualTo(0x345);
        assertThat(translate(tables.root(), first + 4095, 0)).isEqualTo(0x12345 + 4095);
        assertThat(translate(tables.root(), second, 0)).isEqualTo(0x50000);
    }

    @Test
    void the_boot_table_maps_the_first_2_mib_one_to_one() {
        tables.mapImage(8 * MIB);
        long boot = tables.bootTable();
        assertThat(translate(boot, 0x9F000, 0)).isEqualTo(0x9F000);
        assertThat(translate(boot, KernelSpace.MAP_KERNEL_START, 0)).isEqualTo(8 * MIB);
        assertThat(translate(tables.root(), 0x9F000, 0)).isEqualTo(-1);
    }
}
