// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.FMA;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.isa.Encoding;

/**
 * Fused multiply-add (SDM vol. 1, 14.5): the digits of the mnemonic tell which operands are multiplied and which is
 * added. Bits of the opcode tell what is negated.
 */
final class FusedMultiplyAdd {
    private static final int NEGATE_PRODUCT = 4;
    private static final int NEGATE_ADDEND = 2;

    private FusedMultiplyAdd() {}

    private static boolean negatesProduct(Op op) {
        return (op.condition & NEGATE_PRODUCT) != 0;
    }

    private static boolean negatesAddend(Op op) {
        return (op.condition & NEGATE_ADDEND) != 0;
    }

    private static long doubles(Cpu cpu, long x, long y, long z, Op op) {
        return Binary64.multiplyAdd(cpu, x, y, z, negatesProduct(op), negatesAddend(op));
    }

    private static long single(Cpu cpu, long x, long y, long z, Op op) {
        return Binary32.multiplyAdd(cpu, x, y, z, negatesProduct(op), negatesAddend(op));
    }

    private static long singles(Cpu cpu, long x, long y, long z, Op op) {
        return Binary32.pair(single(cpu, x, y, z, op), single(cpu, x >>> 32, y >>> 32, z >>> 32, op));
    }

    @Encoding(
            vex = {
                "66 W1 0F 38 98 /r VFMADD132PD Vx, Hx, Wx",
                "66 W1 0F 38 9A /r VFMSUB132PD Vx, Hx, Wx",
                "66 W1 0F 38 9C /r VFNMADD132PD Vx, Hx, Wx",
                "66 W1 0F 38 9E /r VFNMSUB132PD Vx, Hx, Wx",
                "66 W1 0F 38 99 /r VFMADD132SD Vsd, Hsd, Wsd",
                "66 W1 0F 38 9B /r VFMSUB132SD Vsd, Hsd, Wsd",
                "66 W1 0F 38 9D /r VFNMADD132SD Vsd, Hsd, Wsd",
                "66 W1 0F 38 9F /r VFNMSUB132SD Vsd, Hsd, Wsd"
            },
            vexFeature = FMA)
    static long multiply132Double(Cpu cpu, long a, long b, long c, Op op) {
        return doubles(cpu, a, c, b, op);
    }

    @Encoding(
            vex = {
                "66 W0 0F 38 98 /r VFMADD132PS Vx, Hx, Wx",
                "66 W0 0F 38 9A /r VFMSUB132PS Vx, Hx, Wx",
                "66 W0 0F 38 9C /r VFNMADD132PS Vx, Hx, Wx",
                "66 W0 0F 38 9E /r VFNMSUB132PS Vx, Hx, Wx"
            },
            vexFeature = FMA)
    static long multiply132Singles(Cpu cpu, long a, long b, long c, Op op) {
        return singles(cpu, a, c, b, op);
    }

    @Encoding(
            vex = {
                "66 W0 0F 38 99 /r VFMADD132SS Vss, Hss, Wss",
                "66 W0 0F 38 9B /r VFMSUB132SS Vss, Hss, Wss",
                "66 W0 0F 38 9D /r VFNMADD132SS Vss, Hss, Wss",
                "66 W0 0F 38 9F /r VFNMSUB132SS Vss, Hss, Wss"
            },
            vexFeature = FMA)
    static long multiply132Single(Cpu cpu, long a, long b, long c, Op op) {
        return single(cpu, a, c, b, op);
    }

    @Encoding(
            vex = {"66 W0 0F 38 96 /r VFMADDSUB132PS Vx, Hx, Wx", "66 W0 0F 38 97 /r VFMSUBADD132PS Vx, Hx, Wx"},
            vexFeature = FMA)
    static long alternate132Singles(Cpu cpu, long a, long b, long c, Op op) {
        return alternateSingles(cpu, a, c, b, op);
    }

    @Encoding(
            vex = {"66 W1 0F 38 96 /r VFMADDSUB132PD Vx, Hx, Wx", "66 W1 0F 38 97 /r VFMSUBADD132PD Vx, Hx, Wx"},
            vexFeature = FMA)
    static void alternate132Doubles(Cpu cpu, int dst, long a0, long a1, long b0, long b1, long c0, long c1, Op op) {
        long even = Binary64.multiplyAdd(cpu, a0, c0, b0, false, subtractsEven(op));
        cpu.setXmm(dst, even, Binary64.multiplyAdd(cpu, a1, c1, b1, false, !subtractsEven(op)));
    }

    @Encoding(
            vex = {
                "66 W1 0F 38 A8 /r VFMADD213PD Vx, Hx, Wx",
                "66 W1 0F 38 AA /r VFMSUB213PD Vx, Hx, Wx",
                "66 W1 0F 38 AC /r VFNMADD213PD Vx, Hx, Wx",
                "66 W1 0F 38 AE /r VFNMSUB213PD Vx, Hx, Wx",
                "66 W1 0F 38 A9 /r VFMADD213SD Vsd, Hsd, Wsd",
                "66 W1 0F 38 AB /r VFMSUB213SD Vsd, Hsd, Wsd",
                "66 W1 0F 38 AD /r VFNMADD213SD Vsd, Hsd, Wsd",
                "66 W1 0F 38 AF /r VFNMSUB213SD Vsd, Hsd, Wsd"
            },
            vexFeature = FMA)
    static long multiply213Double(Cpu cpu, long a, long b, long c, Op op) {
        return doubles(cpu, b, a, c, op);
    }

    @Encoding(
            vex = {
                "66 W0 0F 38 A8 /r VFMADD213PS Vx, Hx, Wx",
                "66 W0 0F 38 AA /r VFMSUB213PS Vx, Hx, Wx",
                "66 W0 0F 38 AC /r VFNMADD213PS Vx, Hx, Wx",
                "66 W0 0F 38 AE /r VFNMSUB213PS Vx, Hx, Wx"
            },
            vexFeature = FMA)
    static long multiply213Singles(Cpu cpu, long a, long b, long c, Op op) {
        return singles(cpu, b, a, c, op);
    }

    @Encoding(
            vex = {
                "66 W0 0F 38 A9 /r VFMADD213SS Vss, Hss, Wss",
                "66 W0 0F 38 AB /r VFMSUB213SS Vss, Hss, Wss",
                "66 W0 0F 38 AD /r VFNMADD213SS Vss, Hss, Wss",
                "66 W0 0F 38 AF /r VFNMSUB213SS Vss, Hss, Wss"
            },
            vexFeature = FMA)
    static long multiply213Single(Cpu cpu, long a, long b, long c, Op op) {
        return single(cpu, b, a, c, op);
    }

    @Encoding(
            vex = {"66 W0 0F 38 A6 /r VFMADDSUB213PS Vx, Hx, Wx", "66 W0 0F 38 A7 /r VFMSUBADD213PS Vx, Hx, Wx"},
            vexFeature = FMA)
    static long alternate213Singles(Cpu cpu, long a, long b, long c, Op op) {
        return alternateSingles(cpu, b, a, c, op);
    }

    @Encoding(
            vex = {"66 W1 0F 38 A6 /r VFMADDSUB213PD Vx, Hx, Wx", "66 W1 0F 38 A7 /r VFMSUBADD213PD Vx, Hx, Wx"},
            vexFeature = FMA)
    static void alternate213Doubles(Cpu cpu, int dst, long a0, long a1, long b0, long b1, long c0, long c1, Op op) {
        long even = Binary64.multiplyAdd(cpu, b0, a0, c0, false, subtractsEven(op));
        cpu.setXmm(dst, even, Binary64.multiplyAdd(cpu, b1, a1, c1, false, !subtractsEven(op)));
    }

    @Encoding(
            vex = {
                "66 W1 0F 38 B8 /r VFMADD231PD Vx, Hx, Wx",
                "66 W1 0F 38 BA /r VFMSUB231PD Vx, Hx, Wx",
                "66 W1 0F 38 BC /r VFNMADD231PD Vx, Hx, Wx",
                "66 W1 0F 38 BE /r VFNMSUB231PD Vx, Hx, Wx",
                "66 W1 0F 38 B9 /r VFMADD231SD Vsd, Hsd, Wsd",
                "66 W1 0F 38 BB /r VFMSUB231SD Vsd, Hsd, Wsd",
                "66 W1 0F 38 BD /r VFNMADD231SD Vsd, Hsd, Wsd",
                "66 W1 0F 38 BF /r VFNMSUB231SD Vsd, Hsd, Wsd"
            },
            vexFeature = FMA)
    static long multiply231Double(Cpu cpu, long a, long b, long c, Op op) {
        return doubles(cpu, b, c, a, op);
    }

    @Encoding(
            vex = {
                "66 W0 0F 38 B8 /r VFMADD231PS Vx, Hx, Wx",
                "66 W0 0F 38 BA /r VFMSUB231PS Vx, Hx, Wx",
                "66 W0 0F 38 BC /r VFNMADD231PS Vx, Hx, Wx",
                "66 W0 0F 38 BE /r VFNMSUB231PS Vx, Hx, Wx"
            },
            vexFeature = FMA)
    static long multiply231Singles(Cpu cpu, long a, long b, long c, Op op) {
        return singles(cpu, b, c, a, op);
    }

    @Encoding(
            vex = {
                "66 W0 0F 38 B9 /r VFMADD231SS Vss, Hss, Wss",
                "66 W0 0F 38 BB /r VFMSUB231SS Vss, Hss, Wss",
                "66 W0 0F 38 BD /r VFNMADD231SS Vss, Hss, Wss",
                "66 W0 0F 38 BF /r VFNMSUB231SS Vss, Hss, Wss"
            },
            vexFeature = FMA)
    static long multiply231Single(Cpu cpu, long a, long b, long c, Op op) {
        return single(cpu, b, c, a, op);
    }

    @Encoding(
            vex = {"66 W0 0F 38 B6 /r VFMADDSUB231PS Vx, Hx, Wx", "66 W0 0F 38 B7 /r VFMSUBADD231PS Vx, Hx, Wx"},
            vexFeature = FMA)
    static long alternate231Singles(Cpu cpu, long a, long b, long c, Op op) {
        return alternateSingles(cpu, b, c, a, op);
    }

    @Encoding(
            vex = {"66 W1 0F 38 B6 /r VFMADDSUB231PD Vx, Hx, Wx", "66 W1 0F 38 B7 /r VFMSUBADD231PD Vx, Hx, Wx"},
            vexFeature = FMA)
    static void alternate231Doubles(Cpu cpu, int dst, long a0, long a1, long b0, long b1, long c0, long c1, Op op) {
        long even = Binary64.multiplyAdd(cpu, b0, c0, a0, false, subtractsEven(op));
        cpu.setXmm(dst, even, Binary64.multiplyAdd(cpu, b1, c1, a1, false, !subtractsEven(op)));
    }

    /** VFMADDSUBxxx; VFMSUBADDxxx subtracts from the odd elements. */
    private static boolean subtractsEven(Op op) {
        return (op.condition & 1) == 0;
    }

    private static long alternateSingles(Cpu cpu, long x, long y, long z, Op op) {
        long even = Binary32.multiplyAdd(cpu, x, y, z, false, subtractsEven(op));
        return Binary32.pair(even, Binary32.multiplyAdd(cpu, x >>> 32, y >>> 32, z >>> 32, false, !subtractsEven(op)));
    }
}
