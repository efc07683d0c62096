// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.AVX2;
import static mckernelj.emulator.cpu.CpuFeature.MMX;
import static mckernelj.emulator.cpu.CpuFeature.SSE4_1;
import static mckernelj.emulator.cpu.CpuFeature.SSE4_2;

import mckernelj.emulator.isa.Encoding;

/** Packed integer comparison: all ones where true (SDM vol. 1, 5.4.4, 5.10.9, 5.11.2). */
final class SseIntegerCompare {
    private SseIntegerCompare() {}

    @Encoding(
            value = {"NP 0F 74 /r PCMPEQB Pq, Qq", "66 0F 74 /r PCMPEQB Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F 74 /r VPCMPEQB Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pcmpeqb(long dst, long src) {
        return Swar.equal(Swar.BYTES, dst, src);
    }

    @Encoding(
            value = {"NP 0F 75 /r PCMPEQW Pq, Qq", "66 0F 75 /r PCMPEQW Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F 75 /r VPCMPEQW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pcmpeqw(long dst, long src) {
        return Swar.equal(Swar.WORDS, dst, src);
    }

    @Encoding(
            value = {"NP 0F 76 /r PCMPEQD Pq, Qq", "66 0F 76 /r PCMPEQD Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F 76 /r VPCMPEQD Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pcmpeqd(long dst, long src) {
        return Swar.equal(Swar.DWORDS, dst, src);
    }

    @Encoding(
            value = "66 0F 38 29 /r PCMPEQQ Vdq, Wdq",
            feature = SSE4_1,
            vex = "66 0F 38 29 /r VPCMPEQQ Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pcmpeqq(long dst, long src) {
        return dst == src ? -1 : 0;
    }

    @Encoding(
            value = {"NP 0F 64 /r PCMPGTB Pq, Qq", "66 0F 64 /r PCMPGTB Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F 64 /r VPCMPGTB Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pcmpgtb(long dst, long src) {
        return Swar.less(Swar.BYTES, src, dst);
    }

    @Encoding(
            value = {"NP 0F 65 /r PCMPGTW Pq, Qq", "66 0F 65 /r PCMPGTW Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F 65 /r VPCMPGTW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pcmpgtw(long dst, long src) {
        return Swar.less(Swar.WORDS, src, dst);
    }

    @Encoding(
            value = {"NP 0F 66 /r PCMPGTD Pq, Qq", "66 0F 66 /r PCMPGTD Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F 66 /r VPCMPGTD Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pcmpgtd(long dst, long src) {
        return Swar.less(Swar.DWORDS, src, dst);
    }

    @Encoding(
            value = "66 0F 38 37 /r PCMPGTQ Vdq, Wdq",
            feature = SSE4_2,
            vex = "66 0F 38 37 /r VPCMPGTQ Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pcmpgtq(long dst, long src) {
        return dst > src ? -1 : 0;
    }
}
