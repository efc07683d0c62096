// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.hw.asm;

/**
 * A memory operand: {@code segment:[base + index * scale + displacement]} or a label. In 64-bit code a label is
 * addressed relative to RIP, in 32-bit code by its linear address, in 16-bit code by its offset from the start of the
 * code (that is, with segment base = start). Immutable.
 */
public final class Mem {
    final Reg base;
    final Reg index;
    final int scale;
    final int displacement;
    final Label label;
    final Sreg segment;

    private Mem(Reg base, Reg index, int scale, int displacement, Label label, Sreg segment) {
        this.base = base;
        this.index = index;
        this.scale = scale;
        this.displacement = displacement;
        this.label = label;
        this.segment = segment;
    }

    public static Mem at(Reg base) {
        return at(base, 0);
    }

    public static Mem at(Reg base, int displacement) {
        return new Mem(base, null, 1, displacement, null, null);
    }

    public static Mem at(Reg base, Reg index, int scale, int displacement) {
        if (index == Reg.RSP || Integer.bitCount(scale) != 1 || scale > 8 || scale < 1) {
            throw new IllegalArgumentException("no such index: " + index + "*" + scale);
        }
        return new Mem(base, index, scale, displacement, null, null);
    }

    /** {@code [index * scale + displacement]}, without a base. */
    public static Mem indexed(Reg index, int scale, int displacement) {
        return at(null, index, scale, displacement);
    }

    public static Mem at(Label label) {
        return at(label, 0);
    }

    public static Mem at(Label label, int displacement) {
        return new Mem(null, null, 1, displacement, label, null);
    }

    /** An absolute address; in 64-bit code a sign-extended 32-bit one. */
    public static Mem absolute(int address) {
        return new Mem(null, null, 1, address, null, null);
    }

    /** {@code gs:[displacement]}: the per-CPU area of the usual kernel. */
    public static Mem gs(int displacement) {
        return absolute(displacement).in(Sreg.GS);
    }

    /** The same operand with a segment override. */
    public Mem in(Sreg override) {
        return new Mem(base, index, scale, displacement, label, override);
    }
}
