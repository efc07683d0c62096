// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.trap;

import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.emulator.hw.PortHandler;
import mckernelj.ihk.layout.MonitorArea;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.cpu.ExecutionContext;
import mckernelj.lwk.cpu.PtRegs;
import mckernelj.lwk.image.AddressLayout;
import mckernelj.lwk.image.GateReason;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.sched.Scheduler;

/**
 * The one entry from machine code into the Java kernel: an OUT to the gate port, EAX = {@link GateReason}. Finds the processor and the
 * saved registers, dispatches, and prepares the way back: reschedule, signals, choice of SYSRET or IRET.
 */
public final class Gate implements PortHandler {
    private static final int APIC_EOI = 0xB0;
    private static final int LAST_EXCEPTION = 31;
    private static final int GENERAL_PROTECTION = 13;
    private static final int PAGE_FAULT = 14;

    /** Vectors whose stubs leave an error code in the ORIG_RAX slot; see {@code KernelCode}. */
    private static final int ERROR_CODE_VECTORS = 0x6022_7D00;

    /** RFLAGS that SYSRET cannot restore faithfully: TF and RF need IRET. */
    private static final long RFLAGS_FOR_IRET = 0x1_0100;

    private final PhysicalMemory memory;
    private final BootEntries boot;
    private final CpuLocal[] cpus;
    private volatile Kernel kernel;

    /** What the gate needs once the kernel is up. */
    public record Kernel(Scheduler scheduler, TrapHandlers handlers, InterruptTable interrupts, Panic panic) {}

    /** {@code machineCpus}: number of processors of the machine, ours or not. */
    public Gate(PhysicalMemory memory, BootEntries boot, int machineCpus) {
        this.memory = memory;
        this.boot = boot;
        this.cpus = new CpuLocal[machineCpus];
    }

    public void setKernel(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Makes a processor known, before it takes its first interrupt; on that processor. */
    public void addCpu(CpuLocal cpu) {
        cpus[cpu.hw().index()] = cpu;
    }

    @Override
    public void out(LogicalCpu hw, int port, int widthBytes, int value) {
        switch (value) {
            case GateReason.LEAVE -> hw.leaveGuest();
            case GateReason.ARCH_START -> boot.archStart(hw);
            case GateReason.AP_START -> boot.apStart(hw);
            default -> enter(hw, value);
        }
    }

    private void enter(LogicalCpu hw, int reason) {
        CpuLocal cpu = cpus[hw.index()];
        Kernel up = kernel;
        KernelThread thread = up.scheduler.current(cpu);
        try {
            if (reason == GateReason.IDLE) {
                idle(up, cpu);
            } else {
                trap(up, cpu, thread, reason);
            }
        } catch (RuntimeException e) {
            up.panic.panic(thread.cpu(), e);
        }
    }

    private void idle(Kernel up, CpuLocal cpu) {
        cpu.setStatus(MonitorArea.KERNEL);
        up.scheduler.schedule(cpu);
        cpu.setStatus(MonitorArea.IDLE);
    }

    private void trap(Kernel up, CpuLocal cpu, KernelThread thread, int reason) {
        PtRegs regs = new PtRegs(memory, AddressLayout.physical(cpu.hw().register(LogicalCpu.RSP)));
        boolean fromUser = regs.fromUser();
        int interrupted = cpu.status();
        cpu.setStatus(MonitorArea.KERNEL);
        cpu.countEntry();
        if (fromUser && reason != GateReason.NEW_THREAD) {
            thread.enterKernel(cpu.hw().cycles());
        }
        dispatch(up, cpu, regs, reason, fromUser);
        if (fromUser) {
            returnToUser(up, thread, regs, reason);
        } else {
            thread.cpu().setStatus(interrupted);
        }
    }

    private void dispatch(Kernel up, CpuLocal cpu, PtRegs regs, int reason, boolean fromUser) {
        if (reason == GateReason.SYSTEM_CALL) {
            cpu.hw().charge(ServiceCost.SYSTEM_CALL);
            up.handlers.systemCall(cpu, regs);
        } else if (reason <= LAST_EXCEPTION) {
            cpu.hw().charge(ServiceCost.EXCEPTION);
            exception(up, cpu, regs, reason, fromUser);
        } else if (reason <= 0xFF) {
            cpu.hw().charge(ServiceCost.INTERRUPT);
            ExecutionContext self = cpu.current();
            self.enterInterrupt();
            interrupt(up, cpu, reason);
            self.leaveInterrupt();
        }
    }

    private void exception(Kernel up, CpuLocal cpu, PtRegs regs, int vector, boolean fromUser) {
        int errorCode = 0;
        if ((ERROR_CODE_VECTORS >> vector & 1) != 0) {
            errorCode = (int) regs.origRax();
            regs.setOrigRax(-1);
        }
        long cr2 = vector == PAGE_FAULT ? cpu.hw().controlRegister(2) : 0;
        if (vector == 2) {
            up.interrupts.handler(vector).interrupt(cpu);
        } else if (fromUser) {
            up.handlers.exception(cpu, regs, vector, errorCode, cr2);
        } else {
            up.panic.exception(cpu, regs, vector, errorCode, cr2);
        }
    }

    private void interrupt(Kernel up, CpuLocal cpu, int vector) {
        // First, since the handler may sleep and this processor must go on taking interrupts.
        cpu.hw().apicWrite(APIC_EOI, 0);
        InterruptTable.InterruptHandler handler = up.interrupts.handler(vector);
        if (handler == null) {
            up.panic.log().kprintf(cpu, "unexpected interrupt, vector %d", vector);
        } else {
            handler.interrupt(cpu);
        }
    }

    private void returnToUser(Kernel up, KernelThread thread, PtRegs regs, int reason) {
        do {
            if (mustSchedule(thread)) {
                up.scheduler.schedule(thread.cpu());
            }
            up.handlers.beforeReturnToUser(thread.cpu(), regs);
            if (!returnable(regs)) {
                // IRET would fault in the kernel: the fault belongs to who made these registers.
                up.handlers.exception(thread.cpu(), regs, GENERAL_PROTECTION, 0, 0);
            }
        } while (mustSchedule(thread) || !returnable(regs));
        LogicalCpu hw = thread.cpu().hw();
        hw.setRegister(LogicalCpu.RAX, reason == GateReason.SYSTEM_CALL && sysretSuffices(regs) ? 0 : 1);
        thread.cpu().setStatus(MonitorArea.USER);
        thread.leaveKernel(hw.cycles());
    }

    private static boolean mustSchedule(KernelThread thread) {
        return thread.cpu().needReschedule() || thread.mustMove();
    }

    private static boolean returnable(PtRegs regs) {
        return regs.rip() << 16 >> 16 == regs.rip()
                && regs.get(PtRegs.CS) == AddressLayout.USER_CS
                && regs.get(PtRegs.SS) == AddressLayout.USER_DS;
    }

    /** SYSRET takes RIP from RCX and RFLAGS from R11; that is right only if nobody changed the frame. */
    private static boolean sysretSuffices(PtRegs regs) {
        return regs.get(PtRegs.RCX) == regs.rip()
                && regs.get(PtRegs.R11) == regs.rflags()
                && (regs.rflags() & RFLAGS_FOR_IRET) == 0;
    }
}
