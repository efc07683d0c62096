// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.cpu;

/** Interrupt vectors of the LWK (McKernel's numbers). */
public final class InterruptVectors {
    public static final int NMI = 2;
    public static final int QUERY_FREE_MEM = 200;

    /** First of the 64 vectors for TLB shootdown. */
    public static final int TLB_FLUSH = 68;

    /** Messages from Linux; also the general kick to reschedule or to look at a flag. */
    public static final int IKC = 0xD1;

    public static final int LOCAL_TIMER = 0xEF;
    public static final int LOCAL_PERF = 0xF0;
    public static final int CROSS_CALL = 0xF1;
    public static final int MULTI_INTERRUPT = 0xF2;

    private InterruptVectors() {}
}
