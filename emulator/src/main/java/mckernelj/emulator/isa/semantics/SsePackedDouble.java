// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.SSE2;
import static mckernelj.emulator.cpu.CpuFeature.SSE3;
import static mckernelj.emulator.cpu.CpuFeature.SSE4_1;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/** Packed double-precision arithmetic (SDM vol. 1, 5.6.1.2, 5.7.3 to 5.7.5, 5.10.3, 5.10.5). */
final class SsePackedDouble {
    private SsePackedDouble() {}

    @Encoding(value = "66 0F 58 /r ADDPD Vdq, Wdq", feature = SSE2, vex = "66 0F 58 /r VADDPD Vx, Hx, Wx")
    static long addpd(Cpu cpu, long dst, long src) {
        return Binary64.add(cpu, dst, src);
    }

    @Encoding(value = "66 0F 5C /r SUBPD Vdq, Wdq", feature = SSE2, vex = "66 0F 5C /r VSUBPD Vx, Hx, Wx")
    static long subpd(Cpu cpu, long dst, long src) {
        return Binary64.subtract(cpu, dst, src);
    }

    @Encoding(value = "66 0F 59 /r MULPD Vdq, Wdq", feature = SSE2, vex = "66 0F 59 /r VMULPD Vx, Hx, Wx")
    static long mulpd(Cpu cpu, long dst, long src) {
        return Binary64.multiply(cpu, dst, src);
    }

    @Encoding(value = "66 0F 5E /r DIVPD Vdq, Wdq", feature = SSE2, vex = "66 0F 5E /r VDIVPD Vx, Hx, Wx")
    static long divpd(Cpu cpu, long dst, long src) {
        return Binary64.divide(cpu, dst, src);
    }

    @Encoding(value = "66 0F 51 /r SQRTPD Vdq, Wdq", feature = SSE2, vex = "66 0F 51 /r VSQRTPD Vx, Wx")
    static long sqrtpd(Cpu cpu, long src) {
        return Binary64.squareRoot(cpu, src);
    }

    @Encoding(value = "66 0F 5D /r MINPD Vdq, Wdq", feature = SSE2, vex = "66 0F 5D /r VMINPD Vx, Hx, Wx")
    static long minpd(Cpu cpu, long dst, long src) {
        return Binary64.min(cpu, dst, src);
    }

    @Encoding(value = "66 0F 5F /r MAXPD Vdq, Wdq", feature = SSE2, vex = "66 0F 5F /r VMAXPD Vx, Hx, Wx")
    static long maxpd(Cpu cpu, long dst, long src) {
        return Binary64.max(cpu, dst, src);
    }

    @Encoding(value = "66 0F D0 /r ADDSUBPD Vdq, Wdq", feature = SSE3, vex = "66 0F D0 /r VADDSUBPD Vx, Hx, Wx")
    static void addsubpd(Cpu cpu, int dst, long low, long high) {
        long difference = Binary64.subtract(cpu, cpu.xmm[2 * dst], low);
        cpu.setXmm(dst, difference, Binary64.add(cpu, cpu.xmm[2 * dst + 1], high));
    }

    @Encoding(value = "66 0F 7C /r HADDPD Vdq, Wdq", feature = SSE3, vex = "66 0F 7C /r VHADDPD Vx, Hx, Wx")
    static void haddpd(Cpu cpu, int dst, long low, long high) {
        long sum = Binary64.add(cpu, cpu.xmm[2 * dst], cpu.xmm[2 * dst + 1]);
        cpu.setXmm(dst, sum, Binary64.add(cpu, low, high));
    }

    @Encoding(value = "66 0F 7D /r HSUBPD Vdq, Wdq", feature = SSE3, vex = "66 0F 7D /r VHSUBPD Vx, Hx, Wx")
    static void hsubpd(Cpu cpu, int dst, long low, long high) {
        long difference = Binary64.subtract(cpu, cpu.xmm[2 * dst], cpu.xmm[2 * dst + 1]);
        cpu.setXmm(dst, difference, Binary64.subtract(cpu, low, high));
    }

    /** Control: products to sum (5..4), results to write (1..0), else zero. */
    @Encoding(
            value = "66 0F 3A 41 /r DPPD Vdq, Wdq, Ib",
            feature = SSE4_1,
            vex = "L0 66 0F 3A 41 /r VDPPD Vdq, Hdq, Wdq, Ib")
    static void dppd(Cpu cpu, int dst, long low, long high, long control) {
        long first = (control & 0x10) != 0 ? Binary64.multiply(cpu, cpu.xmm[2 * dst], low) : 0;
        long second = (control & 0x20) != 0 ? Binary64.multiply(cpu, cpu.xmm[2 * dst + 1], high) : 0;
        long lowSum = Binary64.add(cpu, first, second);
        long highSum = Binary64.add(cpu, second, first); // keeps the other one of two NaNs
        cpu.setXmm(dst, (control & 1) != 0 ? lowSum : 0, (control & 2) != 0 ? highSum : 0);
    }

    @Encoding(
            value = "66 0F 3A 09 /r ROUNDPD Vdq, Wdq, Ib",
            feature = SSE4_1,
            vex = "66 0F 3A 09 /r VROUNDPD Vx, Wx, Ib")
    static long roundpd(Cpu cpu, long src, long control) {
        return Binary64.round(cpu, src, control);
    }
}
