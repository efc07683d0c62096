// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.image;

/** Why machine code enters the Java kernel: the value of EAX at the gate. Values below 256 are interrupt and exception vectors. */
public final class GateReason {
    public static final int SYSTEM_CALL = 0x100;

    /** First instruction of a thread: no call to handle, only the way out to user mode. */
    public static final int NEW_THREAD = 0x101;

    /** A turn of the idle loop. */
    public static final int IDLE = 0x102;

    /** End of a stub that kernel code runs by {@code runGuest}. */
    public static final int LEAVE = 0x103;

    /** The bootstrap processor arrived: RDI, RSI, RDX = boot parameters, kernel image, trampoline (physical). */
    public static final int ARCH_START = 0x104;

    /** An application processor arrived. */
    public static final int AP_START = 0x105;

    private GateReason() {}
}
