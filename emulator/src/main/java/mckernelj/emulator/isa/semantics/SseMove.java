// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.isa.CpuFeature.SSE;
import static mckernelj.emulator.isa.CpuFeature.SSE2;
import static mckernelj.emulator.isa.CpuFeature.SSE3;

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
            feature = SSE)
    static long movaps(long src) {
        return src;
    }

    @Encoding(
            value = {"66 0F 28 /r MOVAPD Vdq, Wdq", "66 0F 29 /r MOVAPD Wdq, Vdq"},
            feature = SSE2)
    static long movapd(long src) {
        return src;
    }

    @Encoding(
            value = {"NP 0F 10 /r MOVUPS Vu, Wu", "NP 0F 11 /r MOVUPS Wu, Vu"},
            feature = SSE)
    static long movups(long src) {
        return src;
    }

    @Encoding(
            value = {"66 0F 10 /r MOVUPD Vu, Wu", "66 0F 11 /r MOVUPD Wu, Vu"},
            feature = SSE2)
    static long movupd(long src) {
        return src;
    }

    @Encoding(
            value = {"66 0F 6F /r MOVDQA Vdq, Wdq", "66 0F 7F /r MOVDQA Wdq, Vdq"},
            feature = SSE2)
    static long movdqa(long src) {
        return src;
    }

    @Encoding(
            value = {"F3 0F 6F /r MOVDQU Vu, Wu", "F3 0F 7F /r MOVDQU Wu, Vu"},
            feature = SSE2)
    static long movdqu(long src) {
        return src;
    }

    /** A load clears the upper bits, a move between registers keeps them. */
    @Encoding(
            value = {"F3 0F 10 /r:mem MOVSS Vd, Md", "F3 0F 10 /r:reg MOVSS Vss, Uss", "F3 0F 11 /r MOVSS Wss, Vss"},
            feature = SSE)
    static long movss(long src) {
        return src;
    }

    /** A load clears the upper bits, a move between registers keeps them. */
    @Encoding(
            value = {"F2 0F 10 /r:mem MOVSD Vq, Mq", "F2 0F 10 /r:reg MOVSD Vsd, Usd", "F2 0F 11 /r MOVSD Wsd, Vsd"},
            feature = SSE2)
    static long movsd(long src) {
        return src;
    }

    @Encoding(
            value = {"F3 0F 7E /r MOVQ Vq, Wq", "66 0F D6 /r MOVQ Wq, Vq"},
            feature = SSE2)
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
            feature = SSE2)
    static long movd(long src) {
        return src;
    }

    @Encoding(
            value = {"NP 0F 12 /r:mem MOVLPS Vsd, Mq", "NP 0F 13 /r:mem MOVLPS Mq, Vsd"},
            feature = SSE)
    static long movlps(long src) {
        return src;
    }

    @Encoding(
            value = {"66 0F 12 /r:mem MOVLPD Vsd, Mq", "66 0F 13 /r:mem MOVLPD Mq, Vsd"},
            feature = SSE2)
    static long movlpd(long src) {
        return src;
    }

    @Encoding(
            value = {"NP 0F 16 /r:mem MOVHPS Vhq, Mq", "NP 0F 17 /r:mem MOVHPS Mq, Vhq"},
            feature = SSE)
    static long movhps(long src) {
        return src;
    }

    @Encoding(
            value = {"66 0F 16 /r:mem MOVHPD Vhq, Mq", "66 0F 17 /r:mem MOVHPD Mq, Vhq"},
            feature = SSE2)
    static long movhpd(long src) {
        return src;
    }

    @Encoding(value = "NP 0F 12 /r:reg MOVHLPS Vsd, Uhq", feature = SSE)
    static long movhlps(long src) {
        return src;
    }

    @Encoding(value = "NP 0F 16 /r:reg MOVLHPS Vhq, Usd", feature = SSE)
    static long movlhps(long src) {
        return src;
    }

    @Encoding(value = "F2 0F 12 /r MOVDDUP Vdq, Wq", feature = SSE3)
    static long movddup(long src) {
        return src;
    }

    @Encoding(value = "F3 0F 16 /r MOVSHDUP Vdq, Wdq", feature = SSE3)
    static long movshdup(long src) {
        return src & 0xFFFFFFFF00000000L | src >>> 32;
    }

    @Encoding(value = "F3 0F 12 /r MOVSLDUP Vdq, Wdq", feature = SSE3)
    static long movsldup(long src) {
        return src << 32 | src & 0xFFFFFFFFL;
    }

    @Encoding(value = "NP 0F 50 /r:reg MOVMSKPS Gd, Udq", feature = SSE)
    static long movmskps(long low, long high) {
        return signPair(low) | signPair(high) << 2;
    }

    @Encoding(value = "66 0F 50 /r:reg MOVMSKPD Gd, Udq", feature = SSE2)
    static long movmskpd(long low, long high) {
        return low >>> 63 | high >>> 63 << 1;
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
