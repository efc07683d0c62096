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

/**
 * Packed integer addition, subtraction, average, extremes and signs (SDM vol. 1, 5.4.3, 5.5.2, 5.6.3, 5.8.2 ff.,
 * 5.10.5).
 */
final class SseIntegerArithmetic {
    private SseIntegerArithmetic() {}

    @Encoding(
            value = {"NP 0F FC /r PADDB Pq, Qq", "66 0F FC /r PADDB Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F FC /r VPADDB Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long paddb(long dst, long src) {
        return Swar.add(Swar.BYTES, dst, src);
    }

    @Encoding(
            value = {"NP 0F FD /r PADDW Pq, Qq", "66 0F FD /r PADDW Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F FD /r VPADDW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long paddw(long dst, long src) {
        return Swar.add(Swar.WORDS, dst, src);
    }

    @Encoding(
            value = {"NP 0F FE /r PADDD Pq, Qq", "66 0F FE /r PADDD Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F FE /r VPADDD Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long paddd(long dst, long src) {
        return Swar.add(Swar.DWORDS, dst, src);
    }

    @Encoding(
            value = {"NP 0F D4 /r PADDQ Pq, Qq", "66 0F D4 /r PADDQ Vdq, Wdq"},
            feature = SSE2,
            vex = "66 0F D4 /r VPADDQ Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long paddq(long dst, long src) {
        return dst + src;
    }

    @Encoding(
            value = {"NP 0F F8 /r PSUBB Pq, Qq", "66 0F F8 /r PSUBB Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F F8 /r VPSUBB Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long psubb(long dst, long src) {
        return Swar.subtract(Swar.BYTES, dst, src);
    }

    @Encoding(
            value = {"NP 0F F9 /r PSUBW Pq, Qq", "66 0F F9 /r PSUBW Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F F9 /r VPSUBW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long psubw(long dst, long src) {
        return Swar.subtract(Swar.WORDS, dst, src);
    }

    @Encoding(
            value = {"NP 0F FA /r PSUBD Pq, Qq", "66 0F FA /r PSUBD Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F FA /r VPSUBD Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long psubd(long dst, long src) {
        return Swar.subtract(Swar.DWORDS, dst, src);
    }

    @Encoding(
            value = {"NP 0F FB /r PSUBQ Pq, Qq", "66 0F FB /r PSUBQ Vdq, Wdq"},
            feature = SSE2,
            vex = "66 0F FB /r VPSUBQ Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long psubq(long dst, long src) {
        return dst - src;
    }

    @Encoding(
            value = {"NP 0F EC /r PADDSB Pq, Qq", "66 0F EC /r PADDSB Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F EC /r VPADDSB Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long paddsb(long dst, long src) {
        return addSigned(Swar.BYTES, dst, src);
    }

    @Encoding(
            value = {"NP 0F ED /r PADDSW Pq, Qq", "66 0F ED /r PADDSW Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F ED /r VPADDSW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long paddsw(long dst, long src) {
        return addSigned(Swar.WORDS, dst, src);
    }

    @Encoding(
            value = {"NP 0F E8 /r PSUBSB Pq, Qq", "66 0F E8 /r PSUBSB Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F E8 /r VPSUBSB Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long psubsb(long dst, long src) {
        return subtractSigned(Swar.BYTES, dst, src);
    }

    @Encoding(
            value = {"NP 0F E9 /r PSUBSW Pq, Qq", "66 0F E9 /r PSUBSW Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F E9 /r VPSUBSW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long psubsw(long dst, long src) {
        return subtractSigned(Swar.WORDS, dst, src);
    }

    @Encoding(
            value = {"NP 0F DC /r PADDUSB Pq, Qq", "66 0F DC /r PADDUSB Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F DC /r VPADDUSB Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long paddusb(long dst, long src) {
        long sum = Swar.add(Swar.BYTES, dst, src);
        return sum | Swar.fill(Swar.BYTES, (dst & src | (dst | src) & ~sum) & Swar.BYTES);
    }

    @Encoding(
            value = {"NP 0F DD /r PADDUSW Pq, Qq", "66 0F DD /r PADDUSW Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F DD /r VPADDUSW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long paddusw(long dst, long src) {
        long sum = Swar.add(Swar.WORDS, dst, src);
        return sum | Swar.fill(Swar.WORDS, (dst & src | (dst | src) & ~sum) & Swar.WORDS);
    }

    @Encoding(
            value = {"NP 0F D8 /r PSUBUSB Pq, Qq", "66 0F D8 /r PSUBUSB Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F D8 /r VPSUBUSB Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long psubusb(long dst, long src) {
        return Swar.subtract(Swar.BYTES, dst, src) & ~Swar.below(Swar.BYTES, dst, src);
    }

    @Encoding(
            value = {"NP 0F D9 /r PSUBUSW Pq, Qq", "66 0F D9 /r PSUBUSW Vdq, Wdq"},
            feature = MMX,
            vex = "66 0F D9 /r VPSUBUSW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long psubusw(long dst, long src) {
        return Swar.subtract(Swar.WORDS, dst, src) & ~Swar.below(Swar.WORDS, dst, src);
    }

    private static long addSigned(long signs, long a, long b) {
        long sum = Swar.add(signs, a, b);
        return saturate(signs, a, sum, ~(a ^ b) & (a ^ sum) & signs);
    }

    private static long subtractSigned(long signs, long a, long b) {
        long difference = Swar.subtract(signs, a, b);
        return saturate(signs, a, difference, (a ^ b) & (a ^ difference) & signs);
    }

    /** Where a bit of {@code overflows} is set: the greatest value, or the least one if {@code a} is negative. */
    private static long saturate(long signs, long a, long wrapped, long overflows) {
        long limit = ~signs + ((a & signs) >>> Long.numberOfTrailingZeros(signs));
        return Swar.select(Swar.fill(signs, overflows), limit, wrapped);
    }

    @Encoding(
            value = {"NP 0F E0 /r PAVGB Pq, Qq", "66 0F E0 /r PAVGB Vdq, Wdq"},
            feature = SSE,
            vex = "66 0F E0 /r VPAVGB Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pavgb(long dst, long src) {
        return (dst | src) - ((dst ^ src) >>> 1 & 0x7F7F7F7F7F7F7F7FL);
    }

    @Encoding(
            value = {"NP 0F E3 /r PAVGW Pq, Qq", "66 0F E3 /r PAVGW Vdq, Wdq"},
            feature = SSE,
            vex = "66 0F E3 /r VPAVGW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pavgw(long dst, long src) {
        return (dst | src) - ((dst ^ src) >>> 1 & 0x7FFF7FFF7FFF7FFFL);
    }

    @Encoding(
            value = {"NP 0F DA /r PMINUB Pq, Qq", "66 0F DA /r PMINUB Vdq, Wdq"},
            feature = SSE,
            vex = "66 0F DA /r VPMINUB Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pminub(long dst, long src) {
        return Swar.select(Swar.below(Swar.BYTES, src, dst), src, dst);
    }

    @Encoding(
            value = {"NP 0F EA /r PMINSW Pq, Qq", "66 0F EA /r PMINSW Vdq, Wdq"},
            feature = SSE,
            vex = "66 0F EA /r VPMINSW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pminsw(long dst, long src) {
        return Swar.select(Swar.less(Swar.WORDS, src, dst), src, dst);
    }

    @Encoding(
            value = "66 0F 38 38 /r PMINSB Vdq, Wdq",
            feature = SSE4_1,
            vex = "66 0F 38 38 /r VPMINSB Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pminsb(long dst, long src) {
        return Swar.select(Swar.less(Swar.BYTES, src, dst), src, dst);
    }

    @Encoding(
            value = "66 0F 38 39 /r PMINSD Vdq, Wdq",
            feature = SSE4_1,
            vex = "66 0F 38 39 /r VPMINSD Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pminsd(long dst, long src) {
        return Swar.select(Swar.less(Swar.DWORDS, src, dst), src, dst);
    }

    @Encoding(
            value = "66 0F 38 3A /r PMINUW Vdq, Wdq",
            feature = SSE4_1,
            vex = "66 0F 38 3A /r VPMINUW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pminuw(long dst, long src) {
        return Swar.select(Swar.below(Swar.WORDS, src, dst), src, dst);
    }

    @Encoding(
            value = "66 0F 38 3B /r PMINUD Vdq, Wdq",
            feature = SSE4_1,
            vex = "66 0F 38 3B /r VPMINUD Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pminud(long dst, long src) {
        return Swar.select(Swar.below(Swar.DWORDS, src, dst), src, dst);
    }

    @Encoding(
            value = {"NP 0F DE /r PMAXUB Pq, Qq", "66 0F DE /r PMAXUB Vdq, Wdq"},
            feature = SSE,
            vex = "66 0F DE /r VPMAXUB Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pmaxub(long dst, long src) {
        return Swar.select(Swar.below(Swar.BYTES, dst, src), src, dst);
    }

    @Encoding(
            value = {"NP 0F EE /r PMAXSW Pq, Qq", "66 0F EE /r PMAXSW Vdq, Wdq"},
            feature = SSE,
            vex = "66 0F EE /r VPMAXSW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pmaxsw(long dst, long src) {
        return Swar.select(Swar.less(Swar.WORDS, dst, src), src, dst);
    }

    @Encoding(
            value = "66 0F 38 3C /r PMAXSB Vdq, Wdq",
            feature = SSE4_1,
            vex = "66 0F 38 3C /r VPMAXSB Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pmaxsb(long dst, long src) {
        return Swar.select(Swar.less(Swar.BYTES, dst, src), src, dst);
    }

    @Encoding(
            value = "66 0F 38 3D /r PMAXSD Vdq, Wdq",
            feature = SSE4_1,
            vex = "66 0F 38 3D /r VPMAXSD Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pmaxsd(long dst, long src) {
        return Swar.select(Swar.less(Swar.DWORDS, dst, src), src, dst);
    }

    @Encoding(
            value = "66 0F 38 3E /r PMAXUW Vdq, Wdq",
            feature = SSE4_1,
            vex = "66 0F 38 3E /r VPMAXUW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pmaxuw(long dst, long src) {
        return Swar.select(Swar.below(Swar.WORDS, dst, src), src, dst);
    }

    @Encoding(
            value = "66 0F 38 3F /r PMAXUD Vdq, Wdq",
            feature = SSE4_1,
            vex = "66 0F 38 3F /r VPMAXUD Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long pmaxud(long dst, long src) {
        return Swar.select(Swar.below(Swar.DWORDS, dst, src), src, dst);
    }

    @Encoding(
            value = {"NP 0F 38 1C /r PABSB Pq, Qq", "66 0F 38 1C /r PABSB Vdq, Wdq"},
            feature = SSSE3,
            vex = "66 0F 38 1C /r VPABSB Vx, Wx",
            ymmFeature = AVX2)
    static long pabsb(long src) {
        return negate(Swar.BYTES, src, Swar.fill(Swar.BYTES, src & Swar.BYTES));
    }

    @Encoding(
            value = {"NP 0F 38 1D /r PABSW Pq, Qq", "66 0F 38 1D /r PABSW Vdq, Wdq"},
            feature = SSSE3,
            vex = "66 0F 38 1D /r VPABSW Vx, Wx",
            ymmFeature = AVX2)
    static long pabsw(long src) {
        return negate(Swar.WORDS, src, Swar.fill(Swar.WORDS, src & Swar.WORDS));
    }

    @Encoding(
            value = {"NP 0F 38 1E /r PABSD Pq, Qq", "66 0F 38 1E /r PABSD Vdq, Wdq"},
            feature = SSSE3,
            vex = "66 0F 38 1E /r VPABSD Vx, Wx",
            ymmFeature = AVX2)
    static long pabsd(long src) {
        return negate(Swar.DWORDS, src, Swar.fill(Swar.DWORDS, src & Swar.DWORDS));
    }

    @Encoding(
            value = {"NP 0F 38 08 /r PSIGNB Pq, Qq", "66 0F 38 08 /r PSIGNB Vdq, Wdq"},
            feature = SSSE3,
            vex = "66 0F 38 08 /r VPSIGNB Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long psignb(long dst, long src) {
        return sign(Swar.BYTES, dst, src);
    }

    @Encoding(
            value = {"NP 0F 38 09 /r PSIGNW Pq, Qq", "66 0F 38 09 /r PSIGNW Vdq, Wdq"},
            feature = SSSE3,
            vex = "66 0F 38 09 /r VPSIGNW Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long psignw(long dst, long src) {
        return sign(Swar.WORDS, dst, src);
    }

    @Encoding(
            value = {"NP 0F 38 0A /r PSIGND Pq, Qq", "66 0F 38 0A /r PSIGND Vdq, Wdq"},
            feature = SSSE3,
            vex = "66 0F 38 0A /r VPSIGND Vx, Hx, Wx",
            ymmFeature = AVX2)
    static long psignd(long dst, long src) {
        return sign(Swar.DWORDS, dst, src);
    }

    private static long sign(long signs, long a, long b) {
        return negate(signs, a, Swar.fill(signs, b & signs)) & ~Swar.equal(signs, b, 0);
    }

    /** Negates the elements where {@code mask} is all ones. */
    private static long negate(long signs, long a, long mask) {
        return Swar.subtract(signs, a ^ mask, mask);
    }
}
