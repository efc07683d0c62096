// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.isa.CpuFeature.MMX;
import static mckernelj.emulator.isa.CpuFeature.SSE;
import static mckernelj.emulator.isa.CpuFeature.SSE2;
import static mckernelj.emulator.isa.CpuFeature.SSE4_1;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/** Bitwise logic of MMX, SSE and SSE2, and PTEST (SDM vol. 1, 5.4.5, 5.5.1.4, 5.6.1.3, 5.10.11). */
final class SseLogical {
    private SseLogical() {}

    @Encoding(value = "NP 0F 54 /r ANDPS Vdq, Wdq", feature = SSE)
    static long andps(long dst, long src) {
        return dst & src;
    }

    @Encoding(value = "66 0F 54 /r ANDPD Vdq, Wdq", feature = SSE2)
    static long andpd(long dst, long src) {
        return dst & src;
    }

    @Encoding(
            value = {"NP 0F DB /r PAND Pq, Qq", "66 0F DB /r PAND Vdq, Wdq"},
            feature = MMX)
    static long pand(long dst, long src) {
        return dst & src;
    }

    @Encoding(value = "NP 0F 55 /r ANDNPS Vdq, Wdq", feature = SSE)
    static long andnps(long dst, long src) {
        return ~dst & src;
    }

    @Encoding(value = "66 0F 55 /r ANDNPD Vdq, Wdq", feature = SSE2)
    static long andnpd(long dst, long src) {
        return ~dst & src;
    }

    @Encoding(
            value = {"NP 0F DF /r PANDN Pq, Qq", "66 0F DF /r PANDN Vdq, Wdq"},
            feature = MMX)
    static long pandn(long dst, long src) {
        return ~dst & src;
    }

    @Encoding(value = "NP 0F 56 /r ORPS Vdq, Wdq", feature = SSE)
    static long orps(long dst, long src) {
        return dst | src;
    }

    @Encoding(value = "66 0F 56 /r ORPD Vdq, Wdq", feature = SSE2)
    static long orpd(long dst, long src) {
        return dst | src;
    }

    @Encoding(
            value = {"NP 0F EB /r POR Pq, Qq", "66 0F EB /r POR Vdq, Wdq"},
            feature = MMX)
    static long por(long dst, long src) {
        return dst | src;
    }

    @Encoding(value = "NP 0F 57 /r XORPS Vdq, Wdq", feature = SSE)
    static long xorps(long dst, long src) {
        return dst ^ src;
    }

    @Encoding(value = "66 0F 57 /r XORPD Vdq, Wdq", feature = SSE2)
    static long xorpd(long dst, long src) {
        return dst ^ src;
    }

    @Encoding(
            value = {"NP 0F EF /r PXOR Pq, Qq", "66 0F EF /r PXOR Vdq, Wdq"},
            feature = MMX)
    static long pxor(long dst, long src) {
        return dst ^ src;
    }

    /** ZF: no common one bits; CF: the source's ones are all in the destination; the others are cleared. */
    @Encoding(value = "66 0F 38 17 /r PTEST Vdq, Wdq", feature = SSE4_1)
    static void ptest(Cpu cpu, int dst, long low, long high) {
        long dstLow = cpu.xmm[2 * dst];
        long dstHigh = cpu.xmm[2 * dst + 1];
        int zero = (dstLow & low | dstHigh & high) == 0 ? Cpu.ZF : 0;
        int carry = (~dstLow & low | ~dstHigh & high) == 0 ? Cpu.CF : 0;
        cpu.setStatusFlags(zero | carry);
    }
}
