// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

import mckernelj.emulator.cpu.Op;

/**
 * What is known of a value on the operand stack or in a local variable of evaluated code. Only {@link Kind#REAL} values exist
 * on the stack of the code that is generated; the others are pushed when something needs them.
 *
 * @param type I, J, F, D or A
 * @param data the constant; of a REAL value, its constant if known
 */
record Value(Kind kind, char type, Object data) {
    enum Kind {
        REAL,
        /** An int. */
        INT,
        /** A long. */
        LONG,
        /** RIP of the region's first block plus a constant. */
        RIP,
        CPU,
        OP,
        /** One of the processor's register files. */
        REGISTERS
    }

    static final Value THE_CPU = new Value(Kind.CPU, 'A', null);

    static Value ofInt(int value) {
        return new Value(Kind.INT, 'I', value);
    }

    static Value ofLong(long value) {
        return new Value(Kind.LONG, 'J', value);
    }

    static Value ofRip(long offset) {
        return new Value(Kind.RIP, 'J', offset);
    }

    static Value of(Op op) {
        return new Value(Kind.OP, 'A', op);
    }

    static Value of(RegisterFile file) {
        return new Value(Kind.REGISTERS, 'A', file);
    }

    static Value real(char type) {
        return new Value(Kind.REAL, type, null);
    }

    static Value real(char type, Value known) {
        return new Value(Kind.REAL, type, known);
    }

    boolean isReal() {
        return kind == Kind.REAL;
    }

    /** Never on the stack of generated code. */
    boolean isSymbol() {
        return kind == Kind.CPU || kind == Kind.OP || kind == Kind.REGISTERS;
    }

    boolean isWide() {
        return type == 'J' || type == 'D';
    }

    /** The constant, also of a REAL value; null if it is not known. A number, an RIP or a symbol. */
    Value constant() {
        return kind == Kind.REAL ? (Value) data : this;
    }

    /** True if it is a known int or long. */
    boolean isNumber() {
        Value constant = constant();
        return constant != null && (constant.kind == Kind.INT || constant.kind == Kind.LONG);
    }

    long number() {
        return ((Number) constant().data).longValue();
    }
}
