// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.AVX2;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/**
 * What AVX and AVX2 add to the rearrangement of elements: broadcasts, permutations, halves of ymm (SDM vol. 1, 5.13,
 * 5.14).
 */
final class AvxPermute {
    private AvxPermute() {}

    // ---- broadcasts -----------------------------------------------------------------------------------------------

    @Encoding(vex = "66 W0 0F 38 18 /r:mem VBROADCASTSS Vx, Md")
    static long vbroadcastss(long src) {
        return src << 32 | src & 0xFFFFFFFFL;
    }

    @Encoding(
            vex = {"66 W0 0F 38 18 /r:reg VBROADCASTSS Vx, Ud", "66 W0 0F 38 58 /r VPBROADCASTD Vx, Wd"},
            vexFeature = AVX2)
    static long vpbroadcastd(long src) {
        return src << 32 | src & 0xFFFFFFFFL;
    }

    @Encoding(vex = {"L1 66 W0 0F 38 19 /r:mem VBROADCASTSD Vx, Mq", "L1 66 W0 0F 38 1A /r:mem VBROADCASTF128 Vx, Mdq"})
    static long vbroadcastsd(long src) {
        return src;
    }

    @Encoding(
            vex = {
                "L1 66 W0 0F 38 19 /r:reg VBROADCASTSD Vx, Uq",
                "66 W0 0F 38 59 /r VPBROADCASTQ Vx, Wq",
                "L1 66 W0 0F 38 5A /r:mem VBROADCASTI128 Vx, Mdq"
            },
            vexFeature = AVX2)
    static long vpbroadcastq(long src) {
        return src;
    }

    @Encoding(vex = "66 W0 0F 38 78 /r VPBROADCASTB Vx, Wb", vexFeature = AVX2)
    static long vpbroadcastb(long src) {
        return (src & 0xFF) * 0x0101010101010101L;
    }

    @Encoding(vex = "66 W0 0F 38 79 /r VPBROADCASTW Vx, Ww", vexFeature = AVX2)
    static long vpbroadcastw(long src) {
        return (src & 0xFFFF) * 0x0001000100010001L;
    }

    // ---- within 128 bits ------------------------------------------------------------------------------------------

    @Encoding(vex = "66 W0 0F 3A 04 /r VPERMILPS Vx, Wx, Ib")
    static void vpermilps(Cpu cpu, int dst, long low, long high, long order) {
        SseShuffle.pshufd(cpu, dst, low, high, order);
    }

    /** Bits 1..0 of each doubleword of the second source select one of the first. */
    @Encoding(vex = "66 W0 0F 38 0C /r VPERMILPS Vx, Hx, Wx")
    static void vpermilps(Cpu cpu, int dst, long low, long high) {
        long order = low & 3 | low >> 30 & 12 | (high & 3 | high >> 30 & 12) << 4;
        SseShuffle.pshufd(cpu, dst, cpu.xmm[2 * dst], cpu.xmm[2 * dst + 1], order);
    }

    @Encoding(vex = "66 W0 0F 3A 05 /r VPERMILPD Vx, Wx, Ib2")
    static void vpermilpd(Cpu cpu, int dst, long low, long high, long order) {
        cpu.setXmm(dst, (order & 1) == 0 ? low : high, (order & 2) == 0 ? low : high);
    }

    /** Bit 1 of each quadword of the second source selects one of the first. */
    @Encoding(vex = "66 W0 0F 38 0D /r VPERMILPD Vx, Hx, Wx")
    static void vpermilpd(Cpu cpu, int dst, long low, long high) {
        vpermilpd(cpu, dst, cpu.xmm[2 * dst], cpu.xmm[2 * dst + 1], low >> 1 & 1 | high & 2);
    }

    @Encoding(vex = "66 W0 0F 3A 02 /r VPBLENDD Vx, Hx, Wx, Ib4", vexFeature = AVX2)
    static void vpblendd(Cpu cpu, int dst, long low, long high, long control) {
        SseBlend.blendps(cpu, dst, low, high, control);
    }

    // ---- across the halves of ymm ---------------------------------------------------------------------------------

    @Encoding(
            vex = {"L1 66 W1 0F 3A 00 /r VPERMQ Vqq, Wqq, Ib", "L1 66 W1 0F 3A 01 /r VPERMPD Vqq, Wqq, Ib"},
            vexFeature = AVX2)
    static void vpermq(Cpu cpu, int dst, long a, long b, long c, long d, long order) {
        long[] source = {a, b, c, d};
        int o = (int) order;
        cpu.setYmm(dst, source[o & 3], source[o >> 2 & 3], source[o >> 4 & 3], source[o >> 6 & 3]);
    }

    /** The first source has the numbers of the doublewords. */
    @Encoding(
            vex = {"L1 66 W0 0F 38 36 /r VPERMD Vqq, Hqq, Wqq", "L1 66 W0 0F 38 16 /r VPERMPS Vqq, Hqq, Wqq"},
            vexFeature = AVX2)
    static void vpermd(Cpu cpu, int dst, long n0, long n1, long n2, long n3, long a, long b, long c, long d) {
        long[] source = {a, b, c, d};
        cpu.setYmm(dst, dwordPair(source, n0), dwordPair(source, n1), dwordPair(source, n2), dwordPair(source, n3));
    }

    private static long dwordPair(long[] source, long numbers) {
        return dword(source, (int) numbers) | dword(source, (int) (numbers >> 32)) << 32;
    }

    private static long dword(long[] source, int number) {
        return source[number >> 1 & 3] >>> ((number & 1) << 5) & 0xFFFFFFFFL;
    }

    /** Control: for each half of the result one of four halves (bits 1..0) or zero (bit 3). */
    @Encoding(vex = "L1 66 W0 0F 3A 06 /r VPERM2F128 Vqq, Hqq, Wqq, Ib")
    static void vperm2f128(
            Cpu cpu, int dst, long a, long b, long c, long d, long e, long f, long g, long h, long control) {
        long[] source = {a, b, c, d, e, f, g, h, 0, 0};
        int low = (control & 8) != 0 ? 8 : ((int) control & 3) * 2;
        int high = (control & 0x80) != 0 ? 8 : ((int) control >> 4 & 3) * 2;
        cpu.setYmm(dst, source[low], source[low + 1], source[high], source[high + 1]);
    }

    @Encoding(vex = "L1 66 W0 0F 3A 46 /r VPERM2I128 Vqq, Hqq, Wqq, Ib", vexFeature = AVX2)
    static void vperm2i128(
            Cpu cpu, int dst, long a, long b, long c, long d, long e, long f, long g, long h, long control) {
        vperm2f128(cpu, dst, a, b, c, d, e, f, g, h, control);
    }

    @Encoding(vex = "L1 66 W0 0F 3A 18 /r VINSERTF128 Vqq, Hqq, Wdq, Ib")
    static void vinsertf128(Cpu cpu, int dst, long a, long b, long c, long d, long low, long high, long number) {
        boolean upper = (number & 1) != 0;
        cpu.setYmm(dst, upper ? a : low, upper ? b : high, upper ? low : c, upper ? high : d);
    }

    @Encoding(vex = "L1 66 W0 0F 3A 38 /r VINSERTI128 Vqq, Hqq, Wdq, Ib", vexFeature = AVX2)
    static void vinserti128(Cpu cpu, int dst, long a, long b, long c, long d, long low, long high, long number) {
        vinsertf128(cpu, dst, a, b, c, d, low, high, number);
    }

    @Encoding(vex = "L1 66 W0 0F 3A 19 /r VEXTRACTF128 Wdq, Vqq, Ib")
    static void vextractf128(Cpu cpu, int dst, long a, long b, long c, long d, long number) {
        boolean upper = (number & 1) != 0;
        cpu.setXmm(dst, upper ? c : a, upper ? d : b);
    }

    @Encoding(vex = "L1 66 W0 0F 3A 39 /r VEXTRACTI128 Wdq, Vqq, Ib", vexFeature = AVX2)
    static void vextracti128(Cpu cpu, int dst, long a, long b, long c, long d, long number) {
        vextractf128(cpu, dst, a, b, c, d, number);
    }
}
