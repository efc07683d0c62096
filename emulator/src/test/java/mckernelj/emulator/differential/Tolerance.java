// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

/** How near the results of approximations and of transcendental functions have to be to those of the host. */
final class Tolerance {
    /** C1 in the x87 status word: depends on the last bit. */
    static final int ROUNDED_UP = 1 << 9;

    /** Twice the relative error of 1.5 * 2^-12 that RCPPS and RSQRTPS may have (SDM vol. 2). */
    private static final float APPROXIMATION = 3 * 0x1p-12f;

    /** Below that some processors give zero. */
    private static final float TINY = 0x1p-125f;

    /** Each processor's result is within one unit in the last place of the true one (SDM vol. 1, 8.3.10). */
    private static final long UNITS = 2;

    private Tolerance() {}

    /** Two packed singles. */
    static boolean near(long expected, long actual) {
        return near((int) expected, (int) actual) && near((int) (expected >>> 32), (int) (actual >>> 32));
    }

    private static boolean near(int expected, int actual) {
        float a = Float.intBitsToFloat(expected);
        float b = Float.intBitsToFloat(actual);
        boolean tiny = Math.abs(a) <= TINY && Math.abs(b) <= TINY && (expected ^ actual) >= 0;
        return expected == actual || tiny || Math.abs(a - b) <= APPROXIMATION * Math.abs(a);
    }

    /** Two extended numbers at offset {@code at} of an FXSAVE image. */
    static boolean near(MachineState expected, MachineState actual, int at) {
        int exponents = actual.word(at + 8) - expected.word(at + 8);
        long distance = actual.quad(at) - expected.quad(at);
        if (exponents == 1 || exponents == -1) {
            // around a power of two, where units differ
            long larger = (exponents > 0 ? actual : expected).quad(at) - (1L << 63);
            long smaller = -(exponents > 0 ? expected : actual).quad(at);
            return larger >= 0 && larger <= UNITS && smaller >= 0 && smaller <= UNITS;
        }
        return exponents == 0 && distance >= -UNITS && distance <= UNITS;
    }
}
