// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.AVX2;
import static mckernelj.emulator.cpu.CpuFeature.SSE4_1;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/** Blending by immediate control or by the sign bits of XMM0 (SDM vol. 1, 5.10.4). */
final class SseBlend {
    private SseBlend() {}

    @Encoding(
            value = "66 0F 3A 0C /r BLENDPS Vdq, Wdq, Ib",
            feature = SSE4_1,
            vex = "66 0F 3A 0C /r VBLENDPS Vx, Hx, Wx, Ib4")
    static void blendps(Cpu cpu, int dst, long low, long high, long control) {
        blend(cpu, dst, low, high, dwordMask(control), dwordMask(control >> 2));
    }

    @Encoding(
            value = "66 0F 3A 0D /r BLENDPD Vdq, Wdq, Ib",
            feature = SSE4_1,
            vex = "66 0F 3A 0D /r VBLENDPD Vx, Hx, Wx, Ib2")
    static void blendpd(Cpu cpu, int dst, long low, long high, long control) {
        blend(cpu, dst, low, high, -(control & 1), -(control >> 1 & 1));
    }

    @Encoding(
            value = "66 0F 3A 0E /r PBLENDW Vdq, Wdq, Ib",
            feature = SSE4_1,
            vex = "66 0F 3A 0E /r VPBLENDW Vx, Hx, Wx, Ib",
            ymmFeature = AVX2)
    static void pblendw(Cpu cpu, int dst, long low, long high, long control) {
        blend(cpu, dst, low, high, wordMask(control), wordMask(control >> 4));
    }

    @Encoding(
            value = "66 0F 38 10 /r PBLENDVB Vdq, Wdq, XMM0",
            feature = SSE4_1,
            vex = "66 W0 0F 3A 4C /r VPBLENDVB Vx, Hx, Wx, Lx",
            ymmFeature = AVX2)
    static long pblendvb(long dst, long src, long mask) {
        return Swar.select(Swar.fill(Swar.BYTES, mask & Swar.BYTES), src, dst);
    }

    @Encoding(
            value = "66 0F 38 14 /r BLENDVPS Vdq, Wdq, XMM0",
            feature = SSE4_1,
            vex = "66 W0 0F 3A 4A /r VBLENDVPS Vx, Hx, Wx, Lx")
    static long blendvps(long dst, long src, long mask) {
        return Swar.select(Swar.fill(Swar.DWORDS, mask & Swar.DWORDS), src, dst);
    }

    @Encoding(
            value = "66 0F 38 15 /r BLENDVPD Vdq, Wdq, XMM0",
            feature = SSE4_1,
            vex = "66 W0 0F 3A 4B /r VBLENDVPD Vx, Hx, Wx, Lx")
    static long blendvpd(long dst, long src, long mask) {
        return Swar.select(mask >> 63, src, dst);
    }

    private static void blend(Cpu cpu, int dst, long low, long high, long maskLow, long maskHigh) {
        long dstLow = cpu.xmm[2 * dst];
        long dstHigh = cpu.xmm[2 * dst + 1];
        cpu.setXmm(dst, Swar.select(maskLow, low, dstLow), Swar.select(maskHigh, high, dstHigh));
    }

    private static long dwordMask(long control) {
        return -(control & 1) & 0xFFFFFFFFL | -(control >> 1 & 1) << 32;
    }

    private static long wordMask(long control) {
        long bits = (control & 1) << 15 | (control & 2) << 30 | (control & 4) << 45 | (control & 8) << 60;
        return Swar.fill(Swar.WORDS, bits);
    }
}
