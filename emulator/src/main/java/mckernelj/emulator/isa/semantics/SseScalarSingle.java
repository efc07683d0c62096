// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.SSE;
import static mckernelj.emulator.cpu.CpuFeature.SSE4_1;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/** Scalar single-precision arithmetic (SDM vol. 1, 5.5.1.2, 5.10.5). */
final class SseScalarSingle {
    private SseScalarSingle() {}

    @Encoding(value = "F3 0F 58 /r ADDSS Vss, Wss", feature = SSE, vex = "F3 0F 58 /r VADDSS Vss, Hss, Wss")
    static long addss(Cpu cpu, long dst, long src) {
        return Binary32.add(cpu, dst, src);
    }

    @Encoding(value = "F3 0F 5C /r SUBSS Vss, Wss", feature = SSE, vex = "F3 0F 5C /r VSUBSS Vss, Hss, Wss")
    static long subss(Cpu cpu, long dst, long src) {
        return Binary32.subtract(cpu, dst, src);
    }

    @Encoding(value = "F3 0F 59 /r MULSS Vss, Wss", feature = SSE, vex = "F3 0F 59 /r VMULSS Vss, Hss, Wss")
    static long mulss(Cpu cpu, long dst, long src) {
        return Binary32.multiply(cpu, dst, src);
    }

    @Encoding(value = "F3 0F 5E /r DIVSS Vss, Wss", feature = SSE, vex = "F3 0F 5E /r VDIVSS Vss, Hss, Wss")
    static long divss(Cpu cpu, long dst, long src) {
        return Binary32.divide(cpu, dst, src);
    }

    @Encoding(value = "F3 0F 51 /r SQRTSS Vss, Wss", feature = SSE, vex = "F3 0F 51 /r VSQRTSS Vss, Hss, Wss")
    static long sqrtss(Cpu cpu, long src) {
        return Binary32.squareRoot(cpu, src);
    }

    @Encoding(value = "F3 0F 5D /r MINSS Vss, Wss", feature = SSE, vex = "F3 0F 5D /r VMINSS Vss, Hss, Wss")
    static long minss(Cpu cpu, long dst, long src) {
        return Binary32.min(cpu, dst, src);
    }

    @Encoding(value = "F3 0F 5F /r MAXSS Vss, Wss", feature = SSE, vex = "F3 0F 5F /r VMAXSS Vss, Hss, Wss")
    static long maxss(Cpu cpu, long dst, long src) {
        return Binary32.max(cpu, dst, src);
    }

    @Encoding(value = "F3 0F 53 /r RCPSS Vss, Wss", feature = SSE, vex = "F3 0F 53 /r VRCPSS Vss, Hss, Wss")
    static long rcpss(long src) {
        return Approximation.reciprocal((int) src);
    }

    @Encoding(value = "F3 0F 52 /r RSQRTSS Vss, Wss", feature = SSE, vex = "F3 0F 52 /r VRSQRTSS Vss, Hss, Wss")
    static long rsqrtss(long src) {
        return Approximation.reciprocalSquareRoot((int) src);
    }

    @Encoding(
            value = "66 0F 3A 0A /r ROUNDSS Vss, Wss, Ib",
            feature = SSE4_1,
            vex = "66 0F 3A 0A /r VROUNDSS Vss, Hss, Wss, Ib")
    static long roundss(Cpu cpu, long src, long control) {
        return Binary32.round(cpu, src, control);
    }
}
