// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.boot;

import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.Msr;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.image.AddressLayout;
import mckernelj.lwk.image.LwkImage;

/**
 * Brings one processor from IHK's or the trampoline's state into the kernel's: paging, descriptor tables, system call MSRs, FPU, local
 * APIC (McKernel's init_cpu). Runs on the processor; what only an instruction can do is done by a stub of the image.
 */
final class ProcessorSetup {
    private static final long CR0 = 0x8005_0033L; // PG AM WP NE ET MP PE
    private static final long CR4 = 0x6A0; // OSXMMEXCPT OSFXSR PGE PAE
    private static final long CR4_FSGSBASE = 1 << 16;
    private static final long CR4_OSXSAVE = 1 << 18;

    private static final int CPUID_1_ECX_XSAVE = 1 << 26;
    private static final int CPUID_7_EBX_FSGSBASE = 1;
    private static final int CPUID_80000001_EDX_NX = 1 << 20;
    private static final int CPUID_80000007_EDX_INVARIANT_TSC = 1 << 8;

    /** RFLAGS cleared by SYSCALL, as Linux: everything a program can set. */
    private static final long FMASK = 0x25_7FD5;

    /** Write-back, write-combining, uncached-, uncached, ... as Linux programs it. */
    private static final long PAT = 0x0407_0506_0007_0106L;

    private static final int APIC_TPR = 0x80;
    private static final int APIC_SPURIOUS = 0xF0;
    private static final int APIC_ENABLE_VECTOR_FF = 0x1FF;

    private final LwkImage image;
    private final LogicalCpu hw;

    ProcessorSetup(LwkImage image, LogicalCpu hw) {
        this.image = image;
        this.hw = hw;
    }

    boolean noExecuteAvailable() {
        return (cpuid(0x80000001, 0)[3] & CPUID_80000001_EDX_NX) != 0;
    }

    boolean invariantTsc() {
        return (cpuid(0x80000007, 0)[3] & CPUID_80000007_EDX_INVARIANT_TSC) != 0;
    }

    /** EAX, EBX, ECX, EDX. */
    int[] cpuid(int leaf, int subleaf) {
        hw.setRegister(LogicalCpu.RAX, leaf & 0xFFFF_FFFFL);
        hw.setRegister(LogicalCpu.RCX, subleaf);
        runStub(image.cpuid());
        return new int[] {
            (int) hw.register(8),
            (int) hw.register(LogicalCpu.RBX),
            (int) hw.register(LogicalCpu.RCX),
            (int) hw.register(9)
        };
    }

    void enablePaging(long rootPhysical) {
        hw.setMsr(Msr.IA32_EFER, hw.msr(Msr.IA32_EFER) | Msr.EFER_NXE | Msr.EFER_SCE);
        hw.setControlRegister(3, rootPhysical);
    }

    /** Needs the processor's area and, in RSP, a kernel stack. */
    void loadTables(CpuLocal cpu) {
        hw.setRegister(LogicalCpu.RDI, cpu.area().gdtr());
        hw.setRegister(LogicalCpu.RSI, cpu.area().idtr());
        runStub(image.loadTables());
        hw.setMsr(Msr.IA32_GS_BASE, cpu.area().linear());
        hw.setMsr(Msr.IA32_KERNEL_GS_BASE, 0);
    }

    void initialise(CpuLocal cpu, int node) {
        hw.setControlRegister(0, CR0);
        boolean xsave = (cpuid(1, 0)[2] & CPUID_1_ECX_XSAVE) != 0;
        boolean fsGsBase = (cpuid(7, 0)[1] & CPUID_7_EBX_FSGSBASE) != 0;
        hw.setControlRegister(4, CR4 | (xsave ? CR4_OSXSAVE : 0) | (fsGsBase ? CR4_FSGSBASE : 0));
        if (xsave) {
            enableExtendedStates();
        }
        hw.setMsr(Msr.IA32_STAR, (long) AddressLayout.KERNEL_CS << 32 | (long) (AddressLayout.USER_CS - 16) << 48);
        hw.setMsr(Msr.IA32_LSTAR, image.systemCallEntry());
        hw.setMsr(Msr.IA32_FMASK, FMASK);
        hw.setMsr(Msr.IA32_PAT, PAT);
        hw.setMsr(Msr.IA32_TSC_AUX, cpu.id() | (long) node << 12);
        hw.apicWrite(APIC_TPR, 0);
        hw.apicWrite(APIC_SPURIOUS, APIC_ENABLE_VECTOR_FF);
    }

    /** XCR0 = what CPUID offers of x87, SSE and AVX. */
    private void enableExtendedStates() {
        int states = cpuid(0xD, 0)[0] & 7;
        hw.setRegister(LogicalCpu.RAX, states);
        hw.setRegister(LogicalCpu.RDX, 0);
        runStub(image.setXcr0());
    }

    private void runStub(long linear) {
        long rip = hw.rip();
        hw.setRip(linear);
        hw.runGuest();
        hw.setRip(rip);
    }
}
