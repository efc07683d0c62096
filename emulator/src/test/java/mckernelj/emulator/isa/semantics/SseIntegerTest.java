// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import mckernelj.emulator.cpu.Cpu;
import org.junit.jupiter.api.Test;

/** Integer vectors: wrap-around, saturation, signs, shift counts. The host comparison covers the rest. */
class SseIntegerTest {
    private final Cpu cpu = new Cpu();

    @Test
    void paddb_wraps_inside_each_byte() {
        assertThat(SseIntegerArithmetic.paddb(0x01_FF_7F_80_00_FF_10_F0L, 0x01_01_01_80_00_FF_20_20L))
                .isEqualTo(0x02_00_80_00_00_FE_30_10L);
    }

    @Test
    void psubw_borrows_from_no_neighbour() {
        assertThat(SseIntegerArithmetic.psubw(0x0000_8000_0001_FFFFL, 0x0001_0001_0002_FFFFL))
                .isEqualTo(0xFFFF_7FFF_FFFF_0000L);
    }

    @Test
    void paddsb_saturates_at_both_ends() {
        assertThat(SseIntegerArithmetic.paddsb(0x7F_80_01_FF_70_90_00_7FL, 0x01_FF_02_01_70_90_00_80L))
                .isEqualTo(0x7F_80_03_00_7F_80_00_FFL);
    }

    @Test
    void psubusw_stops_at_zero_and_paddusw_at_the_top() {
        assertThat(SseIntegerArithmetic.psubusw(0x0001_8000_FFFF_0005L, 0x0002_7FFF_0001_0005L))
                .isEqualTo(0x0000_0001_FFFE_0000L);
        assertThat(SseIntegerArithmetic.paddusw(0xFFFF_8000_7FFF_0005L, 0x0001_8000_7FFF_0005L))
                .isEqualTo(0xFFFF_FFFF_FFFE_000AL);
    }

    @Test
    void pminub_is_unsigned_and_pminsb_signed() {
        assertThat(SseIntegerArithmetic.pminub(0x80_7F_FF_00_01_02_03_04L, 0x7F_80_00_FF_02_01_04_03L))
                .isEqualTo(0x7F_7F_00_00_01_01_03_03L);
        assertThat(SseIntegerArithmetic.pminsb(0x80_7F_FF_00_01_02_03_04L, 0x7F_80_00_FF_02_01_04_03L))
                .isEqualTo(0x80_80_FF_FF_01_01_03_03L);
    }

    @Test
    void pabsw_leaves_the_least_word_and_psignb_clears_where_the_sign_is_zero() {
        assertThat(SseIntegerArithmetic.pabsw(0x8000_FFFF_0001_7FFFL)).isEqualTo(0x8000_0001_0001_7FFFL);
        assertThat(SseIntegerArithmetic.psignb(0x01_02_03_80_05_06_07_08L, 0xFF_00_01_FF_80_7F_00_FFL))
                .isEqualTo(0xFF_00_03_80_FB_06_00_F8L);
    }

    @Test
    void pcmpeqb_and_pmovmskb_find_a_zero_byte_as_strlen_does() {
        long equal = SseIntegerCompare.pcmpeqb(0x41_42_00_43_44_45_46_47L, 0);
        assertThat(equal).isEqualTo(0x0000_FF00_0000_0000L);
        assertThat(SseExtract.pmovmskb(0, equal)).isEqualTo(0x2000);
    }

    @Test
    void pcmpgtd_is_signed() {
        assertThat(SseIntegerCompare.pcmpgtd(0x00000001_80000000L, 0xFFFFFFFF_7FFFFFFFL))
                .isEqualTo(0xFFFFFFFF_00000000L);
    }

    @Test
    void pmulhuw_pmulhw_and_pmulhrsw_differ_in_sign_and_rounding() {
        assertThat(SseIntegerMultiply.pmulhuw(0xFFFF, 0xFFFF)).isEqualTo(0xFFFE);
        assertThat(SseIntegerMultiply.pmulhw(0xFFFF, 0xFFFF)).isZero();
        assertThat(SseIntegerMultiply.pmulhrsw(0x8000, 0x8000)).isEqualTo(0x8000);
        assertThat(SseIntegerMultiply.pmulhrsw(0x4000, 0x0001)).isEqualTo(1);
    }

    @Test
    void pmaddubsw_saturates() {
        assertThat(SseIntegerMultiply.pmaddubsw(0xFFFF_0102L, 0x7F7F_FF01L)).isEqualTo(0x7FFF_0001L);
    }

    @Test
    void shifts_by_more_than_the_element_clear_or_fill_with_the_sign() {
        assertThat(SseShift.psllw(-1, 16)).isZero();
        assertThat(SseShift.psrld(-1, -1)).isZero();
        assertThat(SseShift.psraw(0x8000_7FFF_8001_0001L, 200)).isEqualTo(0xFFFF_0000_FFFF_0000L);
        assertThat(SseShift.psrad(0x80000000_40000000L, 4)).isEqualTo(0xF8000000_04000000L);
    }

    @Test
    void pslldq_moves_bytes_across_the_halves() {
        cpu.setXmm(3, 0x8877665544332211L, 0x00FFEEDDCCBBAA99L);
        SseShift.pslldq(cpu, 3, 3);
        assertThat(cpu.xmm[6]).isEqualTo(0x5544332211000000L);
        assertThat(cpu.xmm[7]).isEqualTo(0xDDCCBBAA99887766L);
        SseShift.psrldq(cpu, 3, -1);
        assertThat(cpu.xmm[6] | cpu.xmm[7]).isZero();
    }

    @Test
    void psadbw_sums_absolute_differences() {
        assertThat(SseHorizontal.psadbw(0xFF_00_FF_00_00_00_00_05L, 0x00_FF_00_FF_00_00_00_07L))
                .isEqualTo(4 * 255 + 2);
    }

    @Test
    void phminposuw_gives_the_first_of_equal_words() {
        SseHorizontal.phminposuw(cpu, 1, 0x0009_0003_0003_0004L, 0x0003_FFFF_FFFF_FFFFL);
        assertThat(cpu.xmm[2]).isEqualTo(0x1_0003L);
        assertThat(cpu.xmm[3]).isZero();
    }
}
