// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

/**
 * Arithmetic on vectors of 8-, 16- or 32-bit elements inside one long ("SIMD within a register"). The element size is
 * given by the mask of its sign bits, one of {@link #BYTES}, {@link #WORDS}, {@link #DWORDS}.
 */
final class Swar {
    static final long BYTES = 0x8080808080808080L;
    static final long WORDS = 0x8000800080008000L;
    static final long DWORDS = 0x8000000080000000L;

    private Swar() {}

    static long add(long signs, long a, long b) {
        return (a & ~signs) + (b & ~signs) ^ (a ^ b) & signs;
    }

    static long subtract(long signs, long a, long b) {
        return (a | signs) - (b & ~signs) ^ (a ^ ~b) & signs;
    }

    /** All ones in each element whose sign bit is set in {@code bits}, which has no other bits set. */
    static long fill(long signs, long bits) {
        return (bits << 1) - (bits >>> Long.numberOfTrailingZeros(signs));
    }

    /** All ones in each element that is equal in {@code a} and {@code b}. */
    static long equal(long signs, long a, long b) {
        long differences = a ^ b;
        return fill(signs, ~((differences & ~signs) + ~signs | differences) & signs);
    }

    /** All ones in each element with {@code a < b}, signed. */
    static long less(long signs, long a, long b) {
        return fill(signs, (a & ~b | ~(a ^ b) & subtract(signs, a, b)) & signs);
    }

    /** All ones in each element with {@code a < b}, unsigned. */
    static long below(long signs, long a, long b) {
        return fill(signs, (~a & b | ~(a ^ b) & subtract(signs, a, b)) & signs);
    }

    /** Elements of {@code a} where {@code mask} is all ones, else of {@code b}. */
    static long select(long mask, long a, long b) {
        return b ^ (a ^ b) & mask;
    }
}
