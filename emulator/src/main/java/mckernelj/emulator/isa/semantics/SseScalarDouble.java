// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.SSE2;
import static mckernelj.emulator.cpu.CpuFeature.SSE4_1;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/** Scalar double-precision arithmetic (SDM vol. 1, 5.6.1.2, 5.10.5). */
final class SseScalarDouble {
    private SseScalarDouble() {}

    @Encoding(value = "F2 0F 58 /r ADDSD Vsd, Wsd", feature = SSE2, vex = "F2 0F 58 /r VADDSD Vsd, Hsd, Wsd")
    static long addsd(Cpu cpu, long dst, long src) {
        return Binary64.add(cpu, dst, src);
    }

    @Encoding(value = "F2 0F 5C /r SUBSD Vsd, Wsd", feature = SSE2, vex = "F2 0F 5C /r VSUBSD Vsd, Hsd, Wsd")
    static long subsd(Cpu cpu, long dst, long src) {
        return Binary64.subtract(cpu, dst, src);
    }

    @Encoding(value = "F2 0F 59 /r MULSD Vsd, Wsd", feature = SSE2, vex = "F2 0F 59 /r VMULSD Vsd, Hsd, Wsd")
    static long mulsd(Cpu cpu, long dst, long src) {
        return Binary64.multiply(cpu, dst, src);
    }

    @Encoding(value = "F2 0F 5E /r DIVSD Vsd, Wsd", feature = SSE2, vex = "F2 0F 5E /r VDIVSD Vsd, Hsd, Wsd")
    static long divsd(Cpu cpu, long dst, long src) {
        return Binary64.divide(cpu, dst, src);
    }

    @Encoding(value = "F2 0F 51 /r SQRTSD Vsd, Wsd", feature = SSE2, vex = "F2 0F 51 /r VSQRTSD Vsd, Hsd, Wsd")
    static long sqrtsd(Cpu cpu, long src) {
        return Binary64.squareRoot(cpu, src);
    }

    @Encoding(value = "F2 0F 5D /r MINSD Vsd, Wsd", feature = SSE2, vex = "F2 0F 5D /r VMINSD Vsd, Hsd, Wsd")
    static long minsd(Cpu cpu, long dst, long src) {
        return Binary64.min(cpu, dst, src);
    }

    @Encoding(value = "F2 0F 5F /r MAXSD Vsd, Wsd", feature = SSE2, vex = "F2 0F 5F /r VMAXSD Vsd, Hsd, Wsd")
    static long maxsd(Cpu cpu, long dst, long src) {
        return Binary64.max(cpu, dst, src);
    }

    @Encoding(
            value = "66 0F 3A 0B /r ROUNDSD Vsd, Wsd, Ib",
            feature = SSE4_1,
            vex = "66 0F 3A 0B /r VROUNDSD Vsd, Hsd, Wsd, Ib")
    static long roundsd(Cpu cpu, long src, long control) {
        return Binary64.round(cpu, src, control);
    }
}
