// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.AVX2;
import static mckernelj.emulator.cpu.CpuFeature.MMX;
import static mckernelj.emulator.cpu.CpuFeature.SSE;
import static mckernelj.emulator.cpu.CpuFeature.SSE2;
import static mckernelj.emulator.cpu.CpuFeature.SSE4_1;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/** Bitwise logic of MMX, SSE and SSE2, and PTEST (SDM vol. 1, 5.4.5, 5.5.1.4, 5.6.1.3, 5.10.11). */
final class SseLogical {
    private SseLogical() {}

    @Encoding(value = "NP 0F 54 /r ANDPS Vdq, Wdq", feature = SSE, vex = "NP 0F 54 /r VANDPS Vx, Hx, Wx")
    static long andps(long dst, long src) {
        return dst & src;
    }

    @Encoding(value = "66 0F 54 /r ANDPD Vdq, Wdq", feature = SSE2, vex = "66 0F 54 /r VANDPD Vx, Hx, Wx")
    static long andpd(long dst, long src) {
        return dst & src;
    }

    @Encoding(
            value = {"NP 0F DB /r PAND Pq, Qq", "66 0F DB /r PAND Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F DB /r VPAND Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pand(long dst, long src) {
        return dst & src;
    }

    @Encoding(value = "NP 0F 55 /r ANDNPS Vdq, Wdq", feature = SSE, vex = "NP 0F 55 /r VANDNPS Vx, Hx, Wx")
    static long andnps(long dst, long src) {
        return ~dst & src;
    }

    @Encoding(value = "66 0F 55 /r ANDNPD Vdq, Wdq", feature = SSE2, vex = "66 0F 55 /r VANDNPD Vx, Hx, Wx")
    static long andnpd(long dst, long src) {
        return ~dst & src;
    }

    @Encoding(
            value = {"NP 0F DF /r PANDN Pq, Qq", "66 0F DF /r PANDN Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F DF /r VPANDN Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pandn(long dst, long src) {
        return ~dst & src;
    }

    @Encoding(value = "NP 0F 56 /r ORPS Vdq, Wdq", feature = SSE, vex = "NP 0F 56 /r VORPS Vx, Hx, Wx")
    static long orps(long dst, long src) {
        return dst | src;
    }

    @Encoding(value = "66 0F 56 /r ORPD Vdq, Wdq", feature = SSE2, vex = "66 0F 56 /r VORPD Vx, Hx, Wx")
    static long orpd(long dst, long src) {
        return dst | src;
    }

    @Encoding(
            value = {"NP 0F EB /r POR Pq, Qq", "66 0F EB /r POR Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F EB /r VPOR Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long por(long dst, long src) {
        return dst | src;
    }

    @Encoding(value = "NP 0F 57 /r XORPS Vdq, Wdq", feature = SSE, vex = "NP 0F 57 /r VXORPS Vx, Hx, Wx")
    static long xorps(long dst, long src) {
        return dst ^ src;
    }

    @Encoding(value = "66 0F 57 /r XORPD Vdq, Wdq", feature = SSE2, vex = "66 0F 57 /r VXORPD Vx, Hx, Wx")
    static long xorpd(long dst, long src) {
        return dst ^ src;
    }

    @Encoding(
            value = {"NP 0F EF /r PXOR Pq, Qq", "66 0F EF /r PXOR Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F EF /r VPXOR Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pxor(long dst, long src) {
        return dst ^ src;
    }

    /** ZF: no common one bits; CF: the source's ones are all in the destination; the others are cleared. */
    @Encoding(value = "66 0F 38 17 /r PTEST Vdq, Wdq", feature = SSE4_1, vex = "L0 66 0F 38 17 /r VPTEST Vdq, Wdq")
    static void ptest(Cpu cpu, long dstLow, long dstHigh, long low, long high) {
        setTestFlags(cpu, dstLow & low | dstHigh & high, ~dstLow & low | ~dstHigh & high);
    }

    @Encoding(vex = "L1 66 0F 38 17 /r VPTEST Vqq, Wqq")
    static void vptest(Cpu cpu, long d0, long d1, long d2, long d3, long s0, long s1, long s2, long s3) {
        setTestFlags(cpu, d0 & s0 | d1 & s1 | d2 & s2 | d3 & s3, ~d0 & s0 | ~d1 & s1 | ~d2 & s2 | ~d3 & s3);
    }

    static void setTestFlags(Cpu cpu, long common, long missing) {
        cpu.setStatusFlags((common == 0 ? Cpu.ZF : 0) | (missing == 0 ? Cpu.CF : 0));
    }
}
