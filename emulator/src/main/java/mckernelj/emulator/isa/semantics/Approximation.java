// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

/**
 * The approximations of RCPxS and RSQRTxS: single-precision bit patterns. Hardware promises a relative error of at most
 * 1.5 * 2^-12 and differs in the bits between processors; this is the exact value cut to 12 bits. No exceptions are
 * signalled.
 */
final class Approximation {
    private static final IeeeFormat FORMAT = IeeeFormat.BINARY32;
    private static final int SIGN = 0x80000000;
    private static final int KEPT_BITS = ~0x7FF;

    private Approximation() {}

    static int reciprocal(int bits) {
        float x = Float.intBitsToFloat(bits);
        if (Float.isNaN(x)) {
            return (int) FORMAT.quiet(bits);
        }
        return cut(1 / Float.intBitsToFloat(flush(bits)));
    }

    static int reciprocalSquareRoot(int bits) {
        float x = Float.intBitsToFloat(flush(bits));
        if (Float.isNaN(x)) {
            return (int) FORMAT.quiet(bits);
        }
        return x < 0 ? (int) FORMAT.defaultNan : cut((float) (1 / Math.sqrt(x)));
    }

    private static int cut(float value) {
        return flush(Float.floatToRawIntBits(value) & KEPT_BITS);
    }

    /** Denormals become zeros, in operands and in results. */
    private static int flush(int bits) {
        return (bits & ~SIGN) >>> 23 == 0 ? bits & SIGN : bits;
    }
}
