// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.ptrace;

import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.Msr;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.signal.SigInfo;

/**
 * A stop of a traced thread: why, and what of its state is not in its trap frame. The tracer may change that until the
 * thread goes on. Guarded by {@link Tracing}'s monitor.
 */
public final class TraceStop {
    enum Kind {
        SIGNAL,
        SYSCALL_ENTRY,
        SYSCALL_EXIT,
        EVENT,
        EXIT,
        GROUP
    }

    final Kind kind;

    /** What the tracer sees in the upper bits of the wait status: signal, and event above it. */
    final int code;

    final long message;
    SigInfo info;

    /** The tracer's wait has seen it. */
    boolean reported;

    long fsBase;
    long gsBase;
    byte[] extendedState;

    TraceStop(Kind kind, int code, SigInfo info, long message) {
        this.kind = kind;
        this.code = code;
        this.info = info;
        this.message = message;
    }

    int waitStatus() {
        return code << 8 | 0x7F;
    }

    /** On the thread itself. */
    void save(Thread self) {
        LogicalCpu hw = self.cpu().hw();
        fsBase = hw.msr(Msr.IA32_FS_BASE);
        gsBase = hw.msr(Msr.IA32_KERNEL_GS_BASE);
        hw.saveExtendedState(self.extendedStatePhysical());
        extendedState = new byte[hw.extendedStateSize()];
        self.kernel().memory().read(self.extendedStatePhysical(), extendedState, 0, extendedState.length);
    }

    /** On the thread itself: the state as the tracer left it. */
    void load(Thread self) {
        LogicalCpu hw = self.cpu().hw();
        hw.setMsr(Msr.IA32_FS_BASE, fsBase);
        hw.setMsr(Msr.IA32_KERNEL_GS_BASE, gsBase);
        self.kernel().memory().write(self.extendedStatePhysical(), extendedState, 0, extendedState.length);
        hw.restoreExtendedState(self.extendedStatePhysical());
        self.loadDebugRegisters(hw);
    }
}
