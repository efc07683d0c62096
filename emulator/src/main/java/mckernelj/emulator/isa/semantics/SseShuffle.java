// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.AVX2;
import static mckernelj.emulator.cpu.CpuFeature.SSE;
import static mckernelj.emulator.cpu.CpuFeature.SSE2;
import static mckernelj.emulator.cpu.CpuFeature.SSSE3;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/**
 * Shuffle, unpack of floating-point values and byte alignment (SDM vol. 1, 5.5.1.5, 5.5.2, 5.6.1.5, 5.6.3, 5.8.5,
 * 5.8.7).
 */
final class SseShuffle {
    private SseShuffle() {}

    @Encoding(
            value = "66 0F 70 /r PSHUFD Vdq, Wdq, Ib",
            feature = SSE2,
            vex = "66 0F 70 /r VPSHUFD Vx, Wx, Ib",
            ymmFeature = AVX2)
    static void pshufd(Cpu cpu, int dst, long low, long high, long order) {
        cpu.setXmm(dst, dwordPair(low, high, order), dwordPair(low, high, order >> 4));
    }

    @Encoding(
            value = "F2 0F 70 /r PSHUFLW Vdq, Wdq, Ib",
            feature = SSE2,
            vex = "F2 0F 70 /r VPSHUFLW Vx, Wx, Ib",
            ymmFeature = AVX2)
    static void pshuflw(Cpu cpu, int dst, long low, long high, long order) {
        cpu.setXmm(dst, pshufw(low, order), high);
    }

    @Encoding(
            value = "F3 0F 70 /r PSHUFHW Vdq, Wdq, Ib",
            feature = SSE2,
            vex = "F3 0F 70 /r VPSHUFHW Vx, Wx, Ib",
            ymmFeature = AVX2)
    static void pshufhw(Cpu cpu, int dst, long low, long high, long order) {
        cpu.setXmm(dst, low, pshufw(high, order));
    }

    @Encoding(value = "NP 0F 70 /r PSHUFW Pq, Qq, Ib", feature = SSE)
    static long pshufw(long src, long order) {
        return word(src, order)
                | word(src, order >> 2) << 16
                | word(src, order >> 4) << 32
                | word(src, order >> 6) << 48;
    }

    @Encoding(value = "NP 0F C6 /r SHUFPS Vdq, Wdq, Ib", feature = SSE, vex = "NP 0F C6 /r VSHUFPS Vx, Hx, Wx, Ib")
    static void shufps(Cpu cpu, int dst, long low, long high, long order) {
        long dstLow = cpu.xmm[2 * dst];
        long dstHigh = cpu.xmm[2 * dst + 1];
        cpu.setXmm(dst, dwordPair(dstLow, dstHigh, order), dwordPair(low, high, order >> 4));
    }

    @Encoding(value = "66 0F C6 /r SHUFPD Vdq, Wdq, Ib", feature = SSE2, vex = "66 0F C6 /r VSHUFPD Vx, Hx, Wx, Ib2")
    static void shufpd(Cpu cpu, int dst, long low, long high, long order) {
        long first = (order & 1) == 0 ? cpu.xmm[2 * dst] : cpu.xmm[2 * dst + 1];
        cpu.setXmm(dst, first, (order & 2) == 0 ? low : high);
    }

    /** The two doublewords that bits 1..0 and 3..2 of {@code order} name. */
    private static long dwordPair(long low, long high, long order) {
        return dword(low, high, order) | dword(low, high, order >> 2) << 32;
    }

    private static long dword(long low, long high, long number) {
        return ((number & 2) == 0 ? low : high) >>> ((number & 1) << 5) & 0xFFFFFFFFL;
    }

    private static long word(long src, long number) {
        return src >>> ((number & 3) << 4) & 0xFFFF;
    }

    @Encoding(value = "NP 0F 14 /r UNPCKLPS Vdq, Wdq", feature = SSE, vex = "NP 0F 14 /r VUNPCKLPS Vx, Hx, Wx")
    static void unpcklps(Cpu cpu, int dst, long low, long high) {
        long value = cpu.xmm[2 * dst];
        cpu.setXmm(dst, value & 0xFFFFFFFFL | low << 32, value >>> 32 | low & 0xFFFFFFFF00000000L);
    }

    @Encoding(value = "NP 0F 15 /r UNPCKHPS Vdq, Wdq", feature = SSE, vex = "NP 0F 15 /r VUNPCKHPS Vx, Hx, Wx")
    static void unpckhps(Cpu cpu, int dst, long low, long high) {
        long value = cpu.xmm[2 * dst + 1];
        cpu.setXmm(dst, value & 0xFFFFFFFFL | high << 32, value >>> 32 | high & 0xFFFFFFFF00000000L);
    }

    @Encoding(value = "66 0F 14 /r UNPCKLPD Vdq, Wdq", feature = SSE2, vex = "66 0F 14 /r VUNPCKLPD Vx, Hx, Wx")
    static void unpcklpd(Cpu cpu, int dst, long low, long high) {
        cpu.xmm[2 * dst + 1] = low;
    }

    @Encoding(value = "66 0F 15 /r UNPCKHPD Vdq, Wdq", feature = SSE2, vex = "66 0F 15 /r VUNPCKHPD Vx, Hx, Wx")
    static void unpckhpd(Cpu cpu, int dst, long low, long high) {
        cpu.setXmm(dst, cpu.xmm[2 * dst + 1], high);
    }

    /** Each byte of the source selects a byte of the destination, or zero if its bit 7 is set. */
    @Encoding(value = "NP 0F 38 00 /r PSHUFB Pq, Qq", feature = SSSE3)
    static long pshufb(long dst, long src) {
        return bytes(dst, dst, src);
    }

    @Encoding(
            value = "66 0F 38 00 /r PSHUFB Vdq, Wdq",
            feature = SSSE3,
            vex = "66 0F 38 00 /r VPSHUFB Vx, Hx, Wx",
            ymmFeature = AVX2)
    static void pshufb(Cpu cpu, int dst, long low, long high) {
        long dstLow = cpu.xmm[2 * dst];
        long dstHigh = cpu.xmm[2 * dst + 1];
        cpu.setXmm(dst, bytes(dstLow, dstHigh, low), bytes(dstLow, dstHigh, high));
    }

    private static long bytes(long low, long high, long order) {
        long result = 0;
        for (int i = 0; i < 64; i += 8) {
            long number = order >>> i;
            long value = ((number & 8) == 0 ? low : high) >>> ((number & 7) << 3) & 0xFF;
            result |= (number & 0x80) == 0 ? value << i : 0;
        }
        return result;
    }

    /** Shifts destination:source right by bytes. */
    @Encoding(value = "NP 0F 3A 0F /r PALIGNR Pq, Qq, Ib", feature = SSSE3)
    static long palignr(long dst, long src, long bytes) {
        return window(src, dst, 0, 0, bytes & 0xFF);
    }

    @Encoding(
            value = "66 0F 3A 0F /r PALIGNR Vdq, Wdq, Ib",
            feature = SSSE3,
            vex = "66 0F 3A 0F /r VPALIGNR Vx, Hx, Wx, Ib",
            ymmFeature = AVX2)
    static void palignr(Cpu cpu, int dst, long low, long high, long bytes) {
        long dstLow = cpu.xmm[2 * dst];
        long dstHigh = cpu.xmm[2 * dst + 1];
        long from = bytes & 0xFF;
        cpu.setXmm(dst, window(low, high, dstLow, dstHigh, from), window(low, high, dstLow, dstHigh, from + 8));
    }

    /**
     * Eight bytes from byte number {@code from} on of the longs {@code a}, {@code b}, {@code c}, {@code d} and then
     * zeros.
     */
    private static long window(long a, long b, long c, long d, long from) {
        int first = (int) from >> 3;
        int bits = ((int) from & 7) << 3;
        long low = element(a, b, c, d, first);
        return bits == 0 ? low : low >>> bits | element(a, b, c, d, first + 1) << 64 - bits;
    }

    private static long element(long a, long b, long c, long d, int number) {
        switch (number) {
            case 0:
                return a;
            case 1:
                return b;
            case 2:
                return c;
            case 3:
                return d;
            default:
                return 0;
        }
    }
}
