// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Breakpoints;
import mckernelj.emulator.cpu.ControlRegisters;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.SegmentRegisters;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.isa.Encoding;

/**
 * System instructions (SDM vol. 1, 5.20): descriptor tables, control and debug registers, MSRs, caches and TLBs, HLT,
 * CLI, STI.
 */
final class SystemInstructions {
    private static final int IOPL_SHIFT = 12;

    private SystemInstructions() {}

    // ---- descriptor tables
    // ---------------------------------------------------------------------------------------------

    @Encoding(value = "0F 01 /2:mem LGDT M", privileged = true, ends = true)
    static void lgdt(Cpu cpu, Op op) {
        long linear = op.linear(cpu);
        int limit = (int) cpu.load16(linear) & 0xFFFF;
        cpu.gdtBase = tableBase(cpu, op, linear + 2);
        cpu.gdtLimit = limit;
    }

    @Encoding(value = "0F 01 /3:mem LIDT M", privileged = true, ends = true)
    static void lidt(Cpu cpu, Op op) {
        long linear = op.linear(cpu);
        int limit = (int) cpu.load16(linear) & 0xFFFF;
        cpu.idtBase = tableBase(cpu, op, linear + 2);
        cpu.idtLimit = limit;
    }

    /** 64 bits in 64-bit mode, else 32, of which a 16-bit operand size drops the top byte. */
    private static long tableBase(Cpu cpu, Op op, long linear) {
        if (cpu.long64) {
            long base = cpu.load64(linear);
            if (base << 16 >> 16 != base) {
                throw cpu.raise(X86Fault.GP, 0);
            }
            return base;
        }
        return cpu.load32(linear) & (op.operandSize == 16 ? 0xFFFFFFL : 0xFFFFFFFFL);
    }

    @Encoding("0F 01 /0:mem SGDT M")
    static void sgdt(Cpu cpu, Op op) {
        checkUserMode(cpu);
        storeTable(cpu, op, cpu.gdtBase, cpu.gdtLimit);
    }

    @Encoding("0F 01 /1:mem SIDT M")
    static void sidt(Cpu cpu, Op op) {
        checkUserMode(cpu);
        storeTable(cpu, op, cpu.idtBase, cpu.idtLimit);
    }

    private static void storeTable(Cpu cpu, Op op, long base, int limit) {
        long linear = op.linear(cpu);
        cpu.checkWrite(linear, cpu.long64 ? 10 : 6);
        cpu.store16(linear, limit);
        if (cpu.long64) {
            cpu.store64(linear + 2, base);
        } else {
            cpu.store32(linear + 2, base);
        }
    }

    @Encoding(value = "0F 00 /2 LLDT Ew", privileged = true, ends = true)
    static void lldt(Cpu cpu, long selector) {
        requireProtected(cpu);
        SegmentRegisters.loadLdt(cpu, (int) selector & 0xFFFF);
    }

    @Encoding(value = "0F 00 /3 LTR Ew", privileged = true, ends = true)
    static void ltr(Cpu cpu, long selector) {
        requireProtected(cpu);
        SegmentRegisters.loadTaskRegister(cpu, (int) selector & 0xFFFF);
    }

    @Encoding("0F 00 /0:mem SLDT Mw")
    static long sldt(Cpu cpu) {
        requireProtected(cpu);
        checkUserMode(cpu);
        return cpu.ldtSelector;
    }

    @Encoding("0F 00 /0:reg SLDT Rv")
    static long sldtRegister(Cpu cpu) {
        return sldt(cpu);
    }

    @Encoding("0F 00 /1:mem STR Mw")
    static long str(Cpu cpu) {
        requireProtected(cpu);
        checkUserMode(cpu);
        return cpu.trSelector;
    }

    @Encoding("0F 00 /1:reg STR Rv")
    static long strRegister(Cpu cpu) {
        return str(cpu);
    }

    /** User-mode instruction prevention: #GP(0) for user code if CR4.UMIP is set. */
    private static void checkUserMode(Cpu cpu) {
        if ((cpu.cr4 & ControlRegisters.CR4_UMIP) != 0) {
            cpu.checkPrivileged();
        }
    }

    private static void requireProtected(Cpu cpu) {
        if (SegmentRegisters.realMode(cpu)) {
            throw cpu.raise(X86Fault.UD);
        }
    }

    // ---- control and debug registers
    // -------------------------------------------------------------------------------------

    @Encoding("0F 01 /4:mem SMSW Mw")
    static long smsw(Cpu cpu) {
        checkUserMode(cpu);
        return cpu.cr0;
    }

    @Encoding("0F 01 /4:reg SMSW Rv")
    static long smswRegister(Cpu cpu) {
        checkUserMode(cpu);
        return cpu.cr0;
    }

    /** Cannot clear PE. */
    @Encoding(value = "0F 01 /6 LMSW Ew", privileged = true, ends = true)
    static void lmsw(Cpu cpu, long value) {
        long bits = value & 0xF | cpu.cr0 & ControlRegisters.CR0_PE;
        ControlRegisters.writeCr0(cpu, cpu.cr0 & ~0xFL | bits);
    }

    @Encoding(value = "0F 06 CLTS", privileged = true, ends = true)
    static void clts(Cpu cpu, Op op) {
        ControlRegisters.clearTaskSwitched(cpu);
    }

    /** ModRM.mod is ignored: always a register. */
    @Encoding("0F 20 /r MOV Rq, Cq")
    static void movFromControl(Cpu cpu, Op op) {
        checkControl(cpu, op.reg);
        cpu.setRegister(moveWidth(cpu), op.rm, readControl(cpu, op.reg));
    }

    /** A register that does not exist is #UD even for user code. */
    private static void checkControl(Cpu cpu, int number) {
        if (number != 0 && number != 2 && number != 3 && number != 4 && number != 8) {
            throw cpu.raise(X86Fault.UD);
        }
        cpu.checkPrivileged();
    }

    private static long readControl(Cpu cpu, int number) {
        switch (number) {
            case 0:
                return cpu.cr0;
            case 2:
                return cpu.cr2;
            case 3:
                return cpu.cr3;
            case 4:
                return cpu.cr4;
            default:
                return ControlRegisters.readCr8(cpu);
        }
    }

    @Encoding(value = "0F 22 /r MOV Cq, Rq", ends = true)
    static void movToControl(Cpu cpu, Op op) {
        checkControl(cpu, op.reg);
        long value = cpu.long64 ? cpu.r[op.rm] : cpu.r[op.rm] & 0xFFFFFFFFL;
        switch (op.reg) {
            case 0:
                ControlRegisters.writeCr0(cpu, value);
                break;
            case 2:
                cpu.cr2 = value;
                break;
            case 3:
                ControlRegisters.writeCr3(cpu, value);
                break;
            case 4:
                ControlRegisters.writeCr4(cpu, value);
                break;
            default:
                ControlRegisters.writeCr8(cpu, value);
                break;
        }
    }

    /** DR4 and DR5 are DR6 and DR7. */
    @Encoding("0F 21 /r MOV Rq, Dq")
    static void movFromDebug(Cpu cpu, Op op) {
        cpu.setRegister(moveWidth(cpu), op.rm, cpu.dr[debugNumber(cpu, op)]);
    }

    @Encoding(value = "0F 23 /r MOV Dq, Rq", ends = true)
    static void movToDebug(Cpu cpu, Op op) {
        int number = debugNumber(cpu, op);
        cpu.breakpoints.write(number, cpu.long64 ? cpu.r[op.rm] : cpu.r[op.rm] & 0xFFFFFFFFL);
        cpu.attention = 1; // the engine looks whether a breakpoint is enabled
    }

    /** #UD for a register that does not exist, #DB if DR7.GD guards them. */
    private static int debugNumber(Cpu cpu, Op op) {
        boolean alias = op.reg == 4 || op.reg == 5;
        if (op.reg > 7 || alias && (cpu.cr4 & ControlRegisters.CR4_DE) != 0) {
            throw cpu.raise(X86Fault.UD); // even for user code
        }
        cpu.checkPrivileged();
        if ((cpu.dr[7] & Breakpoints.DR7_GD) != 0) {
            cpu.dr[6] |= Breakpoints.DR6_BD;
            throw cpu.raise(X86Fault.DB);
        }
        return alias ? op.reg + 2 : op.reg;
    }

    private static int moveWidth(Cpu cpu) {
        return cpu.long64 ? 64 : 32;
    }

    // ---- MSRs, counters
    // ------------------------------------------------------------------------------------------------------

    @Encoding(value = "0F 32 RDMSR", privileged = true, ends = true)
    static void rdmsr(Cpu cpu, Op op) {
        setEdxEax(cpu, cpu.msrs.read((int) cpu.r[Cpu.RCX]));
    }

    @Encoding(value = "0F 30 WRMSR", privileged = true, ends = true)
    static void wrmsr(Cpu cpu, Op op) {
        cpu.msrs.write((int) cpu.r[Cpu.RCX], cpu.r[Cpu.RDX] << 32 | cpu.r[Cpu.RAX] & 0xFFFFFFFFL);
    }

    /** There are no performance counters. */
    @Encoding("0F 33 RDPMC")
    static void rdpmc(Cpu cpu, Op op) {
        throw cpu.raise(X86Fault.GP, 0);
    }

    static void setEdxEax(Cpu cpu, long value) {
        cpu.r[Cpu.RAX] = value & 0xFFFFFFFFL;
        cpu.r[Cpu.RDX] = value >>> 32;
    }

    // ---- caches and TLBs: caches are always coherent
    // -----------------------------------------------------------------------

    @Encoding(value = "0F 09 WBINVD", privileged = true, ends = true)
    static void wbinvd(Cpu cpu, Op op) {}

    @Encoding(value = "0F 08 INVD", privileged = true, ends = true)
    static void invd(Cpu cpu, Op op) {}

    @Encoding(value = "0F 01 /7:mem INVLPG M", privileged = true, ends = true)
    static void invlpg(Cpu cpu, Op op) {
        long linear = op.linear(cpu);
        if (linear << 16 >> 16 == linear) {
            cpu.mmu.invalidatePage(linear);
        }
    }

    /** Drops more than it must. Types: 0 one address, 1 one identifier, 2 all with global pages, 3 all. */
    @Encoding(
            value = {"66 0F 38 82 /r:mem INVPCID Gy, M"},
            feature = CpuFeature.INVPCID,
            privileged = true,
            ends = true)
    static void invpcid(Cpu cpu, Op op) {
        long type = cpu.long64 ? cpu.r[op.reg] : cpu.r[op.reg] & 0xFFFFFFFFL;
        long linear = op.linear(cpu);
        long identifier = cpu.load64(linear);
        long address = cpu.load64(linear + 8);
        boolean without = (cpu.cr4 & ControlRegisters.CR4_PCIDE) == 0 && identifier != 0;
        boolean illegal = type < 2 && (identifier >>> 12 != 0 || without);
        if (type >>> 2 != 0 || illegal || type == 0 && address << 16 >> 16 != address) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        if (type == 2) {
            cpu.mmu.flush();
        } else {
            cpu.mmu.addressSpaceChanged();
        }
    }

    @Encoding(value = "NP 0F 01 /1:2 CLAC", feature = CpuFeature.SMAP, ends = true)
    static void clac(Cpu cpu, Op op) {
        setAccess(cpu, 0);
    }

    @Encoding(value = "NP 0F 01 /1:3 STAC", feature = CpuFeature.SMAP, ends = true)
    static void stac(Cpu cpu, Op op) {
        setAccess(cpu, Cpu.AC);
    }

    private static void setAccess(Cpu cpu, int flag) {
        if (cpu.cpl != 0) {
            throw cpu.raise(X86Fault.UD);
        }
        cpu.setRflags(cpu.rflags() & ~Cpu.AC | flag);
    }

    // ---- interrupt flag, halt
    // ------------------------------------------------------------------------------------------------

    @Encoding(value = "F4 HLT", privileged = true, ends = true)
    static void hlt(Cpu cpu, Op op) {
        cpu.exit = Cpu.EXIT_HALT;
    }

    @Encoding(value = "FA CLI", ends = true)
    static void cli(Cpu cpu, Op op) {
        checkIoPrivilege(cpu);
        cpu.systemFlags &= ~Cpu.IF;
    }

    @Encoding(value = "FB STI", ends = true)
    static void sti(Cpu cpu, Op op) {
        checkIoPrivilege(cpu);
        if ((cpu.systemFlags & Cpu.IF) == 0) {
            cpu.systemFlags |= Cpu.IF;
            cpu.interruptShadow = true;
            cpu.interruptFlagChanged();
        }
    }

    private static void checkIoPrivilege(Cpu cpu) {
        if (!SegmentRegisters.realMode(cpu) && cpu.cpl > (cpu.systemFlags >> IOPL_SHIFT & 3)) {
            throw cpu.raise(X86Fault.GP, 0);
        }
    }
}
