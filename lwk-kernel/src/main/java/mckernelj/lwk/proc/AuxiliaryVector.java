// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.ihk.layout.ProgramLoadDescriptor;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.signal.SignalFrame;

/** What the kernel tells a program at its start: pairs of type and value (Linux: uapi/linux/auxvec.h). */
final class AuxiliaryVector {
    static final int AT_PHDR = 3;
    static final int AT_PHENT = 4;
    static final int AT_PHNUM = 5;
    static final int AT_PAGESZ = 6;
    static final int AT_BASE = 7;
    static final int AT_FLAGS = 8;
    static final int AT_ENTRY = 9;
    static final int AT_UID = 11;
    static final int AT_EUID = 12;
    static final int AT_GID = 13;
    static final int AT_EGID = 14;
    static final int AT_PLATFORM = 15;
    static final int AT_HWCAP = 16;
    static final int AT_CLKTCK = 17;
    static final int AT_SECURE = 23;
    static final int AT_RANDOM = 25;
    static final int AT_HWCAP2 = 26;
    static final int AT_EXECFN = 31;
    static final int AT_SYSINFO_EHDR = 33;
    static final int AT_MINSIGSTKSZ = 51;

    /** CPUID.1:EDX of every x86-64 processor that the emulator models: FPU ... SSE2. */
    private static final long HWCAP = 0x178B_FBFF;

    /** User mode may execute RDFSBASE and relatives. */
    private static final long HWCAP2_FSGSBASE = 2;

    private static final long CR4_FSGSBASE = 1 << 16;

    private final ProgramLoadDescriptor descriptor;
    private final List<Long> words = new ArrayList<>();

    AuxiliaryVector(Kernel kernel, KernelThread self, ProgramLoadDescriptor descriptor) {
        this.descriptor = descriptor;
        LogicalCpu hw = self.cpu().hw();
        add(AT_HWCAP, HWCAP);
        add(AT_HWCAP2, (hw.controlRegister(4) & CR4_FSGSBASE) != 0 ? HWCAP2_FSGSBASE : 0);
        add(AT_MINSIGSTKSZ, SignalFrame.minimumStack(hw.extendedStateSize()));
        add(AT_PAGESZ, 4096);
        add(AT_CLKTCK, descriptor.clockTicks);
        add(AT_FLAGS, 0);
        int[] ids = descriptor.credentials;
        add(AT_UID, ids[0]);
        add(AT_EUID, ids[1]);
        add(AT_GID, ids[4]);
        add(AT_EGID, ids[5]);
        add(AT_SECURE, ids[0] != ids[1] || ids[4] != ids[5] ? 1 : 0);
    }

    void add(int type, long value) {
        words.add((long) type);
        words.add(value);
    }

    void addProgram(long programBase, long interpreterBase) {
        if (descriptor.atPhdr != 0) {
            add(AT_PHDR, descriptor.atPhdr + programBase);
        }
        add(AT_PHENT, descriptor.atPhent);
        add(AT_PHNUM, descriptor.atPhnum);
        add(AT_BASE, interpreterBase);
        add(AT_ENTRY, descriptor.entry + programBase);
    }

    /** The words with the terminating AT_NULL pair. */
    List<Long> words() {
        List<Long> all = new ArrayList<>(words);
        all.add(0L);
        all.add(0L);
        return all;
    }
}
