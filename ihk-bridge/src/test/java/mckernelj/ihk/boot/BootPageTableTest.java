// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.boot;

import static org.assertj.core.api.Assertions.assertThat;

import mckernelj.ihk.FakePhysicalMemory;
import mckernelj.ihk.layout.KernelSpace;
import mckernelj.ihk.layout.PageTableEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BootPageTableTest {
    private static final long IDENTITY = 0x10000;
    private static final long BOOT = 0x40000;
    private static final long KERNEL = 0x4000_0000L;

    private final FakePhysicalMemory memory = new FakePhysicalMemory(1 << 20).fill(0xFF);

    @BeforeEach
    void build() {
        BootPageTable.identity(memory, IDENTITY, 5L << 30);
        BootPageTable.kernel(memory, BOOT, IDENTITY, KERNEL);
    }

    /** Physical address, or -1 if not mapped. */
    private long walk(long table, long linear) {
        long at = table;
        for (int shift = 39; shift > 21; shift -= 9) {
            long entry = memory.getLong(at + 8 * (linear >>> shift & 511));
            if ((entry & PageTableEntry.PRESENT) == 0) {
                return -1;
            }
            at = entry & PageTableEntry.ADDRESS;
        }
        long leaf = memory.getLong(at + 8 * (linear >>> 21 & 511));
        assertThat(leaf & PageTableEntry.USER).isZero();
        boolean mapped = (leaf & PageTableEntry.PRESENT) != 0;
        return mapped ? (leaf & PageTableEntry.ADDRESS) + (linear & 0x1F_FFFF) : -1;
    }

    @Test
    void all_ram_is_mapped_one_to_one() {
        assertThat(walk(IDENTITY, 0x467)).isEqualTo(0x467);
        assertThat(walk(IDENTITY, 0x1_3FFF_FFFFL)).isEqualTo(0x1_3FFF_FFFFL);
        assertThat(walk(IDENTITY, 0x1_4000_0000L)).isEqualTo(-1);
    }

    @Test
    void boot_table_adds_the_straight_map_and_the_kernel() {
        assertThat(walk(BOOT, 0x8000)).isEqualTo(0x8000);
        assertThat(walk(BOOT, KernelSpace.MAP_ST_START + 0x1234_5678L)).isEqualTo(0x1234_5678L);
        assertThat(walk(BOOT, KernelSpace.MAP_KERNEL_START + 0x1000)).isEqualTo(KERNEL + 0x1000);
        assertThat(walk(BOOT, KernelSpace.MAP_KERNEL_START + 0x7F_FFFF)).isEqualTo(KERNEL + 0x7F_FFFF);
        assertThat(walk(BOOT, KernelSpace.MAP_KERNEL_START + 0x80_0000)).isEqualTo(-1);
        assertThat(walk(IDENTITY, KernelSpace.MAP_KERNEL_START)).isEqualTo(-1);
    }

    @Test
    void tables_stay_within_their_sizes() {
        assertThat(memory.getLong(IDENTITY + BootPageTable.identityBytes(5L << 30)))
                .isEqualTo(-1);
        assertThat(memory.getLong(BOOT + BootPageTable.kernelBytes())).isEqualTo(-1);
    }
}
