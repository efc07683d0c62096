// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.AVX2;
import static mckernelj.emulator.cpu.CpuFeature.MMX;
import static mckernelj.emulator.cpu.CpuFeature.SSE;
import static mckernelj.emulator.cpu.CpuFeature.SSE2;
import static mckernelj.emulator.cpu.CpuFeature.SSE4_1;
import static mckernelj.emulator.cpu.CpuFeature.SSSE3;

import mckernelj.emulator.isa.Encoding;

/** Packed integer multiplication (SDM vol. 1, 5.4.3, 5.5.2, 5.6.3, 5.8.3, 5.8.4, 5.10.1). */
final class SseIntegerMultiply {
    private SseIntegerMultiply() {}

    @Encoding(
            value = {"NP 0F D5 /r PMULLW Pq, Qq", "66 0F D5 /r PMULLW Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F D5 /r VPMULLW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pmullw(long dst, long src) {
        return dst * src & 0xFFFFL
                | (dst >> 16) * (src >> 16) << 48 >>> 32
                | (dst >> 32) * (src >> 32) << 48 >>> 16
                | (dst >> 48) * (src >> 48) << 48;
    }

    @Encoding(
            value = {"NP 0F E5 /r PMULHW Pq, Qq", "66 0F E5 /r PMULHW Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F E5 /r VPMULHW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pmulhw(long dst, long src) {
        return word((short) dst * (short) src, 0)
                | word((short) (dst >> 16) * (short) (src >> 16), 16)
                | word((short) (dst >> 32) * (short) (src >> 32), 32)
                | word((short) (dst >> 48) * (short) (src >> 48), 48);
    }

    /** Bits 31..16 of a product, as the word at bit {@code position}. */
    private static long word(long product, int position) {
        return (product >>> 16 & 0xFFFF) << position;
    }

    @Encoding(
            value = {"NP 0F E4 /r PMULHUW Pq, Qq", "66 0F E4 /r PMULHUW Vdq, Wdq"},
            feature = SSE,
            vex = "66 0F E4 /r VPMULHUW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pmulhuw(long dst, long src) {
        return word((dst & 0xFFFF) * (src & 0xFFFF), 0)
                | word((dst >>> 16 & 0xFFFF) * (src >>> 16 & 0xFFFF), 16)
                | word((dst >>> 32 & 0xFFFF) * (src >>> 32 & 0xFFFF), 32)
                | word((dst >>> 48) * (src >>> 48), 48);
    }

    @Encoding(
            value = {"NP 0F F4 /r PMULUDQ Pq, Qq", "66 0F F4 /r PMULUDQ Vdq, Wdq"},
            feature = SSE2,
            vex = "66 0F F4 /r VPMULUDQ Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pmuludq(long dst, long src) {
        return (dst & 0xFFFFFFFFL) * (src & 0xFFFFFFFFL);
    }

    @Encoding(
            value = "66 0F 38 28 /r PMULDQ Vdq, Wdq",
            feature = SSE4_1,
            vex = "66 0F 38 28 /r VPMULDQ Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pmuldq(long dst, long src) {
        return (long) (int) dst * (int) src;
    }

    @Encoding(
            value = "66 0F 38 40 /r PMULLD Vdq, Wdq",
            feature = SSE4_1,
            vex = "66 0F 38 40 /r VPMULLD Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pmulld(long dst, long src) {
        return dst * src & 0xFFFFFFFFL | (dst >>> 32) * (src >>> 32) << 32;
    }

    @Encoding(
            value = {"NP 0F F5 /r PMADDWD Pq, Qq", "66 0F F5 /r PMADDWD Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F F5 /r VPMADDWD Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pmaddwd(long dst, long src) {
        int low = (short) dst * (short) src + (short) (dst >> 16) * (short) (src >> 16);
        int high = (short) (dst >> 32) * (short) (src >> 32) + (short) (dst >> 48) * (short) (src >> 48);
        return (long) high << 32 | low & 0xFFFFFFFFL;
    }

    /** Unsigned bytes of the destination times signed bytes of the source. */
    @Encoding(
            value = {"NP 0F 38 04 /r PMADDUBSW Pq, Qq", "66 0F 38 04 /r PMADDUBSW Vdq, Wdq"},
            feature = SSSE3,
            vex = "66 0F 38 04 /r VPMADDUBSW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pmaddubsw(long dst, long src) {
        return bytePair(dst, src)
                | bytePair(dst >>> 16, src >>> 16) << 16
                | bytePair(dst >>> 32, src >>> 32) << 32
                | bytePair(dst >>> 48, src >>> 48) << 48;
    }

    private static long bytePair(long unsigned, long signed) {
        int sum = (int) (unsigned & 0xFF) * (byte) signed + (int) (unsigned >>> 8 & 0xFF) * (byte) (signed >>> 8);
        return Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, sum)) & 0xFFFF;
    }

    @Encoding(
            value = {"NP 0F 38 0B /r PMULHRSW Pq, Qq", "66 0F 38 0B /r PMULHRSW Vdq, Wdq"},
            feature = SSSE3,
            vex = "66 0F 38 0B /r VPMULHRSW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pmulhrsw(long dst, long src) {
        return rounded(dst, src)
                | rounded(dst >> 16, src >> 16) << 16
                | rounded(dst >> 32, src >> 32) << 32
                | rounded(dst >> 48, src >> 48) << 48;
    }

    private static long rounded(long a, long b) {
        return ((short) a * (short) b >> 14) + 1 >> 1 & 0xFFFF;
    }
}
