// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

import mckernelj.emulator.apic.LocalApic;
import mckernelj.emulator.hw.Msr;

/**
 * RDMSR and WRMSR (SDM vol. 4). There is no performance monitoring and no machine check.
 */
public final class ModelSpecificRegisters {
    private static final int IA32_PLATFORM_ID = 0x17;
    private static final int IA32_BIOS_SIGN_ID = 0x8B;
    private static final int IA32_MCG_CAP = 0x179;
    private static final int IA32_MCG_STATUS = 0x17A;
    private static final int MSR_PLATFORM_INFO = 0xCE;
    private static final int X2APIC_FIRST = 0x800;
    private static final int X2APIC_LAST = 0x83F;

    private static final long FAST_STRINGS = 1;

    private final Cpu cpu;
    private final LocalApic apic;
    private final long busRatio;

    long star;
    long lstar;
    long cstar;
    long fmask;
    long kernelGsBase;
    long sysenterCs;
    long sysenterEsp;
    long sysenterEip;
    private long tscAux;
    private final MemoryTypes memoryTypes = new MemoryTypes();

    public ModelSpecificRegisters(Cpu cpu, LocalApic apic, long tscHz) {
        this.cpu = cpu;
        this.apic = apic;
        busRatio = tscHz / 100_000_000;
    }

    public LocalApic apic() {
        return apic;
    }

    public long tscAux() {
        return tscAux;
    }

    /** SWAPGS. */
    public void swapGs() {
        long old = cpu.r[Cpu.GS];
        cpu.r[Cpu.GS] = kernelGsBase;
        kernelGsBase = old;
    }

    /** INIT leaves MSRs alone except those that the reset state of the modes depends on (SDM vol. 3, table 10-1). */
    void init() {
        sysenterCs = 0;
        sysenterEsp = 0;
        sysenterEip = 0;
        kernelGsBase = 0;
    }

    /** RDMSR; an unknown register raises #GP(0). */
    public long read(int number) {
        switch (number) {
            case Msr.IA32_TIME_STAMP_COUNTER:
                return cpu.cycles + cpu.tscOffset;
            case Msr.IA32_APIC_BASE:
                return apic.baseRegister();
            case Msr.IA32_TSC_DEADLINE:
                return tscDeadline();
            case Msr.IA32_EFER:
                return cpu.efer;
            case Msr.IA32_STAR:
                return star;
            case Msr.IA32_LSTAR:
                return lstar;
            case Msr.IA32_CSTAR:
                return cstar;
            case Msr.IA32_FMASK:
                return fmask;
            case Msr.IA32_FS_BASE:
                return cpu.r[Cpu.FS];
            case Msr.IA32_GS_BASE:
                return cpu.r[Cpu.GS];
            case Msr.IA32_KERNEL_GS_BASE:
                return kernelGsBase;
            case Msr.IA32_TSC_AUX:
                return tscAux;
            default:
                return readOther(number);
        }
    }

    private long readOther(int number) {
        switch (number) {
            case Msr.IA32_SYSENTER_CS:
                return sysenterCs;
            case Msr.IA32_SYSENTER_ESP:
                return sysenterEsp;
            case Msr.IA32_SYSENTER_EIP:
                return sysenterEip;
            case MemoryTypes.IA32_MTRRCAP:
                return MemoryTypes.CAPABILITIES;
            case Msr.IA32_MISC_ENABLE:
                return FAST_STRINGS;
            case MSR_PLATFORM_INFO:
                return busRatio << 8;
            case Msr.IA32_TSC_ADJUST:
                return cpu.tscOffset;
            case IA32_PLATFORM_ID:
            case IA32_BIOS_SIGN_ID:
            case IA32_MCG_CAP:
            case IA32_MCG_STATUS:
                return 0;
            default:
                if (memoryTypes.has(number)) {
                    return memoryTypes.read(number);
                }
                if (isX2apic(number) && apic.isReadableMsr(number)) {
                    return apic.readMsr(number);
                }
                throw cpu.raise(X86Fault.GP, 0);
        }
    }

    private boolean isX2apic(int number) {
        return number >= X2APIC_FIRST && number <= X2APIC_LAST && apic.x2apic();
    }

    /** WRMSR; an unknown register or an illegal value raises #GP(0). */
    public void write(int number, long value) {
        switch (number) {
            case Msr.IA32_APIC_BASE:
                check(apic.setBaseRegister(value));
                cpu.mmu.flush();
                break;
            case Msr.IA32_TSC_DEADLINE:
                setTscDeadline(value);
                break;
            case Msr.IA32_EFER:
                ControlRegisters.writeEfer(cpu, value);
                break;
            case Msr.IA32_STAR:
                star = value;
                break;
            case Msr.IA32_LSTAR:
                lstar = canonical(value);
                break;
            case Msr.IA32_CSTAR:
                cstar = canonical(value);
                break;
            case Msr.IA32_FMASK:
                check(value >>> 32 == 0);
                fmask = value;
                break;
            case Msr.IA32_FS_BASE:
                cpu.r[Cpu.FS] = canonical(value);
                break;
            case Msr.IA32_GS_BASE:
                cpu.r[Cpu.GS] = canonical(value);
                break;
            case Msr.IA32_KERNEL_GS_BASE:
                kernelGsBase = canonical(value);
                break;
            case Msr.IA32_TSC_AUX:
                check(value >>> 32 == 0);
                tscAux = value;
                break;
            default:
                writeOther(number, value);
                break;
        }
    }

    private void writeOther(int number, long value) {
        switch (number) {
            case Msr.IA32_SYSENTER_CS:
                sysenterCs = value & 0xFFFFFFFFL;
                break;
            case Msr.IA32_SYSENTER_ESP:
                sysenterEsp = canonical(value);
                break;
            case Msr.IA32_SYSENTER_EIP:
                sysenterEip = canonical(value);
                break;
            case Msr.IA32_TIME_STAMP_COUNTER:
                setTscOffset(value - cpu.cycles);
                break;
            case Msr.IA32_TSC_ADJUST:
                setTscOffset(value);
                break;
            case Msr.IA32_MISC_ENABLE:
            case IA32_BIOS_SIGN_ID:
            case IA32_MCG_STATUS:
                break;
            default:
                if (memoryTypes.has(number)) {
                    check(memoryTypes.write(number, value));
                    break;
                }
                check(isX2apic(number) && apic.isLegalMsr(number, value));
                apic.writeMsr(number, value);
                break;
        }
    }

    // ---- the TSC that software sees

    private long tscDeadline() {
        long cycles = apic.tscDeadline();
        return cycles == 0 ? 0 : cycles + cpu.tscOffset;
    }

    private void setTscDeadline(long tsc) {
        apic.setTscDeadline(tsc == 0 ? 0 : Math.max(tsc - cpu.tscOffset, 1));
    }

    private void setTscOffset(long offset) {
        long deadline = tscDeadline();
        cpu.tscOffset = offset;
        if (deadline != 0) {
            setTscDeadline(deadline);
        }
    }

    private long canonical(long linear) {
        check(linear << 16 >> 16 == linear);
        return linear;
    }

    private void check(boolean legal) {
        if (!legal) {
            throw cpu.raise(X86Fault.GP, 0);
        }
    }
}
