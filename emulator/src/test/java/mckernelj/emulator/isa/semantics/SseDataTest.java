// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.X86Fault;
import org.junit.jupiter.api.Test;

/** Moves, shuffles, packs, blends and control of vectors. */
class SseDataTest {
    private static final long LOW = 0x0706050403020100L;
    private static final long HIGH = 0x0F0E0D0C0B0A0908L;

    private final Cpu cpu = new Cpu();

    private void assertXmm(int number, long low, long high) {
        assertThat(cpu.xmm[2 * number]).as("low").isEqualTo(low);
        assertThat(cpu.xmm[2 * number + 1]).as("high").isEqualTo(high);
    }

    @Test
    void movmskps_gathers_the_four_signs() {
        assertThat(SseMove.movmskps(0x80000000_00000000L, 0x00000000_80000000L)).isEqualTo(0b0110);
    }

    @Test
    void pshufd_orders_doublewords() {
        SseShuffle.pshufd(cpu, 0, 0x00000001_00000000L, 0x00000003_00000002L, 0x1B);
        assertXmm(0, 0x00000002_00000003L, 0x00000000_00000001L);
    }

    @Test
    void pshufb_clears_bytes_whose_selector_is_negative() {
        cpu.setXmm(2, LOW, HIGH);
        SseShuffle.pshufb(cpu, 2, 0x80_0F_0E_00_01_82_03_17L, 0x08_07_06_05_04_03_02_01L);
        assertXmm(2, 0x00_0F_0E_00_01_00_03_07L, 0x08_07_06_05_04_03_02_01L);
    }

    @Test
    void palignr_shifts_the_pair_and_fills_with_zeros() {
        cpu.setXmm(1, LOW, HIGH);
        SseShuffle.palignr(cpu, 1, 0x1716151413121110L, 0x1F1E1D1C1B1A1918L, 20);
        assertXmm(1, 0x0B0A090807060504L, 0x000000000F0E0D0CL);
        assertThat(SseShuffle.palignr(LOW, 0x1716151413121110L, 3)).isEqualTo(0x0201001716151413L);
        assertThat(SseShuffle.palignr(LOW, 0x1716151413121110L, 16)).isZero();
    }

    @Test
    void punpcklbw_alternates_destination_and_source() {
        cpu.setXmm(4, LOW, HIGH);
        SsePack.punpcklbw(cpu, 4, 0x1716151413121110L, 0);
        assertXmm(4, 0x1303120211011000L, 0x1707160615051404L);
        assertThat(SsePack.punpckhbw(LOW, 0x1716151413121110L)).isEqualTo(0x1707160615051404L);
    }

    @Test
    void packs_saturate() {
        assertThat(SsePack.packsswb(0x0080_FF7F_7FFF_8000L, 0)).isEqualTo(0x7F_80_7F_80L);
        assertThat(SsePack.packuswb(0x0080_FF7F_7FFF_8000L, 0)).isEqualTo(0x80_00_FF_00L);
        SsePack.packusdw(cpu, 0, 0x00010000_FFFFFFFFL, 0);
        assertXmm(0, 0, 0xFFFF_0000L);
    }

    @Test
    void pmovsxbw_extends_signs() {
        SseExtend.pmovsxbw(cpu, 0, 0x80_7F_FF_01_00_81_02_FEL);
        assertXmm(0, 0x0000_FF81_0002_FFFEL, 0xFF80_007F_FFFF_0001L);
    }

    @Test
    void blends_take_the_source_where_the_control_is_set() {
        cpu.setXmm(1, 0, 0);
        SseBlend.pblendw(cpu, 1, -1, -1, 0b1000_0101);
        assertXmm(1, 0x0000_FFFF_0000_FFFFL, 0xFFFF_0000_0000_0000L);
        assertThat(SseBlend.pblendvb(0, -1, 0x80_00_00_00_00_00_00_7FL)).isEqualTo(0xFF00000000000000L);
        assertThat(SseBlend.pblendvb(0, -1, 0x8000000000000080L)).isEqualTo(0xFF000000000000FFL);
    }

    @Test
    void insertps_moves_one_element_and_clears_others() {
        cpu.setXmm(5, 0x11111111_00000000L, 0x33333333_22222222L);
        SseExtract.insertps(cpu, 5, 0xBBBBBBBB_AAAAAAAAL, 0xDDDDDDDD_CCCCCCCCL, 0b11_01_0100);
        assertXmm(5, 0xDDDDDDDD_00000000L, 0x33333333_00000000L);
    }

    @Test
    void ptest_tells_disjoint_and_contained() {
        SseLogical.ptest(cpu, 0b1100, 0, 0b0011, 0);
        assertThat(cpu.statusFlags()).isEqualTo(Cpu.ZF);
        SseLogical.ptest(cpu, 0b1100, 0, 0b0100, 0);
        assertThat(cpu.statusFlags()).isEqualTo(Cpu.CF);
    }

    @Test
    void reading_an_mm_register_ends_x87_mode_and_emms_empties_the_stack() {
        cpu.x87.top = 5;
        MmxMove.store(cpu, 1);
        assertThat(cpu.x87.top).isZero();
        assertThat(cpu.x87.empty).isZero();
        MmxMove.emms(cpu);
        assertThat(cpu.x87.empty).isEqualTo(0xFF);
    }

    @Test
    void ldmxcsr_refuses_reserved_bits() {
        SseCache.ldmxcsr(cpu, 0xFFFF);
        assertThat(SseCache.stmxcsr(cpu)).isEqualTo(0xFFFF);
        assertThatThrownBy(() -> SseCache.ldmxcsr(cpu, 0x11F80)).isInstanceOf(X86Fault.class);
        assertThat(cpu.fault.vector).isEqualTo(X86Fault.GP);
        assertThat(cpu.fault.errorCode).isZero();
        assertThat(cpu.mxcsr).isEqualTo(0xFFFF);
    }
}
