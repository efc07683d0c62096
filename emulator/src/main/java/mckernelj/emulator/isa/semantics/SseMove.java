// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.SSE;
import static mckernelj.emulator.cpu.CpuFeature.SSE2;
import static mckernelj.emulator.cpu.CpuFeature.SSE3;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/**
 * Data transfer of SSE, SSE2 and SSE3 (SDM vol. 1, 5.5.1.1, 5.6.1.1, 5.7.2); moves that bypass the caches are in {@link
 * SseCache}.
 */
final class SseMove {
    private SseMove() {}

    @Encoding(
            value = {"NP 0F 28 /r MOVAPS Vdq, Wdq", "NP 0F 29 /r MOVAPS Wdq, Vdq"},
            feature = SSE,
            vex = {"NP 0F 28 /r VMOVAPS Vx, Wxa", "NP 0F 29 /r VMOVAPS Wxa, Vx"})
    static long movaps(long src) {
        return src;
    }

    @Encoding(
            value = {"66 0F 28 /r MOVAPD Vdq, Wdq", "66 0F 29 /r MOVAPD Wdq, Vdq"},
            feature = SSE2,
            vex = {"66 0F 28 /r VMOVAPD Vx, Wxa", "66 0F 29 /r VMOVAPD Wxa, Vx"})
    static long movapd(long src) {
        return src;
    }

    @Encoding(
            value = {"NP 0F 10 /r MOVUPS Vu, Wu", "NP 0F 11 /r MOVUPS Wu, Vu"},
            feature = SSE,
            vex = {"NP 0F 10 /r VMOVUPS Vx, Wx", "NP 0F 11 /r VMOVUPS Wx, Vx"})
    static long movups(long src) {
        return src;
    }

    @Encoding(
            value = {"66 0F 10 /r MOVUPD Vu, Wu", "66 0F 11 /r MOVUPD Wu, Vu"},
            feature = SSE2,
            vex = {"66 0F 10 /r VMOVUPD Vx, Wx", "66 0F 11 /r VMOVUPD Wx, Vx"})
    static long movupd(long src) {
        return src;
    }

    @Encoding(
            value = {"66 0F 6F /r MOVDQA Vdq, Wdq", "66 0F 7F /r MOVDQA Wdq, Vdq"},
            feature = SSE2,
            vex = {"66 0F 6F /r VMOVDQA Vx, Wxa", "66 0F 7F /r VMOVDQA Wxa, Vx"})
    static long movdqa(long src) {
        return src;
    }

    @Encoding(
            value = {"F3 0F 6F /r MOVDQU Vu, Wu", "F3 0F 7F /r MOVDQU Wu, Vu"},
            feature = SSE2,
            vex = {"F3 0F 6F /r VMOVDQU Vx, Wx", "F3 0F 7F /r VMOVDQU Wx, Vx"})
    static long movdqu(long src) {
        return src;
    }

    /** A load clears the upper bits, a move between registers keeps them. */
    @Encoding(
            value = {"F3 0F 10 /r:mem MOVSS Vd, Md", "F3 0F 10 /r:reg MOVSS Vss, Uss", "F3 0F 11 /r MOVSS Wss, Vss"},
            feature = SSE,
            vex = {
                "F3 0F 10 /r:mem VMOVSS Vd, Md",
                "F3 0F 10 /r:reg VMOVSS Vss, Hss, Uss",
                "F3 0F 11 /r:mem VMOVSS Mss, Vss",
                "F3 0F 11 /r:reg VMOVSS Uss, Hss, Vss"
            })
    static long movss(long src) {
        return src;
    }

    /** A load clears the upper bits, a move between registers keeps them. */
    @Encoding(
            value = {"F2 0F 10 /r:mem MOVSD Vq, Mq", "F2 0F 10 /r:reg MOVSD Vsd, Usd", "F2 0F 11 /r MOVSD Wsd, Vsd"},
            feature = SSE2,
            vex = {
                "F2 0F 10 /r:mem VMOVSD Vq, Mq",
                "F2 0F 10 /r:reg VMOVSD Vsd, Hsd, Usd",
                "F2 0F 11 /r:mem VMOVSD Mq, Vsd",
                "F2 0F 11 /r:reg VMOVSD Usd, Hsd, Vsd"
            })
    static long movsd(long src) {
        return src;
    }

    @Encoding(
            value = {"F3 0F 7E /r MOVQ Vq, Wq", "66 0F D6 /r MOVQ Wq, Vq"},
            feature = SSE2,
            vex = {"L0 F3 0F 7E /r VMOVQ Vq, Wq", "L0 66 0F D6 /r VMOVQ Wq, Vq"})
    static long movq(long src) {
        return src;
    }

    @Encoding(
            value = {
                "66 W0 0F 6E /r MOVD Vd, Ed",
                "66 W1 0F 6E /r MOVQ Vq, Eq",
                "66 W0 0F 7E /r MOVD Ed, Vd",
                "66 W1 0F 7E /r MOVQ Eq, Vq"
            },
            feature = SSE2,
            vex = {
                "L0 66 W0 0F 6E /r VMOVD Vd, Ed",
                "L0 66 W1 0F 6E /r VMOVQ Vq, Eq",
                "L0 66 W0 0F 7E /r VMOVD Ed, Vd",
                "L0 66 W1 0F 7E /r VMOVQ Eq, Vq"
            })
    static long movd(long src) {
        return src;
    }

    @Encoding(
            value = {"NP 0F 12 /r:mem MOVLPS Vsd, Mq", "NP 0F 13 /r:mem MOVLPS Mq, Vsd"},
            feature = SSE,
            vex = {"L0 NP 0F 12 /r:mem VMOVLPS Vsd, Hsd, Mq", "L0 NP 0F 13 /r:mem VMOVLPS Mq, Vsd"})
    static long movlps(long src) {
        return src;
    }

    @Encoding(
            value = {"66 0F 12 /r:mem MOVLPD Vsd, Mq", "66 0F 13 /r:mem MOVLPD Mq, Vsd"},
            feature = SSE2,
            vex = {"L0 66 0F 12 /r:mem VMOVLPD Vsd, Hsd, Mq", "L0 66 0F 13 /r:mem VMOVLPD Mq, Vsd"})
    static long movlpd(long src) {
        return src;
    }

    @Encoding(
            value = {"NP 0F 16 /r:mem MOVHPS Vhq, Mq", "NP 0F 17 /r:mem MOVHPS Mq, Vhq"},
            feature = SSE,
            vex = {"L0 NP 0F 16 /r:mem VMOVHPS Vhq, Hhq, Mq", "L0 NP 0F 17 /r:mem VMOVHPS Mq, Vhq"})
    static long movhps(long src) {
        return src;
    }

    @Encoding(
            value = {"66 0F 16 /r:mem MOVHPD Vhq, Mq", "66 0F 17 /r:mem MOVHPD Mq, Vhq"},
            feature = SSE2,
            vex = {"L0 66 0F 16 /r:mem VMOVHPD Vhq, Hhq, Mq", "L0 66 0F 17 /r:mem VMOVHPD Mq, Vhq"})
    static long movhpd(long src) {
        return src;
    }

    @Encoding(
            value = "NP 0F 12 /r:reg MOVHLPS Vsd, Uhq",
            feature = SSE,
            vex = "L0 NP 0F 12 /r:reg VMOVHLPS Vsd, Hsd, Uhq")
    static long movhlps(long src) {
        return src;
    }

    @Encoding(
            value = "NP 0F 16 /r:reg MOVLHPS Vhq, Usd",
            feature = SSE,
            vex = "L0 NP 0F 16 /r:reg VMOVLHPS Vhq, Hhq, Usd")
    static long movlhps(long src) {
        return src;
    }

    @Encoding(value = "F2 0F 12 /r MOVDDUP Vdq, Wq", feature = SSE3, vex = "L0 F2 0F 12 /r VMOVDDUP Vdq, Wq")
    static long movddup(long src) {
        return src;
    }

    @Encoding(value = "F3 0F 16 /r MOVSHDUP Vdq, Wdq", feature = SSE3, vex = "F3 0F 16 /r VMOVSHDUP Vx, Wx")
    static long movshdup(long src) {
        return src & 0xFFFFFFFF00000000L | src >>> 32;
    }

    @Encoding(value = "F3 0F 12 /r MOVSLDUP Vdq, Wdq", feature = SSE3, vex = "F3 0F 12 /r VMOVSLDUP Vx, Wx")
    static long movsldup(long src) {
        return src << 32 | src & 0xFFFFFFFFL;
    }

    @Encoding(value = "NP 0F 50 /r:reg MOVMSKPS Gd, Udq", feature = SSE, vex = "L0 NP 0F 50 /r:reg VMOVMSKPS Gd, Udq")
    static long movmskps(long low, long high) {
        return signPair(low) | signPair(high) << 2;
    }

    @Encoding(value = "66 0F 50 /r:reg MOVMSKPD Gd, Udq", feature = SSE2, vex = "L0 66 0F 50 /r:reg VMOVMSKPD Gd, Udq")
    static long movmskpd(long low, long high) {
        return low >>> 63 | high >>> 63 << 1;
    }

    @Encoding(vex = "L1 NP 0F 50 /r:reg VMOVMSKPS Gd, Uqq")
    static long vmovmskps(long a, long b, long c, long d) {
        return movmskps(a, b) | movmskps(c, d) << 4;
    }

    @Encoding(vex = "L1 66 0F 50 /r:reg VMOVMSKPD Gd, Uqq")
    static long vmovmskpd(long a, long b, long c, long d) {
        return movmskpd(a, b) | movmskpd(c, d) << 2;
    }

    /** The even quadwords of both halves. */
    @Encoding(vex = "L1 F2 0F 12 /r VMOVDDUP Vx, Wx")
    static void vmovddup(Cpu cpu, int dst, long low, long high) {
        cpu.setXmm(dst, low, low);
    }

    private static long signPair(long lane) {
        return lane >>> 31 & 1 | lane >>> 63 << 1;
    }

    @Encoding(value = "F3 0F D6 /r:reg MOVQ2DQ Vq, Nq", feature = SSE2)
    static long movq2dq(Cpu cpu, long src) {
        cpu.x87.enterMmx();
        return src;
    }

    @Encoding(value = "F2 0F D6 /r:reg MOVDQ2Q Pq, Uq", feature = SSE2)
    static long movdq2q(long src) {
        return src;
    }
}
