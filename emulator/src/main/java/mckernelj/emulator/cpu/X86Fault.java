// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

/**
 * An architectural exception on its way to the guest. One instance per processor, filled in anew each time and without
 * a stack trace, since page faults are ordinary events. Thrown by the MMU and by instructions, caught in the run loop
 * only.
 */
@SuppressWarnings("serial") // never serialised
public final class X86Fault extends RuntimeException {
    public static final int DE = 0;
    public static final int DB = 1;
    public static final int NMI = 2;
    public static final int BP = 3;
    public static final int OF = 4;
    public static final int BR = 5;
    public static final int UD = 6;
    public static final int NM = 7;
    public static final int DF = 8;
    public static final int TS = 10;
    public static final int NP = 11;
    public static final int SS = 12;
    public static final int GP = 13;
    public static final int PF = 14;
    public static final int MF = 16;
    public static final int AC = 17;
    public static final int MC = 18;
    public static final int XM = 19;

    public static final int NO_ERROR_CODE = -1;

    /** Vector, 0..31. */
    public int vector;

    /** Error code to push, or {@link #NO_ERROR_CODE}. */
    public int errorCode;

    /** Linear address for CR2 of a page fault, or the one that is not canonical. */
    public long faultLinear;

    /** A #GP because the address is not canonical: #SS if the access was to the stack segment. */
    public boolean nonCanonical;

    X86Fault() {
        super(null, null, false, false);
    }
}
