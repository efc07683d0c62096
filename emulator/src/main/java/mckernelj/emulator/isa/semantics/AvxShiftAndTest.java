// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.AVX2;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/** Shifts by a count for each element, sign tests and the clearing of ymm registers (SDM vol. 1, 5.13, 5.14). */
final class AvxShiftAndTest {
    private static final long SIGN = Long.MIN_VALUE;

    private AvxShiftAndTest() {}

    @Encoding(vex = "66 W0 0F 38 47 /r VPSLLVD Vx, Hx, Wx", vexFeature = AVX2)
    static long vpsllvd(long src, long counts) {
        return shiftLeft(src, (int) counts) | shiftLeft(src >>> 32, (int) (counts >>> 32)) << 32;
    }

    private static long shiftLeft(long dword, int count) {
        return Integer.compareUnsigned(count, 31) > 0 ? 0 : dword << count & 0xFFFFFFFFL;
    }

    @Encoding(vex = "66 W1 0F 38 47 /r VPSLLVQ Vx, Hx, Wx", vexFeature = AVX2)
    static long vpsllvq(long src, long count) {
        return SseShift.psllq(src, count);
    }

    @Encoding(vex = "66 W0 0F 38 45 /r VPSRLVD Vx, Hx, Wx", vexFeature = AVX2)
    static long vpsrlvd(long src, long counts) {
        return shiftRight(src, (int) counts) | shiftRight(src >>> 32, (int) (counts >>> 32)) << 32;
    }

    private static long shiftRight(long dword, int count) {
        return Integer.compareUnsigned(count, 31) > 0 ? 0 : (dword & 0xFFFFFFFFL) >>> count;
    }

    @Encoding(vex = "66 W1 0F 38 45 /r VPSRLVQ Vx, Hx, Wx", vexFeature = AVX2)
    static long vpsrlvq(long src, long count) {
        return SseShift.psrlq(src, count);
    }

    @Encoding(vex = "66 W0 0F 38 46 /r VPSRAVD Vx, Hx, Wx", vexFeature = AVX2)
    static long vpsravd(long src, long counts) {
        return Binary32.pair(
                (int) src >> arithmeticCount((int) counts),
                (int) (src >>> 32) >> arithmeticCount((int) (counts >>> 32)));
    }

    private static int arithmeticCount(int count) {
        return Integer.compareUnsigned(count, 31) > 0 ? 31 : count;
    }

    @Encoding(vex = "L0 66 W0 0F 38 0E /r VTESTPS Vdq, Wdq")
    static void vtestps(Cpu cpu, long dstLow, long dstHigh, long low, long high) {
        vtestps(cpu, dstLow, dstHigh, 0, 0, low, high, 0, 0);
    }

    @Encoding(vex = "L1 66 W0 0F 38 0E /r VTESTPS Vqq, Wqq")
    static void vtestps(Cpu cpu, long d0, long d1, long d2, long d3, long s0, long s1, long s2, long s3) {
        long common = d0 & s0 | d1 & s1 | d2 & s2 | d3 & s3;
        long missing = ~d0 & s0 | ~d1 & s1 | ~d2 & s2 | ~d3 & s3;
        SseLogical.setTestFlags(cpu, common & Swar.DWORDS, missing & Swar.DWORDS);
    }

    @Encoding(vex = "L0 66 W0 0F 38 0F /r VTESTPD Vdq, Wdq")
    static void vtestpd(Cpu cpu, long dstLow, long dstHigh, long low, long high) {
        vtestpd(cpu, dstLow, dstHigh, 0, 0, low, high, 0, 0);
    }

    @Encoding(vex = "L1 66 W0 0F 38 0F /r VTESTPD Vqq, Wqq")
    static void vtestpd(Cpu cpu, long d0, long d1, long d2, long d3, long s0, long s1, long s2, long s3) {
        long common = d0 & s0 | d1 & s1 | d2 & s2 | d3 & s3;
        long missing = ~d0 & s0 | ~d1 & s1 | ~d2 & s2 | ~d3 & s3;
        SseLogical.setTestFlags(cpu, common & SIGN, missing & SIGN);
    }

    @Encoding(vex = "L0 NP 0F 77 VZEROUPPER")
    static void vzeroupper(Cpu cpu) {
        for (int i = 0; i < registers(cpu); i++) {
            cpu.clearYmmHigh(i);
        }
    }

    @Encoding(vex = "L1 NP 0F 77 VZEROALL")
    static void vzeroall(Cpu cpu) {
        for (int i = 0; i < registers(cpu); i++) {
            cpu.setYmm(i, 0, 0, 0, 0);
        }
    }

    private static int registers(Cpu cpu) {
        return cpu.long64 ? 16 : 8;
    }
}
