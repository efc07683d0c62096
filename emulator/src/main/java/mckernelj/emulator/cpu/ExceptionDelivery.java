// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

/**
 * Takes exceptions, interrupts and INT n through the IDT or the real-mode vector table (SDM vol. 3, chapter 6): gates,
 * stack switch by privilege and IST, error codes, double fault, shutdown. No task gates, no virtual-8086 mode.
 */
public final class ExceptionDelivery {
    /** Pushed and saved flags that are cleared on entry. */
    private static final int CLEARED = Cpu.TF | Cpu.NT | Cpu.RF | 1 << 17;

    private static final int EXT = 1;
    private static final int IDT = 2;

    /**
     * Exceptions that are not contributory: a second fault after them is delivered as itself (SDM vol. 3, table 6-5).
     */
    private static final int BENIGN = 0;

    private static final int CONTRIBUTORY = 1;
    private static final int PAGE_FAULT = 2;

    private ExceptionDelivery() {}

    /**
     * Delivers {@code fault}; RIP ({@code cpu.rip}) is that of the faulting instruction. Never throws: a fault during
     * delivery becomes a double fault where the SDM says so, and after that shutdown ({@link Cpu#EXIT_SHUTDOWN}).
     */
    public static void deliver(Cpu cpu, X86Fault fault) {
        cpu.inBlock = false; // the stack may be anywhere, even in a device
        int vector = fault.vector;
        int errorCode = fault.errorCode;
        for (; ; ) {
            if (vector == X86Fault.PF) {
                cpu.cr2 = fault.faultLinear;
            }
            try {
                int savedFlags = isTrap(vector) ? 0 : Cpu.RF;
                enter(cpu, vector, errorCode, EXT, cpu.rip, savedFlags);
                cpu.rip = cpu.nextRip;
                if (vector == X86Fault.DB) {
                    cpu.dr[7] &= ~Breakpoints.DR7_GD;
                }
                return;
            } catch (X86Fault second) {
                if (second.vector == X86Fault.PF) {
                    cpu.cr2 = second.faultLinear;
                }
                if (vector == X86Fault.DF) {
                    cpu.exit = Cpu.EXIT_SHUTDOWN;
                    return;
                }
                if (becomesDoubleFault(vector, second.vector)) {
                    vector = X86Fault.DF;
                    errorCode = 0;
                } else {
                    vector = second.vector;
                    errorCode = second.errorCode;
                }
            }
        }
    }

    /** Takes an external interrupt (or NMI, vector 2) between instructions. Never throws. */
    public static void interrupt(Cpu cpu, int vector) {
        try {
            enter(cpu, vector, X86Fault.NO_ERROR_CODE, EXT, cpu.rip, 0);
            cpu.rip = cpu.nextRip;
        } catch (X86Fault fault) {
            deliver(cpu, fault);
        }
    }

    /**
     * INT n, INT3, INTO: returns behind the instruction, and the gate's DPL counts. Throws what the instruction
     * raises.
     */
    public static void software(Cpu cpu, int vector) {
        enter(cpu, vector, X86Fault.NO_ERROR_CODE, 0, cpu.nextRip, 0);
        cpu.stepDiscarded = true;
    }

    /** INT1: like an exception, the gate's DPL does not count. */
    public static void int1(Cpu cpu) {
        enter(cpu, X86Fault.DB, X86Fault.NO_ERROR_CODE, EXT, cpu.nextRip, 0);
        cpu.stepDiscarded = true;
    }

    private static boolean isTrap(int vector) {
        return vector == X86Fault.DB || vector == X86Fault.BP || vector == X86Fault.OF;
    }

    private static int category(int vector) {
        switch (vector) {
            case X86Fault.DE:
            case X86Fault.TS:
            case X86Fault.NP:
            case X86Fault.SS:
            case X86Fault.GP:
                return CONTRIBUTORY;
            case X86Fault.PF:
                return PAGE_FAULT;
            default:
                return BENIGN;
        }
    }

    private static boolean becomesDoubleFault(int first, int second) {
        int a = category(first);
        int b = category(second);
        return a == CONTRIBUTORY && b == CONTRIBUTORY || a == PAGE_FAULT && b != BENIGN;
    }

    /** Changes CS, SS, RSP, RFLAGS and {@code nextRip}; on a fault nothing has changed. */
    private static void enter(Cpu cpu, int vector, int errorCode, int external, long returnRip, int savedFlags) {
        if (SegmentRegisters.realMode(cpu)) {
            enterReal(cpu, vector, returnRip);
        } else if (SegmentRegisters.longMode(cpu)) {
            new LongModeGate(cpu, vector, external).enter(errorCode, returnRip, cpu.rflags() | savedFlags);
        } else {
            ProtectedModeGate.enter(cpu, vector, errorCode, external, returnRip, cpu.rflags() | savedFlags);
        }
    }

    /** The flags after entry through an interrupt gate (IF cleared) or trap gate. */
    static void clearFlags(Cpu cpu, boolean interruptGate) {
        cpu.systemFlags &= ~(CLEARED | (interruptGate ? Cpu.IF : 0));
    }

    /** Error code of a fault that concerns gate {@code vector}. */
    static int gateError(int vector, int external) {
        return vector << 3 | IDT | external;
    }

    private static void enterReal(Cpu cpu, int vector, long returnRip) {
        if (vector * 4 + 3 > cpu.idtLimit) {
            throw cpu.raise(X86Fault.GP, X86Fault.NO_ERROR_CODE);
        }
        long target = cpu.mmu.loadSystem(cpu.idtBase + vector * 4L, 4);
        long stackPointer = cpu.r[Cpu.RSP];
        try {
            cpu.push(16, cpu.rflags());
            cpu.push(16, cpu.selector[Cpu.CS]);
            cpu.push(16, returnRip);
        } catch (X86Fault | DeviceStore fault) {
            cpu.r[Cpu.RSP] = stackPointer;
            throw fault;
        }
        clearFlags(cpu, true);
        SegmentRegisters.loadReal(cpu, Cpu.CS, (int) (target >>> 16));
        SegmentRegisters.updateMode(cpu);
        cpu.nextRip = target & 0xFFFF;
    }
}
