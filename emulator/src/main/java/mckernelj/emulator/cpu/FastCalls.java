// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

import mckernelj.emulator.hw.Msr;

/** SYSCALL, SYSRET, SYSENTER and SYSEXIT as Intel defines them (SDM vol. 2; vol. 3, 5.8.7, 5.8.8). */
public final class FastCalls {
    private static final int CLEARED_BY_SYSRET = Cpu.RF | 1 << 17;

    private FastCalls() {}

    private static void requireEnabled(Cpu cpu) {
        if (!cpu.long64 || (cpu.efer & Msr.EFER_SCE) == 0) {
            throw cpu.raise(X86Fault.UD);
        }
    }

    public static void syscall(Cpu cpu) {
        requireEnabled(cpu);
        ModelSpecificRegisters msrs = cpu.msrs;
        long flags = cpu.rflags();
        cpu.r[Cpu.RCX] = cpu.nextRip;
        cpu.r[11] = flags & ~Cpu.RF;
        cpu.nextRip = msrs.lstar;
        cpu.setRflags(flags & ~msrs.fmask & ~Cpu.RF);
        cpu.stepDiscarded = (cpu.systemFlags & Cpu.TF) == 0;
        int selector = (int) (msrs.star >>> 32) & 0xFFFC;
        SegmentRegisters.setFlat(cpu, selector, selector + 8, 0, true);
    }

    public static void sysret(Cpu cpu, boolean to64) {
        requireEnabled(cpu);
        long target = cpu.r[Cpu.RCX];
        if (to64 && target << 16 >> 16 != target) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        int selector = (int) (cpu.msrs.star >>> 48) & 0xFFFF;
        cpu.setRflags(cpu.r[11] & 0x3C7FD7 & ~CLEARED_BY_SYSRET | 2);
        cpu.nextRip = to64 ? target : target & 0xFFFFFFFFL;
        SegmentRegisters.setFlat(cpu, to64 ? selector + 16 : selector, selector + 8, 3, to64);
    }

    public static void sysenter(Cpu cpu) {
        ModelSpecificRegisters msrs = cpu.msrs;
        int selector = (int) msrs.sysenterCs & 0xFFFC;
        if (SegmentRegisters.realMode(cpu) || selector == 0) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        boolean wide = SegmentRegisters.longMode(cpu);
        cpu.setRflags(cpu.rflags() & ~(Cpu.IF | Cpu.RF | 1 << 17));
        cpu.r[Cpu.RSP] = wide ? msrs.sysenterEsp : msrs.sysenterEsp & 0xFFFFFFFFL;
        cpu.nextRip = wide ? msrs.sysenterEip : msrs.sysenterEip & 0xFFFFFFFFL;
        SegmentRegisters.setFlat(cpu, selector, selector + 8, 0, wide);
    }

    public static void sysexit(Cpu cpu, boolean to64) {
        int selector = (int) cpu.msrs.sysenterCs & 0xFFFC;
        long target = cpu.r[Cpu.RDX];
        long stack = cpu.r[Cpu.RCX];
        boolean canonical = target << 16 >> 16 == target && stack << 16 >> 16 == stack;
        if (SegmentRegisters.realMode(cpu) || selector == 0 || to64 && !canonical) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        cpu.r[Cpu.RSP] = to64 ? stack : stack & 0xFFFFFFFFL;
        cpu.nextRip = to64 ? target : target & 0xFFFFFFFFL;
        int code = selector + (to64 ? 32 : 16);
        SegmentRegisters.setFlat(cpu, code, code + 8, 3, to64);
    }
}
