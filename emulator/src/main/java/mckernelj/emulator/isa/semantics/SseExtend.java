// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.AVX2;
import static mckernelj.emulator.cpu.CpuFeature.SSE4_1;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/** Packed moves with sign and zero extension (SDM vol. 1, 5.10.8). */
final class SseExtend {
    private SseExtend() {}

    @Encoding(
            value = "66 0F 38 20 /r PMOVSXBW Vdq, Wq",
            feature = SSE4_1,
            vex = "66 0F 38 20 /r VPMOVSXBW Vx, Whx",
            ymmFeature = AVX2)
    static void pmovsxbw(Cpu cpu, int dst, long src) {
        cpu.setXmm(dst, signWords(src), signWords(src >>> 32));
    }

    @Encoding(
            value = "66 0F 38 21 /r PMOVSXBD Vdq, Wd",
            feature = SSE4_1,
            vex = "66 0F 38 21 /r VPMOVSXBD Vx, Wqx",
            ymmFeature = AVX2)
    static void pmovsxbd(Cpu cpu, int dst, long src) {
        cpu.setXmm(dst, dwords((byte) src, (byte) (src >> 8)), dwords((byte) (src >> 16), (byte) (src >> 24)));
    }

    @Encoding(
            value = "66 0F 38 22 /r PMOVSXBQ Vdq, Ww",
            feature = SSE4_1,
            vex = "66 0F 38 22 /r VPMOVSXBQ Vx, Wex",
            ymmFeature = AVX2)
    static void pmovsxbq(Cpu cpu, int dst, long src) {
        cpu.setXmm(dst, (byte) src, (byte) (src >> 8));
    }

    @Encoding(
            value = "66 0F 38 23 /r PMOVSXWD Vdq, Wq",
            feature = SSE4_1,
            vex = "66 0F 38 23 /r VPMOVSXWD Vx, Whx",
            ymmFeature = AVX2)
    static void pmovsxwd(Cpu cpu, int dst, long src) {
        cpu.setXmm(dst, dwords((short) src, (short) (src >> 16)), dwords((short) (src >> 32), (short) (src >> 48)));
    }

    @Encoding(
            value = "66 0F 38 24 /r PMOVSXWQ Vdq, Wd",
            feature = SSE4_1,
            vex = "66 0F 38 24 /r VPMOVSXWQ Vx, Wqx",
            ymmFeature = AVX2)
    static void pmovsxwq(Cpu cpu, int dst, long src) {
        cpu.setXmm(dst, (short) src, (short) (src >> 16));
    }

    @Encoding(
            value = "66 0F 38 25 /r PMOVSXDQ Vdq, Wq",
            feature = SSE4_1,
            vex = "66 0F 38 25 /r VPMOVSXDQ Vx, Whx",
            ymmFeature = AVX2)
    static void pmovsxdq(Cpu cpu, int dst, long src) {
        cpu.setXmm(dst, (int) src, src >> 32);
    }

    @Encoding(
            value = "66 0F 38 30 /r PMOVZXBW Vdq, Wq",
            feature = SSE4_1,
            vex = "66 0F 38 30 /r VPMOVZXBW Vx, Whx",
            ymmFeature = AVX2)
    static void pmovzxbw(Cpu cpu, int dst, long src) {
        cpu.setXmm(dst, zeroWords(src), zeroWords(src >>> 32));
    }

    @Encoding(
            value = "66 0F 38 31 /r PMOVZXBD Vdq, Wd",
            feature = SSE4_1,
            vex = "66 0F 38 31 /r VPMOVZXBD Vx, Wqx",
            ymmFeature = AVX2)
    static void pmovzxbd(Cpu cpu, int dst, long src) {
        cpu.setXmm(dst, dwords(src & 0xFF, src >>> 8 & 0xFF), dwords(src >>> 16 & 0xFF, src >>> 24 & 0xFF));
    }

    @Encoding(
            value = "66 0F 38 32 /r PMOVZXBQ Vdq, Ww",
            feature = SSE4_1,
            vex = "66 0F 38 32 /r VPMOVZXBQ Vx, Wex",
            ymmFeature = AVX2)
    static void pmovzxbq(Cpu cpu, int dst, long src) {
        cpu.setXmm(dst, src & 0xFF, src >>> 8 & 0xFF);
    }

    @Encoding(
            value = "66 0F 38 33 /r PMOVZXWD Vdq, Wq",
            feature = SSE4_1,
            vex = "66 0F 38 33 /r VPMOVZXWD Vx, Whx",
            ymmFeature = AVX2)
    static void pmovzxwd(Cpu cpu, int dst, long src) {
        cpu.setXmm(dst, dwords(src & 0xFFFF, src >>> 16 & 0xFFFF), dwords(src >>> 32 & 0xFFFF, src >>> 48 & 0xFFFF));
    }

    @Encoding(
            value = "66 0F 38 34 /r PMOVZXWQ Vdq, Wd",
            feature = SSE4_1,
            vex = "66 0F 38 34 /r VPMOVZXWQ Vx, Wqx",
            ymmFeature = AVX2)
    static void pmovzxwq(Cpu cpu, int dst, long src) {
        cpu.setXmm(dst, src & 0xFFFF, src >>> 16 & 0xFFFF);
    }

    @Encoding(
            value = "66 0F 38 35 /r PMOVZXDQ Vdq, Wq",
            feature = SSE4_1,
            vex = "66 0F 38 35 /r VPMOVZXDQ Vx, Whx",
            ymmFeature = AVX2)
    static void pmovzxdq(Cpu cpu, int dst, long src) {
        cpu.setXmm(dst, src & 0xFFFFFFFFL, src >>> 32);
    }

    private static long zeroWords(long bytes) {
        long spread = bytes & 0xFFFF | (bytes & 0xFFFF0000L) << 16;
        return (spread | spread << 8) & 0x00FF00FF00FF00FFL;
    }

    private static long signWords(long bytes) {
        return Swar.subtract(Swar.WORDS, zeroWords(bytes) ^ 0x0080008000800080L, 0x0080008000800080L);
    }

    private static long dwords(long low, long high) {
        return low & 0xFFFFFFFFL | high << 32;
    }
}
