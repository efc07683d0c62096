// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.X86Fault;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Floating-point results and MXCSR: NaN rules, sticky flags, rounding modes, FTZ, DAZ, #XM (SDM vol. 1, 4.8, 4.9, 11.5). */
class SseFloatTest {
    private static final long DEFAULT_NAN = 0xFFF8000000000000L;
    private static final long SIGNALLING = 0x7FF4000000000001L;
    private static final long QUIET = 0xFFF8000000000123L;
    private static final long LEAST_DENORMAL = 1;
    private static final int MASKED = 0x1F80;
    private static final int DOWN = MASKED | 1 << 13;
    private static final int UP = MASKED | 2 << 13;

    private final Cpu cpu = new Cpu();

    @BeforeEach
    void handle_xm() {
        cpu.cr4 = 1 << 10;
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    private static long single(float value) {
        return Float.floatToRawIntBits(value);
    }

    private int flags() {
        return cpu.mxcsr & SseException.ALL;
    }

    @Test
    void an_exact_sum_sets_no_flag_and_an_inexact_one_precision() {
        assertThat(SseScalarDouble.addsd(cpu, bits(1.5), bits(2.25))).isEqualTo(bits(3.75));
        assertThat(flags()).isZero();
        assertThat(SseScalarDouble.addsd(cpu, bits(0.1), bits(0.2))).isEqualTo(bits(0.1 + 0.2));
        assertThat(flags()).isEqualTo(SseException.PRECISION);
    }

    @Test
    void the_default_nan_is_negative() {
        assertThat(SseScalarDouble.divsd(cpu, 0, 0)).isEqualTo(DEFAULT_NAN);
        long infinity = bits(Double.POSITIVE_INFINITY);
        assertThat(SseScalarDouble.subsd(cpu, infinity, infinity)).isEqualTo(DEFAULT_NAN);
        assertThat(SseScalarDouble.sqrtsd(cpu, bits(-1))).isEqualTo(DEFAULT_NAN);
        assertThat(SseScalarSingle.mulss(cpu, single(Float.POSITIVE_INFINITY), 0) & 0xFFFFFFFFL)
                .isEqualTo(0xFFC00000L);
        assertThat(flags()).isEqualTo(SseException.INVALID);
    }

    @Test
    void the_first_nan_survives_quieted() {
        assertThat(SseScalarDouble.addsd(cpu, QUIET, SIGNALLING)).isEqualTo(QUIET);
        assertThat(flags()).isEqualTo(SseException.INVALID);
        assertThat(SseScalarDouble.addsd(cpu, bits(1), SIGNALLING)).isEqualTo(SIGNALLING | 1L << 51);
    }

    @Test
    void minsd_gives_the_second_operand_for_nan_and_equal_zeros() {
        assertThat(SseScalarDouble.minsd(cpu, bits(0.0), bits(-0.0))).isEqualTo(bits(-0.0));
        assertThat(flags()).isZero();
        assertThat(SseScalarDouble.minsd(cpu, QUIET, bits(1))).isEqualTo(bits(1));
        assertThat(SseScalarDouble.maxsd(cpu, bits(1), SIGNALLING)).isEqualTo(SIGNALLING);
        assertThat(flags()).isEqualTo(SseException.INVALID);
    }

    @Test
    void division_by_zero_and_overflow_are_noted() {
        assertThat(SseScalarDouble.divsd(cpu, bits(-1), 0)).isEqualTo(bits(Double.NEGATIVE_INFINITY));
        assertThat(flags()).isEqualTo(SseException.ZERO_DIVIDE);
        cpu.mxcsr = MASKED;
        assertThat(SseScalarDouble.mulsd(cpu, bits(1e200), bits(1e200))).isEqualTo(bits(Double.POSITIVE_INFINITY));
        assertThat(flags()).isEqualTo(SseException.OVERFLOW | SseException.PRECISION);
    }

    @Test
    void directed_rounding_brackets_the_exact_result() {
        cpu.mxcsr = DOWN;
        assertThat(SseScalarDouble.divsd(cpu, bits(1), bits(3))).isEqualTo(0x3FD5555555555555L);
        cpu.mxcsr = UP;
        assertThat(SseScalarDouble.divsd(cpu, bits(1), bits(3))).isEqualTo(0x3FD5555555555556L);
        assertThat(SseScalarDouble.sqrtsd(cpu, bits(2))).isEqualTo(0x3FF6A09E667F3BCDL);
        cpu.mxcsr = DOWN;
        assertThat(SseScalarDouble.sqrtsd(cpu, bits(2))).isEqualTo(0x3FF6A09E667F3BCCL);
        assertThat(SseScalarDouble.subsd(cpu, bits(1), bits(1))).isEqualTo(bits(-0.0));
        assertThat(SseScalarDouble.mulsd(cpu, bits(1e300), bits(1e300))).isEqualTo(bits(Double.MAX_VALUE));
    }

    @Test
    void underflow_is_tiny_after_rounding_and_inexact() {
        long halfLeast = bits(Double.MIN_NORMAL / 2);
        assertThat(SseScalarDouble.mulsd(cpu, bits(Double.MIN_NORMAL), bits(0.5)))
                .isEqualTo(halfLeast);
        assertThat(flags()).isZero();
        // rounds to the least normal number although the exact product lies below it
        long almostOne = bits(Math.nextDown(1.0));
        assertThat(SseScalarDouble.mulsd(cpu, bits(Double.MIN_NORMAL), almostOne))
                .isEqualTo(bits(Double.MIN_NORMAL));
        assertThat(flags()).isEqualTo(SseException.UNDERFLOW | SseException.PRECISION);
    }

    @Test
    void flush_to_zero_and_denormals_are_zeros() {
        cpu.mxcsr = MASKED | SseException.FLUSH_TO_ZERO;
        assertThat(SseScalarDouble.mulsd(cpu, bits(-Double.MIN_NORMAL), bits(0.5)))
                .isEqualTo(bits(-0.0));
        assertThat(flags()).isEqualTo(SseException.UNDERFLOW | SseException.PRECISION);
        cpu.mxcsr = MASKED | SseException.DENORMALS_ARE_ZEROS;
        assertThat(SseScalarDouble.addsd(cpu, LEAST_DENORMAL, 0)).isZero();
        assertThat(flags()).isZero();
        cpu.mxcsr = MASKED;
        assertThat(SseScalarDouble.addsd(cpu, LEAST_DENORMAL, 0)).isEqualTo(LEAST_DENORMAL);
        assertThat(flags()).isEqualTo(SseException.DENORMAL);
    }

    @Test
    void an_unmasked_exception_raises_xm_and_leaves_its_flag() {
        cpu.mxcsr = MASKED & ~(SseException.ZERO_DIVIDE << SseException.MASK_SHIFT);
        assertThatThrownBy(() -> SseScalarSingle.divss(cpu, single(1), 0)).isInstanceOf(X86Fault.class);
        assertThat(cpu.fault.vector).isEqualTo(X86Fault.XM);
        assertThat(flags()).isEqualTo(SseException.ZERO_DIVIDE);
    }

    @Test
    void ucomisd_is_silent_for_a_quiet_nan_and_comisd_is_not() {
        SseCompare.ucomisd(cpu, QUIET, bits(1));
        assertThat(cpu.statusFlags()).isEqualTo(Cpu.ZF | Cpu.PF | Cpu.CF);
        assertThat(flags()).isZero();
        SseCompare.comisd(cpu, QUIET, bits(1));
        assertThat(flags()).isEqualTo(SseException.INVALID);
        SseCompare.comisd(cpu, bits(-0.0), bits(0.0));
        assertThat(cpu.statusFlags()).isEqualTo(Cpu.ZF);
        SseCompare.comisd(cpu, bits(1), bits(2));
        assertThat(cpu.statusFlags()).isEqualTo(Cpu.CF);
    }

    @Test
    void cmpsd_negated_predicates_hold_for_nan() {
        assertThat(SseCompare.cmpsd(cpu, QUIET, bits(1), 0)).isZero();
        assertThat(SseCompare.cmpsd(cpu, QUIET, bits(1), 3)).isEqualTo(-1);
        assertThat(SseCompare.cmpsd(cpu, QUIET, bits(1), 4)).isEqualTo(-1);
        assertThat(flags()).isZero();
        assertThat(SseCompare.cmpsd(cpu, QUIET, bits(1), 5)).isEqualTo(-1);
        assertThat(flags()).isEqualTo(SseException.INVALID);
    }

    @Test
    void conversions_out_of_range_give_the_integer_indefinite() {
        assertThat((int) SseConvert.cvttsd2si32(cpu, bits(2147483648.0))).isEqualTo(Integer.MIN_VALUE);
        assertThat(SseConvert.cvttsd2si64(cpu, QUIET)).isEqualTo(Long.MIN_VALUE);
        assertThat(flags()).isEqualTo(SseException.INVALID);
        cpu.mxcsr = MASKED;
        assertThat((int) SseConvert.cvttsd2si32(cpu, bits(-2147483648.9))).isEqualTo(Integer.MIN_VALUE);
        assertThat(flags()).isEqualTo(SseException.PRECISION);
    }

    @Test
    void conversions_to_integers_round_as_mxcsr_says_or_truncate() {
        assertThat(SseConvert.cvtsd2si64(cpu, bits(2.5))).isEqualTo(2);
        assertThat(SseConvert.cvttsd2si64(cpu, bits(-2.7))).isEqualTo(-2);
        cpu.mxcsr = UP;
        assertThat(SseConvert.cvtsd2si64(cpu, bits(2.1))).isEqualTo(3);
        assertThat(SseConvert.cvtsi2ss(cpu, 16777217)).isEqualTo(single(16777218));
    }

    @Test
    void cvtsd2ss_keeps_the_upper_payload_of_a_nan() {
        assertThat(SseConvert.cvtsd2ss(cpu, 0xFFF4000020000000L) & 0xFFFFFFFFL).isEqualTo(0xFFE00001L);
        assertThat(SseConvert.cvtss2sd(cpu, 0x7FC00001L)).isEqualTo(0x7FF8000020000000L);
    }

    @Test
    void roundsd_follows_its_control_and_can_hide_the_inexact_result() {
        assertThat(SseScalarDouble.roundsd(cpu, bits(-0.5), 8)).isEqualTo(bits(-0.0));
        assertThat(SseScalarDouble.roundsd(cpu, bits(1.5), 9)).isEqualTo(bits(1));
        assertThat(flags()).isZero();
        cpu.mxcsr = UP;
        assertThat(SseScalarDouble.roundsd(cpu, bits(1.5), 5)).isEqualTo(bits(2));
        assertThat(flags()).isEqualTo(SseException.PRECISION);
    }

    @Test
    void addsubps_and_haddps_pair_elements_as_documented() {
        long a = Binary32.pair(single(10), single(20));
        long b = Binary32.pair(single(1), single(2));
        assertThat(SsePackedSingle.addsubps(cpu, a, b)).isEqualTo(Binary32.pair(single(9), single(22)));
        cpu.setXmm(0, a, b);
        SsePackedSingle.haddps(cpu, 0, b, a);
        assertThat(cpu.xmm[0]).isEqualTo(Binary32.pair(single(30), single(3)));
        assertThat(cpu.xmm[1]).isEqualTo(Binary32.pair(single(3), single(30)));
    }

    @Test
    void dppd_sums_the_chosen_products_into_the_chosen_elements() {
        cpu.setXmm(0, bits(2), bits(3));
        SsePackedDouble.dppd(cpu, 0, bits(5), bits(7), 0x32);
        assertThat(cpu.xmm[0]).isZero();
        assertThat(cpu.xmm[1]).isEqualTo(bits(31));
    }

    @Test
    void the_approximations_are_within_the_documented_error() {
        for (float x : new float[] {1, 3, 0.7f, 1e-30f, 1e30f, 123456.78f}) {
            float reciprocal = Float.intBitsToFloat(Approximation.reciprocal(Float.floatToRawIntBits(x)));
            float root = Float.intBitsToFloat(Approximation.reciprocalSquareRoot(Float.floatToRawIntBits(x)));
            assertThat(Math.abs(reciprocal * (double) x - 1)).isLessThan(1.5 / 4096);
            assertThat(Math.abs(root * Math.sqrt(x) - 1)).isLessThan(1.5 / 4096);
        }
    }
}
