// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.DeviceStore;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.isa.Encoding;

/**
 * Near control transfer (SDM vol. 1, 5.1.7); conditional jumps are in {@link Conditional}. {@code nextRip} is an offset from the CS
 * base. In 64-bit mode the operand size of near branches is 64 bits whatever the prefixes say.
 */
public final class ControlTransfer {
    private ControlTransfer() {}

    @Encoding(
            value = {"EB JMP Jb", "E9 JMP Jz"},
            default64 = true,
            ends = true)
    static void jmp(Cpu cpu, long target) {
        cpu.nextRip = target;
    }

    @Encoding(value = "FF /4 JMP Ev", default64 = true, ends = true)
    static void jmpIndirect(Cpu cpu, int width, long target) {
        cpu.nextRip = checked(cpu, width, target);
    }

    @Encoding(value = "E8 CALL Jz", default64 = true, ends = true)
    static void call(Cpu cpu, long target, Op op) {
        cpu.push(op.operandSize, cpu.nextRip);
        cpu.nextRip = target;
    }

    /** The return address is stored before the target is checked, as processors do. */
    @Encoding(value = "FF /2 CALL Ev", default64 = true, ends = true)
    static void callIndirect(Cpu cpu, int width, long target) {
        long before = cpu.r[Cpu.RSP];
        cpu.push(width, cpu.nextRip);
        if (target << 16 >> 16 != target) {
            cpu.r[Cpu.RSP] = before;
        }
        cpu.nextRip = checked(cpu, width, target);
    }

    /** RSP is unchanged if the return address cannot be loaded or is not canonical. */
    @Encoding(value = "C3 RET", default64 = true, ends = true)
    static void ret(Cpu cpu, Op op) {
        release(cpu, op, 0);
    }

    @Encoding(value = "C2 RET Iw", default64 = true, ends = true)
    static void retRelease(Cpu cpu, Op op) {
        release(cpu, op, op.immediate & 0xFFFF);
    }

    private static void release(Cpu cpu, Op op, long bytes) {
        long target = checked(cpu, op.operandSize, cpu.peekStack(op.operandSize, 0));
        cpu.addToStackPointer((op.operandSize >> 3) + bytes);
        cpu.nextRip = target;
    }

    /** A branch target as RIP: zero-extended, and #GP(0) if not canonical. */
    private static long checked(Cpu cpu, int width, long target) {
        if (width != 64) {
            return Addressing.truncate(width, target);
        }
        if (target << 16 >> 16 != target) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        return target;
    }

    // ---- loops: the counter is as wide as an address
    // ----------------------------------------------------------------------

    @Encoding(value = "E3 JRCXZ Jb", default64 = true, ends = true)
    static void jrcxz(Cpu cpu, long target, Op op) {
        if (Addressing.truncate(op.addressSize, cpu.r[Cpu.RCX]) == 0) {
            cpu.nextRip = target;
        }
    }

    @Encoding(value = "E2 LOOP Jb", default64 = true, ends = true)
    static void loop(Cpu cpu, long target, Op op) {
        if (countDown(cpu, op)) {
            cpu.nextRip = target;
        }
    }

    @Encoding(value = "E1 LOOPE Jb", default64 = true, ends = true)
    static void loope(Cpu cpu, long target, Op op) {
        if (countDown(cpu, op) && cpu.condition(4)) {
            cpu.nextRip = target;
        }
    }

    @Encoding(value = "E0 LOOPNE Jb", default64 = true, ends = true)
    static void loopne(Cpu cpu, long target, Op op) {
        if (countDown(cpu, op) && cpu.condition(5)) {
            cpu.nextRip = target;
        }
    }

    private static boolean countDown(Cpu cpu, Op op) {
        long count = Addressing.truncate(op.addressSize, cpu.r[Cpu.RCX] - 1);
        cpu.setRegister(op.addressSize, Cpu.RCX, count);
        return count != 0;
    }

    // ---- stack frames
    // ----------------------------------------------------------------------------------------------------------

    @Encoding(value = "C9 LEAVE", default64 = true)
    static void leave(Cpu cpu, int width) {
        long frame = cpu.stackPointerFrom(cpu.r[Cpu.RBP]);
        long outer = cpu.loadStack(width, frame);
        cpu.r[Cpu.RSP] = frame;
        cpu.addToStackPointer(width >> 3);
        cpu.setRegister(width, Cpu.RBP, outer);
    }

    @Encoding(value = "C8 ENTER Iw, Ib", default64 = true)
    static void enter(Cpu cpu, Op op) {
        long before = cpu.r[Cpu.RSP];
        try {
            enterFrame(cpu, op.operandSize, op.immediate & 0xFFFF, op.immediate2() & 31);
        } catch (X86Fault | DeviceStore fault) {
            cpu.r[Cpu.RSP] = before;
            throw fault;
        }
    }

    private static void enterFrame(Cpu cpu, int width, long size, int level) {
        cpu.push(width, cpu.r[Cpu.RBP]);
        long frame = cpu.r[Cpu.RSP];
        for (int i = 1; i < level; i++) {
            long outer = cpu.stackPointerFrom(cpu.r[Cpu.RBP] - (long) i * (width >> 3));
            cpu.push(width, cpu.load(width, cpu.segmented(Cpu.SS, outer)));
        }
        if (level > 0) {
            cpu.push(width, frame);
        }
        cpu.addToStackPointer(-size);
        // The new top of stack must be writable, although nothing is written.
        cpu.checkWrite(cpu.segmented(Cpu.SS, cpu.stackPointerFrom(cpu.r[Cpu.RSP])), 1);
        cpu.setRegister(width, Cpu.RBP, frame);
    }

    // ---- instructions that never succeed
    // ---------------------------------------------------------------------------------------

    /** Where a prefix that is not part of the opcode makes it another instruction, which this processor does not have. */
    @Encoding(
            value = {
                "F3 0F 38 F0 /r UD",
                "F3 0F 38 F1 /r UD",
                "F2 0F C7 /6:reg UD",
                "F3 0F C7 /6:reg UD",
                "F2 0F C7 /7:reg UD"
            },
            ends = true)
    static void undefined(Cpu cpu, Op op) {
        throw cpu.raise(X86Fault.UD);
    }

    @Encoding(value = "0F 0B UD2", ends = true)
    static void ud2(Cpu cpu, Op op) {
        throw cpu.raise(X86Fault.UD);
    }

    @Encoding(
            value = {"0F B9 /r UD1", "0F FF /r UD0"},
            ends = true)
    static void ud(Cpu cpu, Op op) {
        throw cpu.raise(X86Fault.UD);
    }

    /** #BR unless the signed index lies within the two bounds in memory. */
    @Encoding(value = "62 /r:mem BOUND Gv, Ma", no64 = true)
    static void bound(Cpu cpu, Op op) {
        int width = op.operandSize;
        long index = cpu.register(width, op.reg);
        // the upper bound is not even read if the lower one is not met
        if (index < cpu.load(width, op.linear(cpu))
                || index > cpu.load(width, Addressing.linear(cpu, op, width >> 3))) {
            throw cpu.raise(X86Fault.BR);
        }
    }
}
