// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.F16C;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/** Conversion from and to half precision (SDM vol. 1, 14.4). Flush-to-zero does not apply to half precision. */
final class HalfPrecision {
    private static final IeeeFormat HALF = IeeeFormat.BINARY16;
    private static final IeeeFormat SINGLE = IeeeFormat.BINARY32;

    private HalfPrecision() {}

    @Encoding(vex = "66 W0 0F 38 13 /r VCVTPH2PS Vx, Whx", vexFeature = F16C)
    static void vcvtph2ps(Cpu cpu, int dst, long src) {
        long low = Binary32.pair(widen(cpu, src), widen(cpu, src >>> 16));
        cpu.setXmm(dst, low, Binary32.pair(widen(cpu, src >>> 32), widen(cpu, src >>> 48)));
    }

    /** Exact; denormals are not noted. */
    private static long widen(Cpu cpu, long source) {
        long half = source & 0xFFFF;
        long sign = HALF.isNegative(half) ? SINGLE.sign : 0;
        int widening = SINGLE.fractionBits - HALF.fractionBits;
        if (HALF.isZero(half)) {
            return sign;
        }
        if (HALF.isNan(half)) {
            if (HALF.isSignalling(half)) {
                SseException.signal(cpu, SseException.INVALID);
            }
            return sign | SINGLE.infinity | (HALF.quiet(half) & HALF.fractionMask) << widening;
        }
        if (HALF.isInfinite(half)) {
            return sign | SINGLE.infinity;
        }
        long fraction = HALF.significand(half) >>> 62 - SINGLE.fractionBits & SINGLE.fractionMask;
        return sign | (long) (HALF.exponent(half) + SINGLE.bias) << SINGLE.fractionBits | fraction;
    }

    /** Control: rounding (1..0), unless MXCSR's (2). */
    @Encoding(vex = "66 W0 0F 3A 1D /r VCVTPS2PH Whx, Vx, Ib", vexFeature = F16C)
    static long vcvtps2ph(Cpu cpu, long low, long high, long control) {
        int rounding = (control & 4) != 0 ? SseException.rounding(cpu.mxcsr) : (int) control & 3;
        return narrow(cpu, low, rounding)
                | narrow(cpu, low >>> 32, rounding) << 16
                | narrow(cpu, high, rounding) << 32
                | narrow(cpu, high >>> 32, rounding) << 48;
    }

    private static long narrow(Cpu cpu, long source, int rounding) {
        return new ExactArithmetic(cpu, HALF, rounding).convert(SINGLE, source & 0xFFFFFFFFL) & 0xFFFF;
    }
}
