// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.cpu;

import mckernelj.emulator.hw.CpuContext;
import mckernelj.emulator.hw.KernelStack;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.Msr;

/**
 * Everything a processor carries for one thread, and which a context switch saves and loads: general registers, CR3, FS and GS bases of
 * user mode, extended state, kernel stack. Knows nothing of scheduling.
 */
public abstract class ExecutionContext {
    private static final long RFLAGS_ALWAYS_SET = 2;
    private static final int DR7_ENABLED = 0xFF;

    private final CpuContext context = new CpuContext();
    private final long stackTopLinear;
    private final long extendedState;
    private long fsBase;
    private long gsBase;
    private int interruptDepth;

    /** DR0..DR7 of user mode; null: none is enabled. */
    private volatile long[] debugRegisters;

    /**
     * {@code extendedStatePhysical}: 64-byte aligned, all zero for the initial state. The first instruction is at {@code ripLinear}, with
     * {@code rspLinear} and interrupts off.
     */
    protected ExecutionContext(long kernelStackTopLinear, long extendedStatePhysical, long ripLinear, long rspLinear) {
        this.stackTopLinear = kernelStackTopLinear;
        this.extendedState = extendedStatePhysical;
        context.rip = ripLinear;
        context.registers[LogicalCpu.RSP] = rspLinear;
        context.rflags = RFLAGS_ALWAYS_SET;
    }

    /**
     * While it is inside interrupts that it takes, a thread may sleep but not change its processor: the interrupted code knows which one
     * it was on.
     */
    public final void enterInterrupt() {
        interruptDepth++;
    }

    public final void leaveInterrupt() {
        interruptDepth--;
    }

    /** True while it must stay on its processor. */
    public final boolean pinned() {
        return interruptDepth > 0;
    }

    /** Physical address of the top-level page table to run with. */
    public abstract long addressSpace();

    /** The host side of the kernel stack. */
    public abstract KernelStack stack();

    public final long kernelStackTopLinear() {
        return stackTopLinear;
    }

    /** The saved kernel-mode registers; valid while the thread is not running. */
    public final CpuContext registers() {
        return context;
    }

    /** Where the extended state lies while the thread is not running (XSAVE layout). */
    public final long extendedStatePhysical() {
        return extendedState;
    }

    /** FS base of user mode; valid while the thread is not running. */
    public final long savedFsBase() {
        return fsBase;
    }

    public final void setSavedFsBase(long linear) {
        fsBase = linear;
    }

    /** GS base of user mode; valid while the thread is not running. */
    public final long savedGsBase() {
        return gsBase;
    }

    public final void setSavedGsBase(long linear) {
        gsBase = linear;
    }

    /** What the program's debug registers shall be; null: all off. The thread loads them when it goes on. */
    public final long[] debugRegisters() {
        return debugRegisters;
    }

    public final void setDebugRegister(int number, long value) {
        long[] next = debugRegisters == null ? new long[8] : debugRegisters.clone();
        next[number] = value;
        debugRegisters = next;
    }

    public final void loadDebugRegisters(LogicalCpu hw) {
        long[] wanted = debugRegisters;
        if (wanted != null) {
            for (int i = 0; i < 4; i++) {
                hw.setDebugRegister(i, wanted[i]);
            }
            hw.setDebugRegister(7, wanted[7]);
        } else if ((hw.debugRegister(7) & DR7_ENABLED) != 0) {
            // Those of a thread that has ended here.
            hw.setDebugRegister(7, 0);
        }
    }

    /** Saves what the processor holds for this thread. The user's GS base waits in KERNEL_GS_BASE while the kernel runs. */
    public final void save(LogicalCpu hw) {
        hw.saveContext(context);
        fsBase = hw.msr(Msr.IA32_FS_BASE);
        gsBase = hw.msr(Msr.IA32_KERNEL_GS_BASE);
        hw.saveExtendedState(extendedState);
        if (debugRegisters != null) {
            hw.setDebugRegister(7, 0);
        }
    }

    /** Makes {@code cpu} run this thread: the reverse of {@link #save}, and its address space and kernel stack. */
    public final void load(CpuLocal cpu) {
        LogicalCpu hw = cpu.hw();
        hw.loadContext(context);
        hw.setMsr(Msr.IA32_FS_BASE, fsBase);
        hw.setMsr(Msr.IA32_KERNEL_GS_BASE, gsBase);
        hw.restoreExtendedState(extendedState);
        loadDebugRegisters(hw);
        if (hw.controlRegister(3) != addressSpace()) {
            hw.setControlRegister(3, addressSpace());
        }
        cpu.area().setKernelStackTop(stackTopLinear);
    }
}
