// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.AVX2;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.isa.Encoding;

/**
 * Masked moves and gathers (SDM vol. 1, 5.13, 5.14). Only elements whose mask has its sign bit set are accessed; a
 * gather that faults has loaded the elements before, and their masks are zero; the others are all ones or zeros.
 */
final class AvxMaskedMove {
    private AvxMaskedMove() {}

    private static boolean selected(long[] mask, int elementBits, int number) {
        return element(mask, elementBits, number) < 0;
    }

    /** Sign-extended. */
    private static long element(long[] vector, int elementBits, int number) {
        return elementBits == 64 ? vector[number] : (int) (vector[number >> 1] >>> ((number & 1) << 5));
    }

    private static void setElement(long[] vector, int elementBits, int number, long value) {
        if (elementBits == 64) {
            vector[number] = value;
        } else {
            int shift = (number & 1) << 5;
            vector[number >> 1] = vector[number >> 1] & ~(0xFFFFFFFFL << shift) | (value & 0xFFFFFFFFL) << shift;
        }
    }

    private static long[] vector(Cpu cpu, int register) {
        return new long[] {cpu.ymm(register, 0), cpu.ymm(register, 1), cpu.ymm(register, 2), cpu.ymm(register, 3)};
    }

    private static void setVector(Cpu cpu, int register, long[] value) {
        cpu.setYmm(register, value[0], value[1], value[2], value[3]);
    }

    private static int vectorBits(Op op) {
        return op.ymm ? 256 : 128;
    }

    // ---- masked loads and stores ----------------------------------------------------------------------------------

    @Encoding(vex = "66 W0 0F 38 2C /r:mem VMASKMOVPS Vx, Hx, Mx")
    static void vmaskmovpsLoad(Cpu cpu, Op op) {
        load(cpu, op, 32);
    }

    @Encoding(vex = "66 W0 0F 38 2D /r:mem VMASKMOVPD Vx, Hx, Mx")
    static void vmaskmovpdLoad(Cpu cpu, Op op) {
        load(cpu, op, 64);
    }

    @Encoding(vex = "66 W0 0F 38 8C /r:mem VPMASKMOVD Vx, Hx, Mx", vexFeature = AVX2)
    static void vpmaskmovdLoad(Cpu cpu, Op op) {
        load(cpu, op, 32);
    }

    @Encoding(vex = "66 W1 0F 38 8C /r:mem VPMASKMOVQ Vx, Hx, Mx", vexFeature = AVX2)
    static void vpmaskmovqLoad(Cpu cpu, Op op) {
        load(cpu, op, 64);
    }

    private static void load(Cpu cpu, Op op, int elementBits) {
        long linear = op.linear(cpu);
        long[] mask = vector(cpu, op.vvvv);
        long[] result = new long[4];
        for (int i = 0; i < vectorBits(op) / elementBits; i++) {
            if (selected(mask, elementBits, i)) {
                setElement(result, elementBits, i, cpu.load(elementBits, linear + (long) i * elementBits / 8));
            }
        }
        setVector(cpu, op.reg, result);
    }

    @Encoding(vex = "66 W0 0F 38 2E /r:mem VMASKMOVPS Mx, Hx, Vx")
    static void vmaskmovpsStore(Cpu cpu, Op op) {
        store(cpu, op, 32);
    }

    @Encoding(vex = "66 W0 0F 38 2F /r:mem VMASKMOVPD Mx, Hx, Vx")
    static void vmaskmovpdStore(Cpu cpu, Op op) {
        store(cpu, op, 64);
    }

    @Encoding(vex = "66 W0 0F 38 8E /r:mem VPMASKMOVD Mx, Hx, Vx", vexFeature = AVX2)
    static void vpmaskmovdStore(Cpu cpu, Op op) {
        store(cpu, op, 32);
    }

    @Encoding(vex = "66 W1 0F 38 8E /r:mem VPMASKMOVQ Mx, Hx, Vx", vexFeature = AVX2)
    static void vpmaskmovqStore(Cpu cpu, Op op) {
        store(cpu, op, 64);
    }

    private static void store(Cpu cpu, Op op, int elementBits) {
        long linear = op.linear(cpu);
        long[] mask = vector(cpu, op.vvvv);
        int elements = vectorBits(op) / elementBits;
        for (int i = 0; i < elements; i++) {
            if (selected(mask, elementBits, i)) {
                cpu.checkWrite(linear + (long) i * elementBits / 8, elementBits / 8);
            }
        }
        long[] source = vector(cpu, op.reg);
        for (int i = 0; i < elements; i++) {
            if (selected(mask, elementBits, i)) {
                cpu.store(elementBits, linear + (long) i * elementBits / 8, element(source, elementBits, i));
            }
        }
    }

    // ---- gathers --------------------------------------------------------------------------------------------------

    @Encoding(
            vex = {"66 W0 0F 38 90 /r:mem VPGATHERDD Vx, Mvs, Hx", "66 W0 0F 38 92 /r:mem VGATHERDPS Vx, Mvs, Hx"},
            vexFeature = AVX2)
    static void vpgatherdd(Cpu cpu, Op op) {
        gather(cpu, op, 32, 32);
    }

    @Encoding(
            vex = {"66 W1 0F 38 90 /r:mem VPGATHERDQ Vx, Mvs, Hx", "66 W1 0F 38 92 /r:mem VGATHERDPD Vx, Mvs, Hx"},
            vexFeature = AVX2)
    static void vpgatherdq(Cpu cpu, Op op) {
        gather(cpu, op, 32, 64);
    }

    @Encoding(
            vex = {"66 W0 0F 38 91 /r:mem VPGATHERQD Vx, Mvs, Hx", "66 W0 0F 38 93 /r:mem VGATHERQPS Vx, Mvs, Hx"},
            vexFeature = AVX2)
    static void vpgatherqd(Cpu cpu, Op op) {
        gather(cpu, op, 64, 32);
    }

    @Encoding(
            vex = {"66 W1 0F 38 91 /r:mem VPGATHERQQ Vx, Mvs, Hx", "66 W1 0F 38 93 /r:mem VGATHERQPD Vx, Mvs, Hx"},
            vexFeature = AVX2)
    static void vpgatherqq(Cpu cpu, Op op) {
        gather(cpu, op, 64, 64);
    }

    private static void gather(Cpu cpu, Op op, int indexBits, int elementBits) {
        int elements = vectorBits(op) / Math.max(indexBits, elementBits);
        long[] index = vector(cpu, op.vectorRegister);
        long[] mask = vector(cpu, op.vvvv);
        long[] result = vector(cpu, op.reg);
        for (int i = 0; i < vectorBits(op) / elementBits; i++) {
            setElement(mask, elementBits, i, selected(mask, elementBits, i) ? -1 : 0);
        }
        clearAbove(mask, vectorBits(op) / 64);
        try {
            for (int i = 0; i < elements; i++) {
                if (selected(mask, elementBits, i)) {
                    setElement(
                            result,
                            elementBits,
                            i,
                            cpu.load(elementBits, address(cpu, op, element(index, indexBits, i))));
                    setElement(mask, elementBits, i, 0);
                    clearAbove(result, vectorBits(op) / 64);
                }
            }
            clearAbove(result, elements * elementBits / 64);
            clearAbove(mask, 0);
        } finally {
            setVector(cpu, op.reg, result);
            setVector(cpu, op.vvvv, mask);
        }
    }

    private static void clearAbove(long[] vector, int longs) {
        for (int i = longs; i < 4; i++) {
            vector[i] = 0;
        }
    }

    private static long address(Cpu cpu, Op op, long index) {
        long offset = op.offsetAddress(cpu) + (index << op.scale);
        return cpu.segmented(op.segment, op.addressSize == 32 ? offset & 0xFFFFFFFFL : offset);
    }
}
