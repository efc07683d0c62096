// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.SSE;
import static mckernelj.emulator.cpu.CpuFeature.SSE3;
import static mckernelj.emulator.cpu.CpuFeature.SSE4_1;
import static mckernelj.emulator.isa.semantics.Binary32.pair;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/** Packed single-precision arithmetic (SDM vol. 1, 5.5.1.2, 5.7.3 to 5.7.5, 5.10.3, 5.10.5). */
final class SsePackedSingle {
    private SsePackedSingle() {}

    @Encoding(value = "NP 0F 58 /r ADDPS Vdq, Wdq", feature = SSE, vex = "NP 0F 58 /r VADDPS Vx, Hx, Wx")
    static long addps(Cpu cpu, long dst, long src) {
        return pair(Binary32.add(cpu, dst, src), Binary32.add(cpu, dst >>> 32, src >>> 32));
    }

    @Encoding(value = "NP 0F 5C /r SUBPS Vdq, Wdq", feature = SSE, vex = "NP 0F 5C /r VSUBPS Vx, Hx, Wx")
    static long subps(Cpu cpu, long dst, long src) {
        return pair(Binary32.subtract(cpu, dst, src), Binary32.subtract(cpu, dst >>> 32, src >>> 32));
    }

    @Encoding(value = "NP 0F 59 /r MULPS Vdq, Wdq", feature = SSE, vex = "NP 0F 59 /r VMULPS Vx, Hx, Wx")
    static long mulps(Cpu cpu, long dst, long src) {
        return pair(Binary32.multiply(cpu, dst, src), Binary32.multiply(cpu, dst >>> 32, src >>> 32));
    }

    @Encoding(value = "NP 0F 5E /r DIVPS Vdq, Wdq", feature = SSE, vex = "NP 0F 5E /r VDIVPS Vx, Hx, Wx")
    static long divps(Cpu cpu, long dst, long src) {
        return pair(Binary32.divide(cpu, dst, src), Binary32.divide(cpu, dst >>> 32, src >>> 32));
    }

    @Encoding(value = "NP 0F 51 /r SQRTPS Vdq, Wdq", feature = SSE, vex = "NP 0F 51 /r VSQRTPS Vx, Wx")
    static long sqrtps(Cpu cpu, long src) {
        return pair(Binary32.squareRoot(cpu, src), Binary32.squareRoot(cpu, src >>> 32));
    }

    @Encoding(value = "NP 0F 5D /r MINPS Vdq, Wdq", feature = SSE, vex = "NP 0F 5D /r VMINPS Vx, Hx, Wx")
    static long minps(Cpu cpu, long dst, long src) {
        return pair(Binary32.min(cpu, dst, src), Binary32.min(cpu, dst >>> 32, src >>> 32));
    }

    @Encoding(value = "NP 0F 5F /r MAXPS Vdq, Wdq", feature = SSE, vex = "NP 0F 5F /r VMAXPS Vx, Hx, Wx")
    static long maxps(Cpu cpu, long dst, long src) {
        return pair(Binary32.max(cpu, dst, src), Binary32.max(cpu, dst >>> 32, src >>> 32));
    }

    @Encoding(value = "NP 0F 53 /r RCPPS Vdq, Wdq", feature = SSE, vex = "NP 0F 53 /r VRCPPS Vx, Wx")
    static long rcpps(long src) {
        return pair(Approximation.reciprocal((int) src), Approximation.reciprocal((int) (src >>> 32)));
    }

    @Encoding(value = "NP 0F 52 /r RSQRTPS Vdq, Wdq", feature = SSE, vex = "NP 0F 52 /r VRSQRTPS Vx, Wx")
    static long rsqrtps(long src) {
        return pair(
                Approximation.reciprocalSquareRoot((int) src), Approximation.reciprocalSquareRoot((int) (src >>> 32)));
    }

    @Encoding(value = "F2 0F D0 /r ADDSUBPS Vdq, Wdq", feature = SSE3, vex = "F2 0F D0 /r VADDSUBPS Vx, Hx, Wx")
    static long addsubps(Cpu cpu, long dst, long src) {
        return pair(Binary32.subtract(cpu, dst, src), Binary32.add(cpu, dst >>> 32, src >>> 32));
    }

    @Encoding(value = "F2 0F 7C /r HADDPS Vdq, Wdq", feature = SSE3, vex = "F2 0F 7C /r VHADDPS Vx, Hx, Wx")
    static void haddps(Cpu cpu, int dst, long low, long high) {
        long sums = pair(sum(cpu, cpu.xmm[2 * dst]), sum(cpu, cpu.xmm[2 * dst + 1]));
        cpu.setXmm(dst, sums, pair(sum(cpu, low), sum(cpu, high)));
    }

    private static long sum(Cpu cpu, long lane) {
        return Binary32.add(cpu, lane, lane >>> 32);
    }

    @Encoding(value = "F2 0F 7D /r HSUBPS Vdq, Wdq", feature = SSE3, vex = "F2 0F 7D /r VHSUBPS Vx, Hx, Wx")
    static void hsubps(Cpu cpu, int dst, long low, long high) {
        long differences = pair(difference(cpu, cpu.xmm[2 * dst]), difference(cpu, cpu.xmm[2 * dst + 1]));
        cpu.setXmm(dst, differences, pair(difference(cpu, low), difference(cpu, high)));
    }

    private static long difference(Cpu cpu, long lane) {
        return Binary32.subtract(cpu, lane, lane >>> 32);
    }

    /**
     * Control: products to sum (7..4), results to write (3..0), else zero. As in hardware, each element makes its own
     * sum of pairs and pair of sums: they differ only in which of several NaNs they keep.
     */
    @Encoding(value = "66 0F 3A 40 /r DPPS Vdq, Wdq, Ib", feature = SSE4_1, vex = "66 0F 3A 40 /r VDPPS Vx, Hx, Wx, Ib")
    static void dpps(Cpu cpu, int dst, long low, long high, long control) {
        long lowPair = pairSum(cpu, products(cpu, cpu.xmm[2 * dst], low, control >> 4));
        long highPair = pairSum(cpu, products(cpu, cpu.xmm[2 * dst + 1], high, control >> 6));
        long lowSum = addps(cpu, lowPair, highPair);
        cpu.setXmm(dst, chosen(lowSum, control), chosen(addps(cpu, highPair, lowPair), control >> 2));
    }

    private static long pairSum(Cpu cpu, long lane) {
        return pair(Binary32.add(cpu, lane >>> 32, lane), Binary32.add(cpu, lane, lane >>> 32));
    }

    private static long products(Cpu cpu, long a, long b, long control) {
        long low = (control & 1) != 0 ? Binary32.multiply(cpu, a, b) : 0;
        return pair(low, (control & 2) != 0 ? Binary32.multiply(cpu, a >>> 32, b >>> 32) : 0);
    }

    private static long chosen(long lane, long control) {
        return pair((control & 1) != 0 ? lane : 0, (control & 2) != 0 ? lane >>> 32 : 0);
    }

    @Encoding(
            value = "66 0F 3A 08 /r ROUNDPS Vdq, Wdq, Ib",
            feature = SSE4_1,
            vex = "66 0F 3A 08 /r VROUNDPS Vx, Wx, Ib")
    static long roundps(Cpu cpu, long src, long control) {
        return pair(Binary32.round(cpu, src, control), Binary32.round(cpu, src >>> 32, control));
    }
}
