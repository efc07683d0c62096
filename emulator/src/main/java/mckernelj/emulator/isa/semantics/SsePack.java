// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.AVX2;
import static mckernelj.emulator.cpu.CpuFeature.MMX;
import static mckernelj.emulator.cpu.CpuFeature.SSE2;
import static mckernelj.emulator.cpu.CpuFeature.SSE4_1;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/** Packing with saturation and interleaving (SDM vol. 1, 5.4.2, 5.6.3, 5.10.10). */
final class SsePack {
    private SsePack() {}

    @Encoding(value = "NP 0F 63 /r PACKSSWB Pq, Qq", feature = MMX)
    static long packsswb(long dst, long src) {
        return signedBytes(dst) | signedBytes(src) << 32;
    }

    @Encoding(
            value = "66 0F 63 /r PACKSSWB Vdq, Wdq",
            feature = SSE2,
            vex = "66 0F 63 /r VPACKSSWB Vx, Hx, Wx",
            ymmFeature = AVX2)
    static void packsswb(Cpu cpu, int dst, long low, long high) {
        cpu.setXmm(dst, packsswb(cpu.xmm[2 * dst], cpu.xmm[2 * dst + 1]), packsswb(low, high));
    }

    @Encoding(value = "NP 0F 6B /r PACKSSDW Pq, Qq", feature = MMX)
    static long packssdw(long dst, long src) {
        return signedWords(dst) | signedWords(src) << 32;
    }

    @Encoding(
            value = "66 0F 6B /r PACKSSDW Vdq, Wdq",
            feature = SSE2,
            vex = "66 0F 6B /r VPACKSSDW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static void packssdw(Cpu cpu, int dst, long low, long high) {
        cpu.setXmm(dst, packssdw(cpu.xmm[2 * dst], cpu.xmm[2 * dst + 1]), packssdw(low, high));
    }

    @Encoding(value = "NP 0F 67 /r PACKUSWB Pq, Qq", feature = MMX)
    static long packuswb(long dst, long src) {
        return unsignedBytes(dst) | unsignedBytes(src) << 32;
    }

    @Encoding(
            value = "66 0F 67 /r PACKUSWB Vdq, Wdq",
            feature = SSE2,
            vex = "66 0F 67 /r VPACKUSWB Vx, Hx, Wx",
            ymmFeature = AVX2)
    static void packuswb(Cpu cpu, int dst, long low, long high) {
        cpu.setXmm(dst, packuswb(cpu.xmm[2 * dst], cpu.xmm[2 * dst + 1]), packuswb(low, high));
    }

    @Encoding(
            value = "66 0F 38 2B /r PACKUSDW Vdq, Wdq",
            feature = SSE4_1,
            vex = "66 0F 38 2B /r VPACKUSDW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static void packusdw(Cpu cpu, int dst, long low, long high) {
        long dstLow = cpu.xmm[2 * dst];
        long dstHigh = cpu.xmm[2 * dst + 1];
        cpu.setXmm(
                dst,
                unsignedWords(dstLow) | unsignedWords(dstHigh) << 32,
                unsignedWords(low) | unsignedWords(high) << 32);
    }

    private static long signedBytes(long words) {
        return clamp((short) words, Byte.MIN_VALUE, Byte.MAX_VALUE) & 0xFF
                | (clamp((short) (words >> 16), Byte.MIN_VALUE, Byte.MAX_VALUE) & 0xFF) << 8
                | (clamp((short) (words >> 32), Byte.MIN_VALUE, Byte.MAX_VALUE) & 0xFF) << 16
                | (clamp((short) (words >> 48), Byte.MIN_VALUE, Byte.MAX_VALUE) & 0xFF) << 24;
    }

    private static long unsignedBytes(long words) {
        return clamp((short) words, 0, 0xFF)
                | clamp((short) (words >> 16), 0, 0xFF) << 8
                | clamp((short) (words >> 32), 0, 0xFF) << 16
                | clamp((short) (words >> 48), 0, 0xFF) << 24;
    }

    private static long signedWords(long dwords) {
        return clamp((int) dwords, Short.MIN_VALUE, Short.MAX_VALUE) & 0xFFFF
                | (clamp((int) (dwords >> 32), Short.MIN_VALUE, Short.MAX_VALUE) & 0xFFFF) << 16;
    }

    private static long unsignedWords(long dwords) {
        return clamp((int) dwords, 0, 0xFFFF) | clamp((int) (dwords >> 32), 0, 0xFFFF) << 16;
    }

    private static long clamp(int value, int least, int greatest) {
        return Math.max(least, Math.min(greatest, value));
    }

    @Encoding(value = "NP 0F 60 /r PUNPCKLBW Pq, Qd", feature = MMX)
    static long punpcklbw(long dst, long src) {
        return interleaveBytes(dst, src);
    }

    @Encoding(
            value = "66 0F 60 /r PUNPCKLBW Vdq, Wdq",
            feature = SSE2,
            vex = "66 0F 60 /r VPUNPCKLBW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static void punpcklbw(Cpu cpu, int dst, long low, long high) {
        long value = cpu.xmm[2 * dst];
        cpu.setXmm(dst, interleaveBytes(value, low), interleaveBytes(value >>> 32, low >>> 32));
    }

    @Encoding(value = "NP 0F 61 /r PUNPCKLWD Pq, Qd", feature = MMX)
    static long punpcklwd(long dst, long src) {
        return interleaveWords(dst, src);
    }

    @Encoding(
            value = "66 0F 61 /r PUNPCKLWD Vdq, Wdq",
            feature = SSE2,
            vex = "66 0F 61 /r VPUNPCKLWD Vx, Hx, Wx",
            ymmFeature = AVX2)
    static void punpcklwd(Cpu cpu, int dst, long low, long high) {
        long value = cpu.xmm[2 * dst];
        cpu.setXmm(dst, interleaveWords(value, low), interleaveWords(value >>> 32, low >>> 32));
    }

    @Encoding(value = "NP 0F 62 /r PUNPCKLDQ Pq, Qd", feature = MMX)
    static long punpckldq(long dst, long src) {
        return interleaveDwords(dst, src);
    }

    @Encoding(
            value = "66 0F 62 /r PUNPCKLDQ Vdq, Wdq",
            feature = SSE2,
            vex = "66 0F 62 /r VPUNPCKLDQ Vx, Hx, Wx",
            ymmFeature = AVX2)
    static void punpckldq(Cpu cpu, int dst, long low, long high) {
        long value = cpu.xmm[2 * dst];
        cpu.setXmm(dst, interleaveDwords(value, low), interleaveDwords(value >>> 32, low >>> 32));
    }

    @Encoding(value = "NP 0F 68 /r PUNPCKHBW Pq, Qq", feature = MMX)
    static long punpckhbw(long dst, long src) {
        return interleaveBytes(dst >>> 32, src >>> 32);
    }

    @Encoding(
            value = "66 0F 68 /r PUNPCKHBW Vdq, Wdq",
            feature = SSE2,
            vex = "66 0F 68 /r VPUNPCKHBW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static void punpckhbw(Cpu cpu, int dst, long low, long high) {
        long value = cpu.xmm[2 * dst + 1];
        cpu.setXmm(dst, interleaveBytes(value, high), interleaveBytes(value >>> 32, high >>> 32));
    }

    @Encoding(value = "NP 0F 69 /r PUNPCKHWD Pq, Qq", feature = MMX)
    static long punpckhwd(long dst, long src) {
        return interleaveWords(dst >>> 32, src >>> 32);
    }

    @Encoding(
            value = "66 0F 69 /r PUNPCKHWD Vdq, Wdq",
            feature = SSE2,
            vex = "66 0F 69 /r VPUNPCKHWD Vx, Hx, Wx",
            ymmFeature = AVX2)
    static void punpckhwd(Cpu cpu, int dst, long low, long high) {
        long value = cpu.xmm[2 * dst + 1];
        cpu.setXmm(dst, interleaveWords(value, high), interleaveWords(value >>> 32, high >>> 32));
    }

    @Encoding(value = "NP 0F 6A /r PUNPCKHDQ Pq, Qq", feature = MMX)
    static long punpckhdq(long dst, long src) {
        return interleaveDwords(dst >>> 32, src >>> 32);
    }

    @Encoding(
            value = "66 0F 6A /r PUNPCKHDQ Vdq, Wdq",
            feature = SSE2,
            vex = "66 0F 6A /r VPUNPCKHDQ Vx, Hx, Wx",
            ymmFeature = AVX2)
    static void punpckhdq(Cpu cpu, int dst, long low, long high) {
        long value = cpu.xmm[2 * dst + 1];
        cpu.setXmm(dst, interleaveDwords(value, high), interleaveDwords(value >>> 32, high >>> 32));
    }

    @Encoding(
            value = "66 0F 6C /r PUNPCKLQDQ Vdq, Wdq",
            feature = SSE2,
            vex = "66 0F 6C /r VPUNPCKLQDQ Vx, Hx, Wx",
            ymmFeature = AVX2)
    static void punpcklqdq(Cpu cpu, int dst, long low, long high) {
        cpu.xmm[2 * dst + 1] = low;
    }

    @Encoding(
            value = "66 0F 6D /r PUNPCKHQDQ Vdq, Wdq",
            feature = SSE2,
            vex = "66 0F 6D /r VPUNPCKHQDQ Vx, Hx, Wx",
            ymmFeature = AVX2)
    static void punpckhqdq(Cpu cpu, int dst, long low, long high) {
        cpu.setXmm(dst, cpu.xmm[2 * dst + 1], high);
    }

    /** The low four bytes of both, alternating, those of {@code a} first. */
    private static long interleaveBytes(long a, long b) {
        return zeroExtendBytes(a) | zeroExtendBytes(b) << 8;
    }

    private static long interleaveWords(long a, long b) {
        return zeroExtendWords(a) | zeroExtendWords(b) << 16;
    }

    private static long interleaveDwords(long a, long b) {
        return a & 0xFFFFFFFFL | b << 32;
    }

    /** The low four bytes as words. */
    private static long zeroExtendBytes(long bytes) {
        long spread = zeroExtendWords(bytes);
        return (spread | spread << 8) & 0x00FF00FF00FF00FFL;
    }

    /** The low two words as doublewords. */
    private static long zeroExtendWords(long words) {
        return words & 0xFFFF | (words & 0xFFFF0000L) << 16;
    }
}
