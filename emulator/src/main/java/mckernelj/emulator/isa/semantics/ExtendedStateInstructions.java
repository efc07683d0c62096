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
 * FXSAVE, XSAVE and their relatives (SDM vol. 1, chapter 13). A component is in use if it does not have its initial
 * values. No XSAVES.
 */
final class ExtendedStateInstructions {
    private static final int LEGACY_BYTES = 512;
    private static final int LEGACY_BYTES_WRITTEN = 464;

    /** XCOMP_BV: the area is compacted. AVX lies where it lies in the standard form. */
    private static final long COMPACTED = 1L << 63;

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
        long linear = legacyArea(cpu, op);
        cpu.load8(linear + LEGACY_BYTES - 1); // though the last bytes are not used
        long[] image = load(cpu, linear, ExtendedState.XMM + 2 * xmmRegisters(cpu));
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

    @Encoding(value = "NP 0F AE /4:mem XSAVE M", feature = CpuFeature.XSAVE)
    static void xsave(Cpu cpu, Op op) {
        saveStandard(cpu, op, false);
    }

    /** As XSAVE, but components in their initial configuration are not written. Modifications are not tracked. */
    @Encoding(value = "NP 0F AE /6:mem XSAVEOPT M", feature = CpuFeature.XSAVEOPT)
    static void xsaveopt(Cpu cpu, Op op) {
        saveStandard(cpu, op, true);
    }

    private static void saveStandard(Cpu cpu, Op op, boolean onlyInUse) {
        long linear = xsaveArea(cpu, op);
        long mask = requested(cpu);
        cpu.checkWrite(linear, ExtendedState.size(mask));
        long[] image = new long[ExtendedState.WORDS];
        ExtendedState.capture(cpu, image, op.operandSize == 64);
        long inUse = ExtendedState.inUse(cpu);
        if ((mask & (ExtendedState.SSE | ExtendedState.AVX)) != 0) {
            store(cpu, linear, image, ExtendedState.MXCSR, ExtendedState.MXCSR + 1);
        }
        saveComponents(cpu, linear, image, onlyInUse ? mask & inUse : mask, ExtendedState.YMM);
        long header = linear + 8 * ExtendedState.XSTATE_BV;
        cpu.store64(header, cpu.load64(header) & ~mask | mask & inUse);
    }

    /** {@code ymmWord}: where the AVX component begins in memory. */
    private static void saveComponents(Cpu cpu, long linear, long[] image, long components, int ymmWord) {
        int registers = xmmRegisters(cpu);
        if ((components & ExtendedState.X87) != 0) {
            store(cpu, linear, image, 0, 3);
            store(cpu, linear, image, ExtendedState.ST, ExtendedState.XMM);
        }
        if ((components & ExtendedState.SSE) != 0) {
            store(cpu, linear, image, ExtendedState.XMM, ExtendedState.XMM + 2 * registers);
        }
        if ((components & ExtendedState.AVX) != 0) {
            long shifted = linear + 8L * (ymmWord - ExtendedState.YMM);
            store(cpu, shifted, image, ExtendedState.YMM, ExtendedState.YMM + 2 * registers);
        }
    }

    /** Compacted form. */
    @Encoding(value = "NP 0F C7 /4:mem XSAVEC M", feature = CpuFeature.XSAVEC)
    static void xsavec(Cpu cpu, Op op) {
        long linear = xsaveArea(cpu, op);
        long mask = requested(cpu);
        cpu.checkWrite(linear, ExtendedState.size(mask));
        long[] image = new long[ExtendedState.WORDS];
        ExtendedState.capture(cpu, image, op.operandSize == 64);
        long components = mask & ExtendedState.inUse(cpu);
        if ((components & ExtendedState.SSE) != 0) {
            store(cpu, linear, image, ExtendedState.MXCSR, ExtendedState.MXCSR + 1);
        }
        saveComponents(cpu, linear, image, components, ExtendedState.YMM);
        long header = linear + 8 * ExtendedState.XSTATE_BV;
        cpu.store64(header, components);
        cpu.store64(header + 8, COMPACTED | mask);
    }

    @Encoding(
            value = {"NP 0F AE /5:mem XRSTOR M"},
            feature = CpuFeature.XSAVE)
    static void xrstor(Cpu cpu, Op op) {
        long linear = xsaveArea(cpu, op);
        long mask = requested(cpu);
        long[] image = new long[ExtendedState.WORDS];
        load(cpu, linear, image, ExtendedState.XSTATE_BV, ExtendedState.YMM);
        long present = image[ExtendedState.XSTATE_BV];
        long format = image[ExtendedState.XCOMP_BV];
        boolean compacted = format < 0;
        boolean legal = compacted
                ? cpu.cpuid.has(CpuFeature.XSAVEC)
                        && (format & ~COMPACTED & ~cpu.xcr0) == 0
                        && (present & ~format) == 0
                        && isZero(image, ExtendedState.XCOMP_BV + 1, ExtendedState.YMM)
                : (present & ~cpu.xcr0) == 0 && isZero(image, ExtendedState.XCOMP_BV, ExtendedState.XCOMP_BV + 2);
        if (!legal || present < 0) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        boolean loadsMxcsr = compacted
                ? (mask & present & ExtendedState.SSE) != 0
                : (mask & (ExtendedState.SSE | ExtendedState.AVX)) != 0;
        loadComponents(cpu, linear, image, mask, present);
        narrowPointers(op, image);
        if (loadsMxcsr) {
            ExtendedState.restoreMxcsr(cpu, image[ExtendedState.MXCSR]);
        } else if (compacted && (mask & ExtendedState.SSE) != 0) {
            ExtendedState.initMxcsr(cpu);
        }
        restore(cpu, image, mask, present, xmmRegisters(cpu));
    }

    /** What is not asked for is not touched. */
    private static void loadComponents(Cpu cpu, long linear, long[] image, long mask, long present) {
        if ((mask & (ExtendedState.X87 | ExtendedState.SSE)) != 0) {
            load(cpu, linear, image, 0, ExtendedState.XMM + 2 * xmmRegisters(cpu));
        } else if (mask != 0) {
            load(cpu, linear, image, ExtendedState.MXCSR, ExtendedState.MXCSR + 1);
        }
        if ((mask & present & ExtendedState.AVX) != 0) {
            load(cpu, linear, image, ExtendedState.YMM, ExtendedState.YMM + 2 * xmmRegisters(cpu));
        }
    }

    private static boolean isZero(long[] image, int from, int to) {
        for (int i = from; i < to; i++) {
            if (image[i] != 0) {
                return false;
            }
        }
        return true;
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
        cpu.checkAligned(linear, 64);
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
        load(cpu, linear, image, 0, words);
        return image;
    }

    private static void load(Cpu cpu, long linear, long[] image, int from, int to) {
        for (int i = from; i < to; i++) {
            image[i] = cpu.load64(linear + 8L * i);
        }
    }

    @Encoding(value = "NP 0F 01 /2:0 XGETBV", feature = CpuFeature.XSAVE)
    static void xgetbv(Cpu cpu, Op op) {
        requireOsxsave(cpu);
        int register = (int) cpu.r[Cpu.RCX];
        if (register != 0 && !(register == 1 && cpu.cpuid.has(CpuFeature.XGETBV1))) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        long inUse = ExtendedState.inUse(cpu);
        SystemInstructions.setEdxEax(cpu, register == 0 ? cpu.xcr0 : cpu.xcr0 & inUse);
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
