// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.random;

import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Arithmetic types of the random programs; the lower-case name is that of the typedef in {@code prelude.h}. */
enum CType {
    I8(8, true),
    U8(8, false),
    I16(16, true),
    U16(16, false),
    I32(32, true),
    U32(32, false),
    I64(64, true),
    U64(64, false),
    I128(128, true),
    U128(128, false),
    F32(32, true),
    F64(64, true),
    F80(80, true);

    /** Those of which vectors exist. */
    static final List<CType> VECTORIZABLE = List.of(I8, U8, I16, U16, I32, U32, I64, U64, F32, F64);

    private static final List<CType> ALL = List.of(values());

    private final int bits;
    private final boolean signed;

    CType(int bits, boolean signed) {
        this.bits = bits;
        this.signed = signed;
    }

    static CType any(Random random) {
        return ALL.get(random.nextInt(ALL.size()));
    }

    static CType vectorizable(Random random) {
        return VECTORIZABLE.get(random.nextInt(VECTORIZABLE.size()));
    }

    static CType integer(Random random) {
        return ALL.get(random.nextInt(F32.ordinal()));
    }

    boolean isFloating() {
        return compareTo(F32) >= 0;
    }

    int bits() {
        return bits;
    }

    int bytes() {
        return this == F80 ? 16 : bits / 8;
    }

    boolean isSigned() {
        return signed;
    }

    /** The unsigned type in which sums and products of this one are computed: it wraps around and does not promote to int. */
    String wide() {
        return bits <= 32 ? "u32" : bits == 64 ? "u64" : "u128";
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
