// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.AVX2;
import static mckernelj.emulator.cpu.CpuFeature.SSE;
import static mckernelj.emulator.cpu.CpuFeature.SSE2;
import static mckernelj.emulator.cpu.CpuFeature.SSE3;
import static mckernelj.emulator.cpu.CpuFeature.SSE4_1;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.isa.Encoding;

/**
 * Cacheability control and MXCSR (SDM vol. 1, 5.5.2, 5.5.4, 5.6.4). Non-temporal stores are ordinary stores here:
 * stronger than the weakly ordered write-combining of hardware. Masked stores check whole quadwords, the upper one
 * first, whatever the mask.
 */
final class SseCache {
    private SseCache() {}

    @Encoding(value = "NP 0F 2B /r:mem MOVNTPS Mdq, Vdq", feature = SSE, vex = "NP 0F 2B /r:mem VMOVNTPS Mxa, Vx")
    static long movntps(long src) {
        return src;
    }

    @Encoding(value = "66 0F 2B /r:mem MOVNTPD Mdq, Vdq", feature = SSE2, vex = "66 0F 2B /r:mem VMOVNTPD Mxa, Vx")
    static long movntpd(long src) {
        return src;
    }

    @Encoding(value = "66 0F E7 /r:mem MOVNTDQ Mdq, Vdq", feature = SSE2, vex = "66 0F E7 /r:mem VMOVNTDQ Mxa, Vx")
    static long movntdq(long src) {
        return src;
    }

    @Encoding(
            value = "66 0F 38 2A /r:mem MOVNTDQA Vdq, Mdq",
            feature = SSE4_1,
            vex = "66 0F 38 2A /r:mem VMOVNTDQA Vx, Mxa",
            ymmFeature = AVX2)
    static long movntdqa(long src) {
        return src;
    }

    @Encoding(value = "NP 0F E7 /r:mem MOVNTQ Mq, Pq", feature = SSE)
    static long movntq(Cpu cpu, long src) {
        cpu.x87.enterMmx();
        return src;
    }

    @Encoding(value = "NP 0F C3 /r:mem MOVNTI My, Gy", feature = SSE2)
    static long movnti(long src) {
        return src;
    }

    @Encoding(value = "F2 0F F0 /r:mem LDDQU Vu, Mu", feature = SSE3, vex = "F2 0F F0 /r:mem VLDDQU Vx, Mx")
    static long lddqu(long src) {
        return src;
    }

    @Encoding(value = "NP 0F F7 /r:reg MASKMOVQ Pq, Nq", feature = SSE)
    static void maskmovq(Cpu cpu, int dst, long mask, Op op) {
        long linear = implicitLinear(cpu, op, 0);
        cpu.x87.enterMmx(); // even if the store faults, like hardware
        cpu.checkWrite(linear, 8);
        storeMasked(cpu, linear, cpu.x87.mm(dst), mask);
    }

    @Encoding(
            value = "66 0F F7 /r:reg MASKMOVDQU Vdq, Udq",
            feature = SSE2,
            vex = "L0 66 0F F7 /r:reg VMASKMOVDQU Vdq, Udq")
    static void maskmovdqu(Cpu cpu, long low, long high, long maskLow, long maskHigh, Op op) {
        long linear = implicitLinear(cpu, op, 0);
        long upper = implicitLinear(cpu, op, 8);
        cpu.checkWrite(upper, 8);
        cpu.checkWrite(linear, 8);
        storeMasked(cpu, linear, low, maskLow);
        storeMasked(cpu, upper, high, maskHigh);
    }

    /** Linear address of DS:rDI + distance, or of an overriding segment. */
    private static long implicitLinear(Cpu cpu, Op op, int distance) {
        long di = cpu.r[Cpu.RDI] + distance;
        long offset = op.addressSize == 64 ? di : op.addressSize == 32 ? di & 0xFFFFFFFFL : di & 0xFFFF;
        return cpu.segmented(op.segment, offset);
    }

    private static void storeMasked(Cpu cpu, long linear, long value, long mask) {
        for (int i = 0; i < 8; i++) {
            if ((mask >>> 8 * i & 0x80) != 0) {
                cpu.store8(linear + i, value >>> 8 * i);
            }
        }
    }

    @Encoding(value = "NP 0F AE /2:mem LDMXCSR Md", feature = SSE, vex = "L0 NP 0F AE /2:mem VLDMXCSR Md")
    static void ldmxcsr(Cpu cpu, long src) {
        if ((src & 0xFFFF0000L) != 0) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        cpu.mxcsr = (int) src;
    }

    @Encoding(value = "NP 0F AE /3:mem STMXCSR Md", feature = SSE, vex = "L0 NP 0F AE /3:mem VSTMXCSR Md")
    static long stmxcsr(Cpu cpu) {
        return cpu.mxcsr;
    }
}
