// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.ControlRegisters;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.ExtendedState;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.isa.Encoding;

/**
 * FXSAVE, XSAVE and their relatives. No component is tracked as "in initial configuration": XINUSE is all ones, and
 * XSAVEOPT saves what XSAVE saves.
 */
final class ExtendedStateInstructions {
    private static final int LEGACY_BYTES_WRITTEN = 464;

    private ExtendedStateInstructions() {}

    @Encoding(
            value = {"NP 0F AE /0:mem FXSAVE M"},
            feature = CpuFeature.FXSR)
    static void fxsave(Cpu cpu, Op op) {
        long linear = legacyArea(cpu, op);
        cpu.checkWrite(linear, LEGACY_BYTES_WRITTEN);
        long[] image = new long[ExtendedState.WORDS];
        ExtendedState.capture(cpu, image, op.operandSize == 64);
        store(cpu, linear, image, 0, ExtendedState.XMM + 2 * xmmRegisters(cpu));
    }

    @Encoding(
            value = {"NP 0F AE /1:mem FXRSTOR M"},
            feature = CpuFeature.FXSR)
    static void fxrstor(Cpu cpu, Op op) {
        long[] image = load(cpu, legacyArea(cpu, op), ExtendedState.XMM + 2 * xmmRegisters(cpu));
        narrowPointers(op, image);
        ExtendedState.restoreMxcsr(cpu, image[ExtendedState.MXCSR]);
        ExtendedState.restoreX87(cpu, image);
        ExtendedState.restoreXmm(cpu, image, xmmRegisters(cpu));
    }

    private static long legacyArea(Cpu cpu, Op op) {
        if ((cpu.cr0 & (ControlRegisters.CR0_EM | ControlRegisters.CR0_TS)) != 0) {
            throw cpu.raise(X86Fault.NM);
        }
        long linear = op.linear(cpu);
        cpu.checkAligned(linear, 16);
        return linear;
    }

    /** 64-bit pointers only with REX.W; else 32 bits and a selector, which is dropped. */
    private static void narrowPointers(Op op, long[] image) {
        if (op.operandSize != 64) {
            image[1] &= 0xFFFFFFFFL;
            image[2] &= 0xFFFFFFFFL;
        }
    }

    private static int xmmRegisters(Cpu cpu) {
        return cpu.long64 ? 16 : 8;
    }

    @Encoding(
            value = {"NP 0F AE /4:mem XSAVE M", "NP 0F AE /6:mem XSAVEOPT M"},
            feature = CpuFeature.XSAVE)
    static void xsave(Cpu cpu, Op op) {
        long linear = xsaveArea(cpu, op);
        long mask = requested(cpu);
        cpu.checkWrite(linear, ExtendedState.size(mask));
        long[] image = new long[ExtendedState.WORDS];
        ExtendedState.capture(cpu, image, op.operandSize == 64);
        int registers = xmmRegisters(cpu);
        if ((mask & ExtendedState.X87) != 0) {
            store(cpu, linear, image, 0, 3);
            store(cpu, linear, image, ExtendedState.ST, ExtendedState.XMM);
        }
        if ((mask & (ExtendedState.SSE | ExtendedState.AVX)) != 0) {
            store(cpu, linear, image, ExtendedState.MXCSR, ExtendedState.MXCSR + 1);
        }
        if ((mask & ExtendedState.SSE) != 0) {
            store(cpu, linear, image, ExtendedState.XMM, ExtendedState.XMM + 2 * registers);
        }
        if ((mask & ExtendedState.AVX) != 0) {
            store(cpu, linear, image, ExtendedState.YMM, ExtendedState.YMM + 2 * registers);
        }
        long header = linear + 8 * ExtendedState.XSTATE_BV;
        cpu.store64(header, cpu.load64(header) & ~mask | mask);
    }

    @Encoding(
            value = {"NP 0F AE /5:mem XRSTOR M"},
            feature = CpuFeature.XSAVE)
    static void xrstor(Cpu cpu, Op op) {
        long linear = xsaveArea(cpu, op);
        long mask = requested(cpu);
        long[] image = load(cpu, linear, ExtendedState.size(mask) / 8);
        narrowPointers(op, image);
        long present = image[ExtendedState.XSTATE_BV];
        boolean compacted = image[ExtendedState.XCOMP_BV] != 0 || image[ExtendedState.XCOMP_BV + 1] != 0;
        if ((present & ~cpu.xcr0) != 0 || compacted) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        if ((mask & (ExtendedState.SSE | ExtendedState.AVX)) != 0) {
            ExtendedState.restoreMxcsr(cpu, image[ExtendedState.MXCSR]);
        }
        restore(cpu, image, mask, present, xmmRegisters(cpu));
    }

    private static void restore(Cpu cpu, long[] image, long mask, long present, int registers) {
        long[] none = new long[ExtendedState.WORDS];
        if ((mask & present & ExtendedState.X87) != 0) {
            ExtendedState.restoreX87(cpu, image);
        } else if ((mask & ExtendedState.X87) != 0) {
            ExtendedState.initX87(cpu);
        }
        if ((mask & ExtendedState.SSE) != 0) {
            ExtendedState.restoreXmm(cpu, (present & ExtendedState.SSE) != 0 ? image : none, registers);
        }
        if ((mask & ExtendedState.AVX) != 0) {
            ExtendedState.restoreYmm(cpu, (present & ExtendedState.AVX) != 0 ? image : none, registers);
        }
    }

    private static long requested(Cpu cpu) {
        return (cpu.r[Cpu.RDX] << 32 | cpu.r[Cpu.RAX] & 0xFFFFFFFFL) & cpu.xcr0;
    }

    private static long xsaveArea(Cpu cpu, Op op) {
        requireOsxsave(cpu);
        if ((cpu.cr0 & ControlRegisters.CR0_TS) != 0) {
            throw cpu.raise(X86Fault.NM);
        }
        long linear = op.linear(cpu);
        if ((linear & 63) != 0) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        return linear;
    }

    private static void requireOsxsave(Cpu cpu) {
        if ((cpu.cr4 & ControlRegisters.CR4_OSXSAVE) == 0) {
            throw cpu.raise(X86Fault.UD);
        }
    }

    private static void store(Cpu cpu, long linear, long[] image, int from, int to) {
        for (int i = from; i < to; i++) {
            cpu.store64(linear + 8L * i, image[i]);
        }
    }

    private static long[] load(Cpu cpu, long linear, int words) {
        long[] image = new long[ExtendedState.WORDS];
        for (int i = 0; i < words; i++) {
            image[i] = cpu.load64(linear + 8L * i);
        }
        return image;
    }

    @Encoding(value = "NP 0F 01 /2:0 XGETBV", feature = CpuFeature.XSAVE)
    static void xgetbv(Cpu cpu, Op op) {
        requireOsxsave(cpu);
        if ((int) cpu.r[Cpu.RCX] != 0) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        SystemInstructions.setEdxEax(cpu, cpu.xcr0);
    }

    @Encoding(value = "NP 0F 01 /2:1 XSETBV", feature = CpuFeature.XSAVE, ends = true)
    static void xsetbv(Cpu cpu, Op op) {
        requireOsxsave(cpu);
        if (cpu.cpl != 0 || (int) cpu.r[Cpu.RCX] != 0) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        ControlRegisters.writeXcr0(cpu, cpu.r[Cpu.RDX] << 32 | cpu.r[Cpu.RAX] & 0xFFFFFFFFL);
    }
}
