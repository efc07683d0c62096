// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.AVX2;
import static mckernelj.emulator.cpu.CpuFeature.SSE;
import static mckernelj.emulator.cpu.CpuFeature.SSE4_1;
import static mckernelj.emulator.cpu.CpuFeature.SSSE3;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/**
 * Integer operations between neighbouring elements, and sums of absolute differences (SDM vol. 1, 5.5.2, 5.8.1, 5.10.7,
 * 5.10.12).
 */
final class SseHorizontal {
    private SseHorizontal() {}

    @Encoding(value = "NP 0F 38 01 /r PHADDW Pq, Qq", feature = SSSE3)
    static long phaddw(long dst, long src) {
        return Swar.add(Swar.WORDS, evenWords(dst, src), oddWords(dst, src));
    }

    @Encoding(
            value = "66 0F 38 01 /r PHADDW Vdq, Wdq",
            feature = SSSE3,
            vex = "66 0F 38 01 /r VPHADDW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static void phaddw(Cpu cpu, int dst, long low, long high) {
        cpu.setXmm(dst, phaddw(cpu.xmm[2 * dst], cpu.xmm[2 * dst + 1]), phaddw(low, high));
    }

    @Encoding(value = "NP 0F 38 02 /r PHADDD Pq, Qq", feature = SSSE3)
    static long phaddd(long dst, long src) {
        return dst + (dst >>> 32) & 0xFFFFFFFFL | src + (src >>> 32) << 32;
    }

    @Encoding(
            value = "66 0F 38 02 /r PHADDD Vdq, Wdq",
            feature = SSSE3,
            vex = "66 0F 38 02 /r VPHADDD Vx, Hx, Wx",
            ymmFeature = AVX2)
    static void phaddd(Cpu cpu, int dst, long low, long high) {
        cpu.setXmm(dst, phaddd(cpu.xmm[2 * dst], cpu.xmm[2 * dst + 1]), phaddd(low, high));
    }

    @Encoding(value = "NP 0F 38 03 /r PHADDSW Pq, Qq", feature = SSSE3)
    static long phaddsw(long dst, long src) {
        return SseIntegerArithmetic.paddsw(evenWords(dst, src), oddWords(dst, src));
    }

    @Encoding(
            value = "66 0F 38 03 /r PHADDSW Vdq, Wdq",
            feature = SSSE3,
            vex = "66 0F 38 03 /r VPHADDSW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static void phaddsw(Cpu cpu, int dst, long low, long high) {
        cpu.setXmm(dst, phaddsw(cpu.xmm[2 * dst], cpu.xmm[2 * dst + 1]), phaddsw(low, high));
    }

    @Encoding(value = "NP 0F 38 05 /r PHSUBW Pq, Qq", feature = SSSE3)
    static long phsubw(long dst, long src) {
        return Swar.subtract(Swar.WORDS, evenWords(dst, src), oddWords(dst, src));
    }

    @Encoding(
            value = "66 0F 38 05 /r PHSUBW Vdq, Wdq",
            feature = SSSE3,
            vex = "66 0F 38 05 /r VPHSUBW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static void phsubw(Cpu cpu, int dst, long low, long high) {
        cpu.setXmm(dst, phsubw(cpu.xmm[2 * dst], cpu.xmm[2 * dst + 1]), phsubw(low, high));
    }

    @Encoding(value = "NP 0F 38 06 /r PHSUBD Pq, Qq", feature = SSSE3)
    static long phsubd(long dst, long src) {
        return dst - (dst >>> 32) & 0xFFFFFFFFL | src - (src >>> 32) << 32;
    }

    @Encoding(
            value = "66 0F 38 06 /r PHSUBD Vdq, Wdq",
            feature = SSSE3,
            vex = "66 0F 38 06 /r VPHSUBD Vx, Hx, Wx",
            ymmFeature = AVX2)
    static void phsubd(Cpu cpu, int dst, long low, long high) {
        cpu.setXmm(dst, phsubd(cpu.xmm[2 * dst], cpu.xmm[2 * dst + 1]), phsubd(low, high));
    }

    @Encoding(value = "NP 0F 38 07 /r PHSUBSW Pq, Qq", feature = SSSE3)
    static long phsubsw(long dst, long src) {
        return SseIntegerArithmetic.psubsw(evenWords(dst, src), oddWords(dst, src));
    }

    @Encoding(
            value = "66 0F 38 07 /r PHSUBSW Vdq, Wdq",
            feature = SSSE3,
            vex = "66 0F 38 07 /r VPHSUBSW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static void phsubsw(Cpu cpu, int dst, long low, long high) {
        cpu.setXmm(dst, phsubsw(cpu.xmm[2 * dst], cpu.xmm[2 * dst + 1]), phsubsw(low, high));
    }

    /** Words 0 and 2 of {@code a}, then those of {@code b}. */
    private static long evenWords(long a, long b) {
        return a & 0xFFFF | a >>> 16 & 0xFFFF0000L | (b & 0xFFFF | b >>> 16 & 0xFFFF0000L) << 32;
    }

    private static long oddWords(long a, long b) {
        return evenWords(a >>> 16, b >>> 16);
    }

    @Encoding(
            value = {"NP 0F F6 /r PSADBW Pq, Qq", "66 0F F6 /r PSADBW Vdq, Wdq"},
            feature = SSE,
            vex = "66 0F F6 /r VPSADBW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long psadbw(long dst, long src) {
        long sum = 0;
        for (int i = 0; i < 64; i += 8) {
            sum += Math.abs((dst >>> i & 0xFF) - (src >>> i & 0xFF));
        }
        return sum;
    }

    /**
     * Eight sums, of four bytes each; control: first byte of the destination (bit 2, times 4) and of the source (1..0,
     * times 4).
     */
    @Encoding(
            value = "66 0F 3A 42 /r MPSADBW Vdq, Wdq, Ib",
            feature = SSE4_1,
            vex = "66 0F 3A 42 /r VMPSADBW Vx, Hx, Wx, Ib3",
            ymmFeature = AVX2)
    static void mpsadbw(Cpu cpu, int dst, long low, long high, long control) {
        long block = ((control & 2) == 0 ? low : high) >>> ((control & 1) << 5) & 0xFFFFFFFFL;
        long dstLow = cpu.xmm[2 * dst];
        long dstHigh = cpu.xmm[2 * dst + 1];
        if ((control & 4) != 0) {
            dstLow = dstLow >>> 32 | dstHigh << 32;
            dstHigh >>>= 32;
        }
        long middle = dstLow >>> 32 | dstHigh << 32;
        cpu.setXmm(dst, fourSums(dstLow, block), fourSums(middle, block));
    }

    /** Sums of absolute differences of {@code block} and the bytes 0..3, 1..4, 2..5, 3..6. */
    private static long fourSums(long bytes, long block) {
        long sums = 0;
        for (int i = 0; i < 4; i++) {
            sums |= psadbw(bytes >>> 8 * i & 0xFFFFFFFFL, block) << 16 * i;
        }
        return sums;
    }

    /** The least unsigned word, and its number in bits 18..16. */
    @Encoding(
            value = "66 0F 38 41 /r PHMINPOSUW Vdq, Wdq",
            feature = SSE4_1,
            vex = "L0 66 0F 38 41 /r VPHMINPOSUW Vdq, Wdq")
    static void phminposuw(Cpu cpu, int dst, long low, long high) {
        long least = low & 0xFFFF;
        for (int i = 1; i < 8; i++) {
            long word = (i < 4 ? low : high) >>> 16 * (i & 3) & 0xFFFF;
            if (word < (least & 0xFFFF)) {
                least = word | i << 16;
            }
        }
        cpu.setXmm(dst, least, 0);
    }
}
