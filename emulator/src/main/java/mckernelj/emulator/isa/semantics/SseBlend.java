// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.isa.CpuFeature.SSE4_1;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/** Blending by immediate control or by the sign bits of XMM0 (SDM vol. 1, 5.10.4). */
final class SseBlend {
    private SseBlend() {}

    @Encoding(value = "66 0F 3A 0C /r BLENDPS Vdq, Wdq, Ib", feature = SSE4_1)
    static void blendps(Cpu cpu, int dst, long low, long high, long control) {
        blend(cpu, dst, low, high, dwordMask(control), dwordMask(control >> 2));
    }

    @Encoding(value = "66 0F 3A 0D /r BLENDPD Vdq, Wdq, Ib", feature = SSE4_1)
    static void blendpd(Cpu cpu, int dst, long low, long high, long control) {
        blend(cpu, dst, low, high, -(control & 1), -(control >> 1 & 1));
    }

    @Encoding(value = "66 0F 3A 0E /r PBLENDW Vdq, Wdq, Ib", feature = SSE4_1)
    static void pblendw(Cpu cpu, int dst, long low, long high, long control) {
        blend(cpu, dst, low, high, wordMask(control), wordMask(control >> 4));
    }

    @Encoding(value = "66 0F 38 10 /r PBLENDVB Vdq, Wdq", feature = SSE4_1)
    static void pblendvb(Cpu cpu, int dst, long low, long high) {
        blendBySigns(cpu, dst, low, high, Swar.BYTES);
    }

    @Encoding(value = "66 0F 38 14 /r BLENDVPS Vdq, Wdq", feature = SSE4_1)
    static void blendvps(Cpu cpu, int dst, long low, long high) {
        blendBySigns(cpu, dst, low, high, Swar.DWORDS);
    }

    @Encoding(value = "66 0F 38 15 /r BLENDVPD Vdq, Wdq", feature = SSE4_1)
    static void blendvpd(Cpu cpu, int dst, long low, long high) {
        blend(cpu, dst, low, high, cpu.xmm[0] >> 63, cpu.xmm[1] >> 63);
    }

    private static void blendBySigns(Cpu cpu, int dst, long low, long high, long signs) {
        long maskLow = Swar.fill(signs, cpu.xmm[0] & signs);
        long maskHigh = Swar.fill(signs, cpu.xmm[1] & signs);
        blend(cpu, dst, low, high, maskLow, maskHigh);
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
