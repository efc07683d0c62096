// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

/** The signals of one thread: mask, pending, alternate stack. Guarded by the process' {@link ProcessSignals}. */
public final class ThreadSignals {
    public static final int SS_ONSTACK = 1;
    public static final int SS_DISABLE = 2;
    public static final long SS_AUTODISARM = 0x80000000L;

    final PendingSignals pending = new PendingSignals();
    long blocked;

    /** The mask to put back after delivery (sigsuspend, ppoll); valid if {@link #restoreMask}. */
    long savedMask;

    boolean restoreMask;

    private long stackPointer;
    private long stackSize;
    private long stackFlags = SS_DISABLE;

    /** The thread itself asks for its own mask. */
    public long blocked() {
        return blocked;
    }

    public long stackPointer() {
        return stackPointer;
    }

    public long stackSize() {
        return stackSize;
    }

    public void setStack(long pointer, long size, long flags) {
        stackPointer = pointer;
        stackSize = size;
        stackFlags = size == 0 ? SS_DISABLE : flags & SS_AUTODISARM;
    }

    public boolean onStack(long sp) {
        // With SS_AUTODISARM the kernel cannot tell and lets a nested handler use it again.
        return (stackFlags & SS_AUTODISARM) == 0 && stackHolds(sp);
    }

    /** True if the address lies in the alternate stack. */
    boolean stackHolds(long sp) {
        return sp > stackPointer && sp - stackPointer <= stackSize;
    }

    /** ss_flags as sigaltstack reports it. */
    public long stackFlags(long sp) {
        if (stackSize == 0) {
            return SS_DISABLE;
        }
        return stackFlags | (onStack(sp) ? SS_ONSTACK : 0);
    }

    boolean autoDisarm() {
        return (stackFlags & SS_AUTODISARM) != 0;
    }

    /** A new thread's: the mask is inherited, the alternate stack is not unless it is a fork. */
    public void inherit(ThreadSignals parent, boolean fork) {
        blocked = parent.blocked;
        if (fork) {
            stackPointer = parent.stackPointer;
            stackSize = parent.stackSize;
            stackFlags = parent.stackFlags;
        }
    }

    public void setInitialMask(long mask) {
        blocked = mask & ~SignalNumber.UNBLOCKABLE;
    }
}
