// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.isa.Encoding;

/** BMI1 and BMI2 (SDM vol. 1, 5.1.16) but for TZCNT, which is in {@link BitByte}. Undefined flags are cleared. */
final class BitManipulation {
    private BitManipulation() {}

    private static long bits(int width, long value) {
        return width == 64 ? value : value & 0xFFFFFFFFL;
    }

    /** Zero and sign of the result, and a carry. */
    private static long result(Cpu cpu, int width, long value, boolean carry) {
        boolean negative = value << 64 - width < 0;
        cpu.setStatusFlags((carry ? Cpu.CF : 0) | (bits(width, value) == 0 ? Cpu.ZF : 0) | (negative ? Cpu.SF : 0));
        return value;
    }

    // ---- BMI1 -----------------------------------------------------------------------------------------------------

    @Encoding(vex = "L0 NP 0F 38 F2 /r ANDN Gy, By, Ey", vexFeature = CpuFeature.BMI1)
    static long andn(Cpu cpu, int width, long a, long b) {
        return result(cpu, width, ~a & b, false);
    }

    /** Control: first bit (7..0) and number of bits (15..8). */
    @Encoding(vex = "L0 NP 0F 38 F7 /r BEXTR Gy, Ey, By", vexFeature = CpuFeature.BMI1)
    static long bextr(Cpu cpu, int width, long source, long control) {
        int start = (int) control & 0xFF;
        int length = (int) control >> 8 & 0xFF;
        long field = start < 64 ? bits(width, source) >>> start : 0;
        long value = length < 64 ? field & (1L << length) - 1 : field;
        cpu.setStatusFlags(value == 0 ? Cpu.ZF : 0);
        return value;
    }

    @Encoding(vex = "L0 NP 0F 38 F3 /1 BLSR By, Ey", vexFeature = CpuFeature.BMI1)
    static long blsr(Cpu cpu, int width, long source) {
        return result(cpu, width, source & source - 1, source == 0);
    }

    @Encoding(vex = "L0 NP 0F 38 F3 /2 BLSMSK By, Ey", vexFeature = CpuFeature.BMI1)
    static long blsmsk(Cpu cpu, int width, long source) {
        return result(cpu, width, source ^ source - 1, source == 0);
    }

    @Encoding(vex = "L0 NP 0F 38 F3 /3 BLSI By, Ey", vexFeature = CpuFeature.BMI1)
    static long blsi(Cpu cpu, int width, long source) {
        return result(cpu, width, source & -source, source != 0);
    }

    // ---- BMI2 -----------------------------------------------------------------------------------------------------

    @Encoding(vex = "L0 NP 0F 38 F5 /r BZHI Gy, Ey, By", vexFeature = CpuFeature.BMI2)
    static long bzhi(Cpu cpu, int width, long source, long index) {
        int from = (int) index & 0xFF;
        return result(cpu, width, from < width ? source & (1L << from) - 1 : source, from >= width);
    }

    @Encoding(vex = "L0 F2 0F 38 F5 /r PDEP Gy, By, Ey", vexFeature = CpuFeature.BMI2)
    static long pdep(Cpu cpu, int width, long source, long mask) {
        long result = 0;
        long bits = source;
        for (long rest = bits(width, mask); rest != 0; rest &= rest - 1) {
            result |= (bits & 1) != 0 ? rest & -rest : 0;
            bits >>>= 1;
        }
        return result;
    }

    @Encoding(vex = "L0 F3 0F 38 F5 /r PEXT Gy, By, Ey", vexFeature = CpuFeature.BMI2)
    static long pext(Cpu cpu, int width, long source, long mask) {
        long result = 0;
        int position = 0;
        for (long rest = bits(width, mask); rest != 0; rest &= rest - 1) {
            result |= (source & rest & -rest) != 0 ? 1L << position : 0;
            position++;
        }
        return result;
    }

    /** rDX times the source: upper half to the first, lower half to the second operand. */
    @Encoding(vex = "L0 F2 0F 38 F6 /r MULX Gy, By!, Ey", vexFeature = CpuFeature.BMI2)
    static long mulx(Cpu cpu, int width, long unused, long source) {
        long a = bits(width, cpu.r[Cpu.RDX]);
        long b = bits(width, source);
        cpu.secondResult = a * b;
        if (width == 32) {
            return a * b >>> 32;
        }
        return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
    }

    @Encoding(vex = "L0 F2 0F 3A F0 /r RORX Gy, Ey, Ib", vexFeature = CpuFeature.BMI2)
    static long rorx(Cpu cpu, int width, long source, long count) {
        return width == 64 ? Long.rotateRight(source, (int) count) : Integer.rotateRight((int) source, (int) count);
    }

    @Encoding(vex = "L0 F3 0F 38 F7 /r SARX Gy, Ey, By", vexFeature = CpuFeature.BMI2)
    static long sarx(Cpu cpu, int width, long source, long count) {
        return source >> (count & width - 1);
    }

    @Encoding(vex = "L0 66 0F 38 F7 /r SHLX Gy, Ey, By", vexFeature = CpuFeature.BMI2)
    static long shlx(Cpu cpu, int width, long source, long count) {
        return source << (count & width - 1);
    }

    @Encoding(vex = "L0 F2 0F 38 F7 /r SHRX Gy, Ey, By", vexFeature = CpuFeature.BMI2)
    static long shrx(Cpu cpu, int width, long source, long count) {
        return bits(width, source) >>> (count & width - 1);
    }
}
