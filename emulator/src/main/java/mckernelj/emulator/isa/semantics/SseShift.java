// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.AVX2;
import static mckernelj.emulator.cpu.CpuFeature.MMX;
import static mckernelj.emulator.cpu.CpuFeature.SSE2;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/**
 * Packed shifts (SDM vol. 1, 5.4.6, 5.6.3). Counts are unsigned 64-bit numbers; an immediate arrives sign-extended,
 * which changes nothing, since all counts beyond the element size act alike.
 */
final class SseShift {
    private SseShift() {}

    @Encoding(
            value = {"NP 0F F1 /r PSLLW Pq, Qq", "NP 0F 71 /6:reg PSLLW Nq, Ib", "66 0F 71 /6:reg PSLLW Udq, Ib"},
            feature = MMX,
            vex = "66 0F 71 /6:reg VPSLLW Hx, Ux, Ib",
            ymmFeature = AVX2)
    static long psllw(long dst, long count) {
        if (Long.compareUnsigned(count, 15) > 0) {
            return 0;
        }
        return dst << count & 0x0001000100010001L * (0xFFFFL << count & 0xFFFFL);
    }

    @Encoding(
            value = "66 0F F1 /r PSLLW Vdq, Wdq",
            feature = SSE2,
            vex = "66 0F F1 /r VPSLLW Vx, Hx, Wdq",
            ymmFeature = AVX2)
    static void psllw(Cpu cpu, int dst, long count, long unused) {
        cpu.setXmm(dst, psllw(cpu.xmm[2 * dst], count), psllw(cpu.xmm[2 * dst + 1], count));
    }

    @Encoding(
            value = {"NP 0F F2 /r PSLLD Pq, Qq", "NP 0F 72 /6:reg PSLLD Nq, Ib", "66 0F 72 /6:reg PSLLD Udq, Ib"},
            feature = MMX,
            vex = "66 0F 72 /6:reg VPSLLD Hx, Ux, Ib",
            ymmFeature = AVX2)
    static long pslld(long dst, long count) {
        if (Long.compareUnsigned(count, 31) > 0) {
            return 0;
        }
        return dst << count & 0x0000000100000001L * (0xFFFFFFFFL << count & 0xFFFFFFFFL);
    }

    @Encoding(
            value = "66 0F F2 /r PSLLD Vdq, Wdq",
            feature = SSE2,
            vex = "66 0F F2 /r VPSLLD Vx, Hx, Wdq",
            ymmFeature = AVX2)
    static void pslld(Cpu cpu, int dst, long count, long unused) {
        cpu.setXmm(dst, pslld(cpu.xmm[2 * dst], count), pslld(cpu.xmm[2 * dst + 1], count));
    }

    @Encoding(
            value = {"NP 0F F3 /r PSLLQ Pq, Qq", "NP 0F 73 /6:reg PSLLQ Nq, Ib", "66 0F 73 /6:reg PSLLQ Udq, Ib"},
            feature = MMX,
            vex = "66 0F 73 /6:reg VPSLLQ Hx, Ux, Ib",
            ymmFeature = AVX2)
    static long psllq(long dst, long count) {
        return Long.compareUnsigned(count, 63) > 0 ? 0 : dst << count;
    }

    @Encoding(
            value = "66 0F F3 /r PSLLQ Vdq, Wdq",
            feature = SSE2,
            vex = "66 0F F3 /r VPSLLQ Vx, Hx, Wdq",
            ymmFeature = AVX2)
    static void psllq(Cpu cpu, int dst, long count, long unused) {
        cpu.setXmm(dst, psllq(cpu.xmm[2 * dst], count), psllq(cpu.xmm[2 * dst + 1], count));
    }

    @Encoding(
            value = {"NP 0F D1 /r PSRLW Pq, Qq", "NP 0F 71 /2:reg PSRLW Nq, Ib", "66 0F 71 /2:reg PSRLW Udq, Ib"},
            feature = MMX,
            vex = "66 0F 71 /2:reg VPSRLW Hx, Ux, Ib",
            ymmFeature = AVX2)
    static long psrlw(long dst, long count) {
        if (Long.compareUnsigned(count, 15) > 0) {
            return 0;
        }
        return dst >>> count & 0x0001000100010001L * (0xFFFFL >>> count);
    }

    @Encoding(
            value = "66 0F D1 /r PSRLW Vdq, Wdq",
            feature = SSE2,
            vex = "66 0F D1 /r VPSRLW Vx, Hx, Wdq",
            ymmFeature = AVX2)
    static void psrlw(Cpu cpu, int dst, long count, long unused) {
        cpu.setXmm(dst, psrlw(cpu.xmm[2 * dst], count), psrlw(cpu.xmm[2 * dst + 1], count));
    }

    @Encoding(
            value = {"NP 0F D2 /r PSRLD Pq, Qq", "NP 0F 72 /2:reg PSRLD Nq, Ib", "66 0F 72 /2:reg PSRLD Udq, Ib"},
            feature = MMX,
            vex = "66 0F 72 /2:reg VPSRLD Hx, Ux, Ib",
            ymmFeature = AVX2)
    static long psrld(long dst, long count) {
        if (Long.compareUnsigned(count, 31) > 0) {
            return 0;
        }
        return dst >>> count & 0x0000000100000001L * (0xFFFFFFFFL >>> count);
    }

    @Encoding(
            value = "66 0F D2 /r PSRLD Vdq, Wdq",
            feature = SSE2,
            vex = "66 0F D2 /r VPSRLD Vx, Hx, Wdq",
            ymmFeature = AVX2)
    static void psrld(Cpu cpu, int dst, long count, long unused) {
        cpu.setXmm(dst, psrld(cpu.xmm[2 * dst], count), psrld(cpu.xmm[2 * dst + 1], count));
    }

    @Encoding(
            value = {"NP 0F D3 /r PSRLQ Pq, Qq", "NP 0F 73 /2:reg PSRLQ Nq, Ib", "66 0F 73 /2:reg PSRLQ Udq, Ib"},
            feature = MMX,
            vex = "66 0F 73 /2:reg VPSRLQ Hx, Ux, Ib",
            ymmFeature = AVX2)
    static long psrlq(long dst, long count) {
        return Long.compareUnsigned(count, 63) > 0 ? 0 : dst >>> count;
    }

    @Encoding(
            value = "66 0F D3 /r PSRLQ Vdq, Wdq",
            feature = SSE2,
            vex = "66 0F D3 /r VPSRLQ Vx, Hx, Wdq",
            ymmFeature = AVX2)
    static void psrlq(Cpu cpu, int dst, long count, long unused) {
        cpu.setXmm(dst, psrlq(cpu.xmm[2 * dst], count), psrlq(cpu.xmm[2 * dst + 1], count));
    }

    @Encoding(
            value = {"NP 0F E1 /r PSRAW Pq, Qq", "NP 0F 71 /4:reg PSRAW Nq, Ib", "66 0F 71 /4:reg PSRAW Udq, Ib"},
            feature = MMX,
            vex = "66 0F 71 /4:reg VPSRAW Hx, Ux, Ib",
            ymmFeature = AVX2)
    static long psraw(long dst, long count) {
        long bits = Long.compareUnsigned(count, 15) > 0 ? 15 : count;
        long signs = Swar.WORDS >>> bits;
        return Swar.subtract(Swar.WORDS, psrlw(dst, bits) ^ signs, signs);
    }

    @Encoding(
            value = "66 0F E1 /r PSRAW Vdq, Wdq",
            feature = SSE2,
            vex = "66 0F E1 /r VPSRAW Vx, Hx, Wdq",
            ymmFeature = AVX2)
    static void psraw(Cpu cpu, int dst, long count, long unused) {
        cpu.setXmm(dst, psraw(cpu.xmm[2 * dst], count), psraw(cpu.xmm[2 * dst + 1], count));
    }

    @Encoding(
            value = {"NP 0F E2 /r PSRAD Pq, Qq", "NP 0F 72 /4:reg PSRAD Nq, Ib", "66 0F 72 /4:reg PSRAD Udq, Ib"},
            feature = MMX,
            vex = "66 0F 72 /4:reg VPSRAD Hx, Ux, Ib",
            ymmFeature = AVX2)
    static long psrad(long dst, long count) {
        long bits = Long.compareUnsigned(count, 31) > 0 ? 31 : count;
        return dst >> bits & 0xFFFFFFFF00000000L | (int) dst >> bits & 0xFFFFFFFFL;
    }

    @Encoding(
            value = "66 0F E2 /r PSRAD Vdq, Wdq",
            feature = SSE2,
            vex = "66 0F E2 /r VPSRAD Vx, Hx, Wdq",
            ymmFeature = AVX2)
    static void psrad(Cpu cpu, int dst, long count, long unused) {
        cpu.setXmm(dst, psrad(cpu.xmm[2 * dst], count), psrad(cpu.xmm[2 * dst + 1], count));
    }

    /** Shifts the whole register by bytes; a count above 15 clears it. */
    @Encoding(
            value = "66 0F 73 /7:reg PSLLDQ Udq, Ib",
            feature = SSE2,
            vex = "66 0F 73 /7:reg VPSLLDQ Hx, Ux, Ib",
            ymmFeature = AVX2)
    static void pslldq(Cpu cpu, int dst, long bytes) {
        int bits = (int) Math.min(bytes & 0xFF, 16) * 8;
        long low = cpu.xmm[2 * dst];
        long high = cpu.xmm[2 * dst + 1];
        cpu.setXmm(dst, psllq(low, bits), psllq(high, bits) | psllq(low, bits - 64) | psrlq(low, 64 - bits));
    }

    /** Shifts the whole register by bytes; a count above 15 clears it. */
    @Encoding(
            value = "66 0F 73 /3:reg PSRLDQ Udq, Ib",
            feature = SSE2,
            vex = "66 0F 73 /3:reg VPSRLDQ Hx, Ux, Ib",
            ymmFeature = AVX2)
    static void psrldq(Cpu cpu, int dst, long bytes) {
        int bits = (int) Math.min(bytes & 0xFF, 16) * 8;
        long low = cpu.xmm[2 * dst];
        long high = cpu.xmm[2 * dst + 1];
        cpu.setXmm(dst, psrlq(low, bits) | psrlq(high, bits - 64) | psllq(high, 64 - bits), psrlq(high, bits));
    }
}
