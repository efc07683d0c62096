// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.cpu.X87;
import mckernelj.emulator.fp.Extended;

/** What all x87 instructions share: pending exceptions, register stack, reporting of exceptions (SDM vol. 1, sections 8.1 and 8.4). */
final class X87Stack {
    static final int C0 = 1 << 8;
    static final int C1 = 1 << 9;
    static final int C2 = 1 << 10;
    static final int C3 = 1 << 14;
    static final int STACK_FAULT = 1 << 6;
    static final int SUMMARY = 1 << 7;
    static final int BUSY = 1 << 15;
    private static final int CR0_EM_TS = 4 | 8;
    private static final int CR0_NE = 1 << 5;
    private static final int NO_RESULT = Extended.INVALID | Extended.DENORMAL | Extended.ZERO_DIVIDE;

    private X87Stack() {}

    /** #NM if the unit is switched off. */
    static X87 available(Cpu cpu) {
        if ((cpu.cr0 & CR0_EM_TS) != 0) {
            throw cpu.raise(X86Fault.NM);
        }
        return cpu.x87;
    }

    /** Start of every waiting instruction: #MF if an unmasked exception is pending. */
    static X87 waiting(Cpu cpu) {
        X87 x = available(cpu);
        if ((x.status & SUMMARY) != 0) {
            if ((cpu.cr0 & CR0_NE) != 0) {
                throw cpu.raise(X86Fault.MF);
            }
        }
        return x;
    }

    /** Start of every arithmetic instruction. */
    static X87 begin(Cpu cpu, Op op) {
        X87 x = beginStore(cpu, op);
        x.keepInstructionPointer();
        return x;
    }

    /** Start of an instruction whose store may fault yet. */
    static X87 beginStore(Cpu cpu, Op op) {
        X87 x = waiting(cpu);
        long here = cpu.r[Cpu.BLOCK] + op.offset - cpu.r[Cpu.CS];
        int fop = (int) op.immediate;
        if ((fop & 0xC0) == 0xC0) {
            x.begin(here, fop);
        } else {
            x.begin(here, fop, op.offsetAddress(cpu));
        }
        x.unit.flags = 0;
        x.unit.control = x.control;
        x.unit.roundedUp = false;
        return x;
    }

    static int physical(X87 x, int i) {
        return x.top + i & 7;
    }

    static boolean isEmpty(X87 x, int i) {
        return (x.empty >> physical(x, i) & 1) != 0;
    }

    static int se(X87 x, int i) {
        return x.signExponent[physical(x, i)];
    }

    static long sig(X87 x, int i) {
        return x.significand[physical(x, i)];
    }

    /** Writes the unit's result to ST(i). */
    static void setResult(X87 x, int i) {
        set(x, i, x.unit.se, x.unit.sig);
    }

    static void set(X87 x, int i, int se, long sig) {
        int p = physical(x, i);
        x.signExponent[p] = se;
        x.significand[p] = sig;
        x.empty &= ~(1 << p);
    }

    static void pop(X87 x) {
        x.empty |= 1 << x.top;
        x.top = x.top + 1 & 7;
    }

    /** Checks operands ST(i) and ST(j): an empty one gives a stack underflow, whose masked result is the default NaN. True if fine. */
    static boolean operands(X87 x, int i, int j) {
        if (isEmpty(x, i) || isEmpty(x, j)) {
            underflow(x);
            return false;
        }
        return true;
    }

    static void underflow(X87 x) {
        x.unit.flags = Extended.INVALID | STACK_FAULT;
        x.unit.roundedUp = false;
        x.unit.set(Extended.NAN_SE, Extended.NAN_SIG);
    }

    private static void overflow(X87 x) {
        underflow(x);
        x.unit.roundedUp = true; // C1 = 1 tells an overflow from an underflow
    }

    /** Stack overflow of an instruction that replaces ST(0) and pushes: both become the default NaN. */
    static void overflowOfTwo(X87 x) {
        overflow(x);
        if (report(x)) {
            setResult(x, 0);
            x.top = x.top - 1 & 7;
            setResult(x, 0);
        }
    }

    /** As {@link #report} for instructions that leave C1 alone unless the stack faults. */
    static boolean reportKeepingC1(X87 x, boolean stackFault) {
        int c1 = stackFault ? 0 : x.status & C1;
        x.unit.roundedUp = false;
        boolean write = report(x);
        x.status |= c1;
        return write;
    }

    /** Reports the unit's exceptions in the status word; true if the result is to be written. */
    static boolean report(X87 x) {
        int flags = x.unit.flags;
        boolean noResult = (flags & NO_RESULT & ~x.control) != 0;
        if (noResult && (flags & Extended.INVALID) == 0) {
            flags &= NO_RESULT; // nothing was rounded
            x.unit.roundedUp = false;
        }
        x.status = x.status & ~C1 | flags | (x.unit.roundedUp ? C1 : 0);
        int unmasked = flags & ~x.control & 0x3F;
        if (unmasked != 0) {
            x.status |= SUMMARY | BUSY;
            x.notePointers();
        }
        return !noResult;
    }

    /** Pushes the unit's result; a full stack gives a stack overflow. */
    static void push(X87 x) {
        if (!isEmpty(x, 7)) {
            overflow(x);
        }
        if (report(x)) {
            x.top = x.top - 1 & 7;
            setResult(x, 0);
        }
    }

    static void condition(X87 x, int bits) {
        x.status = x.status & ~(C0 | C2 | C3) | bits;
    }
}
