// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.cpu.ControlRegisters;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.hw.Msr;
import mckernelj.emulator.memory.AnonymousHostMemory;
import mckernelj.emulator.memory.CodePages;
import mckernelj.emulator.memory.MmioRegion;
import mckernelj.emulator.memory.Ram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** 4-level paging with tables at 0x1000 (PML4), 0x2000 (PDPT), 0x3000 (PD) and 0x4000 (PT), which maps linear 0. */
class PagingMmuTest {
    private static final long PT = 0x4000;
    private static final long P = 1;
    private static final long RW = 2;
    private static final long US = 4;
    private static final long A = 0x20;
    private static final long D = 0x40;
    private static final long NX = 1L << 63;
    private static final long DEVICE = 0xFEE00000L;

    private final CodePages codePages = new CodePages(4 << 20);
    private final Ram ram = new Ram(new AnonymousHostMemory(4 << 20), 4 << 20, codePages);
    private final Cpu cpu = new Cpu();
    private final List<String> deviceAccesses = new ArrayList<>();
    private PagingMmu mmu;

    @BeforeEach
    void map() {
        mmu = new PagingMmu(cpu, ram, codePages, new RecordingDevice(), new Object());
        cpu.mmu = mmu;
        ram.putLong(0x1000, 0x2000 | P | RW | US);
        ram.putLong(0x2000, 0x3000 | P | RW | US);
        ram.putLong(0x3000, PT | P | RW | US);
        cpu.cr0 = ControlRegisters.CR0_PE | ControlRegisters.CR0_PG | ControlRegisters.CR0_WP;
        cpu.cr4 = ControlRegisters.CR4_PAE;
        cpu.efer = Msr.EFER_LME | Msr.EFER_LMA | Msr.EFER_NXE;
        cpu.cr3 = 0x1000;
        cpu.long64 = true;
        mmu.flush();
    }

    @AfterEach
    void close() {
        ram.close();
    }

    private final class RecordingDevice implements MmioRegion {
        @Override
        public long page() {
            return DEVICE;
        }

        @Override
        public long load(int offset, int bytes) {
            deviceAccesses.add("load " + offset + " " + bytes);
            return 0x12345678;
        }

        @Override
        public void store(int offset, int bytes, long value) {
            deviceAccesses.add("store " + offset + " " + bytes + " " + value);
        }
    }

    private void page(int number, long entry) {
        ram.putLong(PT + 8 * number, entry);
    }

    private long entry(int number) {
        return ram.getLong(PT + 8 * number);
    }

    private void user() {
        cpu.cpl = 3;
        mmu.privilegeChanged();
    }

    private int errorCode(Runnable access) {
        X86Fault fault = catchThrowableOfType(X86Fault.class, access::run);
        assertThat(fault).isNotNull();
        assertThat(fault.vector).isEqualTo(X86Fault.PF);
        return fault.errorCode;
    }

    private static final long PAGE1 = 0x1000;

    @Test
    void a_load_sets_accessed_but_not_dirty_and_a_store_sets_dirty() {
        page(1, 0x10000 | P | RW);
        cpu.load64(PAGE1);
        assertThat(entry(1) & (A | D)).isEqualTo(A);
        cpu.store64(PAGE1, 5);
        assertThat(entry(1) & (A | D)).isEqualTo(A | D);
        assertThat(ram.getLong(0x10000)).isEqualTo(5);
        assertThat(ram.getLong(0x1000) & A).isEqualTo(A);
    }

    @Test
    void a_store_after_a_load_walks_again_so_that_dirty_is_not_missed() {
        page(1, 0x10000 | P | RW);
        cpu.load64(PAGE1);
        page(1, 0x10000 | P | RW);
        cpu.store64(PAGE1, 5);
        assertThat(entry(1) & D).isEqualTo(D);
    }

    @Test
    void error_codes_tell_present_write_and_user() {
        page(2, 0x10000 | P);
        assertThat(errorCode(() -> cpu.load64(PAGE1))).isZero();
        assertThat(errorCode(() -> cpu.store64(PAGE1, 1))).isEqualTo(2);
        assertThat(errorCode(() -> cpu.store64(PAGE1 + 0x1000, 1))).isEqualTo(3);
        user();
        assertThat(errorCode(() -> cpu.load64(PAGE1))).isEqualTo(4);
        assertThat(errorCode(() -> cpu.load64(PAGE1 + 0x1000))).isEqualTo(5);
        assertThat(errorCode(() -> cpu.store64(PAGE1 + 0x1000, 1))).isEqualTo(7);
        assertThat(cpu.fault.faultLinear).isEqualTo(PAGE1 + 0x1000);
    }

    @Test
    void a_faulting_access_changes_no_flags() {
        page(1, 0x10000 | P);
        errorCode(() -> cpu.store64(PAGE1, 1));
        assertThat(entry(1)).isEqualTo(0x10000 | P);
    }

    @Test
    void without_write_protection_the_supervisor_writes_read_only_pages() {
        page(1, 0x10000 | P);
        cpu.cr0 &= ~ControlRegisters.CR0_WP;
        mmu.flush();
        cpu.store64(PAGE1, 7);
        assertThat(ram.getLong(0x10000)).isEqualTo(7);
    }

    @Test
    void a_fetch_from_a_no_execute_page_faults_with_the_instruction_bit() {
        page(1, 0x10000 | P | RW | US | NX);
        user();
        assertThat(cpu.load64(PAGE1)).isZero();
        assertThat(errorCode(() -> mmu.translateFetch(PAGE1))).isEqualTo(0x15);
    }

    @Test
    void the_supervisor_does_not_fetch_from_user_pages_with_smep() {
        page(1, 0x10000 | P | US);
        assertThat(mmu.translateFetch(PAGE1 + 5)).isEqualTo(0x10005);
        cpu.cr4 |= ControlRegisters.CR4_SMEP;
        mmu.flush();
        assertThat(errorCode(() -> mmu.translateFetch(PAGE1))).isEqualTo(0x11);
    }

    @Test
    void reserved_bits_are_reported() {
        page(1, 0x10000 | P | 1L << 50);
        assertThat(errorCode(() -> cpu.load64(PAGE1))).isEqualTo(9);
        page(1, 0x10000 | P | NX);
        cpu.efer &= ~Msr.EFER_NXE;
        assertThat(errorCode(() -> cpu.load64(PAGE1))).isEqualTo(9);
        ram.putLong(0x3000, 0x2000 | 0x80 | P); // 2 MiB page with a 4 KiB aligned frame
        assertThat(errorCode(() -> cpu.load64(PAGE1))).isEqualTo(9);
    }

    @Test
    void a_non_canonical_address_is_a_general_protection_fault() {
        X86Fault fault = catchThrowableOfType(X86Fault.class, () -> cpu.load64(1L << 47));
        assertThat(fault.vector).isEqualTo(X86Fault.GP);
    }

    @Test
    void large_pages_translate_and_invalidate_as_a_whole() {
        ram.putLong(0x3000, 0x200000 | 0x80 | P | RW);
        cpu.store64(0x1FF000, 9);
        cpu.store64(0x5000, 8);
        assertThat(ram.getLong(0x3FF000)).isEqualTo(9);
        ram.putLong(0x3000, 0x80 | P | RW);
        mmu.invalidatePage(0x1FF000);
        assertThat(cpu.load64(0x5000)).isNotEqualTo(8);
    }

    @Test
    void a_store_across_pages_faults_before_it_changes_the_first_page() {
        page(1, 0x10000 | P | RW);
        assertThat(errorCode(() -> cpu.store64(PAGE1 + 0xFFC, -1))).isEqualTo(2);
        assertThat(cpu.fault.faultLinear).isEqualTo(PAGE1 + 0x1000);
        assertThat(ram.getInt(0x10FFC)).isZero();
    }

    @Test
    void accesses_across_pages_join_both_frames() {
        page(1, 0x10000 | P | RW);
        page(2, 0x30000 | P | RW);
        cpu.store64(PAGE1 + 0xFFD, 0x1122334455667788L);
        assertThat(ram.getByte(0x10FFF)).isEqualTo((byte) 0x66);
        assertThat(ram.getByte(0x30000)).isEqualTo((byte) 0x55);
        assertThat(cpu.load64(PAGE1 + 0xFFD)).isEqualTo(0x1122334455667788L);
    }

    @Test
    void user_and_supervisor_translations_do_not_mix() {
        page(1, 0x10000 | P | RW);
        cpu.store64(PAGE1, 1);
        user();
        assertThat(errorCode(() -> cpu.load64(PAGE1))).isEqualTo(5);
        assertThat(mmu.loadSystem(PAGE1, 8)).isEqualTo(1);
    }

    @Test
    void device_registers_are_never_cached() {
        page(1, DEVICE | P | RW);
        cpu.store32(PAGE1 + 0xB0, 3);
        cpu.load32(PAGE1 + 0x20);
        cpu.load32(PAGE1 + 0x20);
        assertThat(deviceAccesses).containsExactly("store 176 4 3", "load 32 4", "load 32 4");
    }

    @Test
    void stores_to_code_pages_are_reported_whatever_was_cached_before() {
        List<String> written = new ArrayList<>();
        codePages.onMark(mmu::purgeCodePages);
        codePages.addListener((physical, length) -> written.add(Long.toHexString(physical) + " " + length));
        page(1, 0x10000 | P | RW);
        cpu.store64(PAGE1, 1);
        codePages.markCode(0x10000);
        cpu.store32(PAGE1 + 8, 2);
        ram.putShort(0x10010, (short) 1);
        assertThat(mmu.compareAndSwap(32, PAGE1 + 0x20, 0, 1)).isTrue();
        assertThat(written).containsExactly("10008 4", "10010 2", "10020 4");
        codePages.unmarkCode(0x10000);
        cpu.store64(PAGE1, 1);
        assertThat(written).hasSize(3);
    }

    @Test
    void a_marking_that_an_unmarking_overtook_does_not_complete() {
        codePages.onMark(() -> codePages.unmarkCode(0x10000));
        codePages.markCode(0x10000);
        assertThat(codePages.isMarked(0x10000)).isFalse();
    }

    @Test
    void compare_and_swap_works_for_all_widths_and_for_split_words() {
        page(1, 0x10000 | P | RW);
        page(2, 0x11000 | P | RW);
        for (int width : new int[] {8, 16, 32, 64}) {
            for (long offset : new long[] {0x100, 0x103, 0x105, 0x107, 0xFFD}) {
                cpu.store(64, PAGE1 + offset - 8, -1);
                cpu.store(64, PAGE1 + offset, 0x7766554433221100L);
                cpu.store(64, PAGE1 + offset + 8, -1);
                long mask = width == 64 ? -1 : (1L << width) - 1;
                long old = 0x7766554433221100L & mask;
                assertThat(mmu.compareAndSwap(width, PAGE1 + offset, old + 1, 5))
                        .isFalse();
                assertThat(mmu.compareAndSwap(width, PAGE1 + offset, old, -2))
                        .as(width + " at " + offset)
                        .isTrue();
                assertThat(cpu.load64(PAGE1 + offset)).isEqualTo(0x7766554433221100L & ~mask | -2 & mask);
                assertThat(cpu.load64(PAGE1 + offset - 8)).isEqualTo(-1);
                assertThat(cpu.load64(PAGE1 + offset + 8)).isEqualTo(-1);
            }
        }
    }

    @Test
    void pae_paging_translates_32_bit_addresses() {
        cpu.long64 = false;
        cpu.efer = 0;
        ram.putLong(0x5020 + 8 * 3, 0x6000 | P);
        ControlRegisters.writeCr3(cpu, 0x5020);
        ram.putLong(0x6000 + 8 * 5, 0x200000 | 0x80 | P | RW);
        mmu.flush();
        cpu.store32(0xC0A00010L, 77);
        assertThat(ram.getInt(0x200010)).isEqualTo(77);
    }

    @Test
    void thirty_two_bit_paging_knows_4_kib_and_4_mib_pages() {
        cpu.long64 = false;
        cpu.efer = 0;
        cpu.cr4 = ControlRegisters.CR4_PSE;
        cpu.cr3 = 0x5000;
        ram.putInt(0x5004, (int) (0x6000 | P | RW));
        ram.putInt(0x6000 + 4 * 2, (int) (0x20000 | P | RW));
        ram.putInt(0x5008, (int) (0x80 | P | RW));
        mmu.flush();
        cpu.store32(0x402004, 78);
        cpu.store32(0x830000, 79);
        assertThat(ram.getInt(0x20004)).isEqualTo(78);
        assertThat(ram.getInt(0x30000)).isEqualTo(79);
        assertThat(ram.getInt(0x6008) & (A | D)).isEqualTo(A | D);
    }
}
