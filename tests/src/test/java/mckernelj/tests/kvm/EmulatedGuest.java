// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kvm;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.CpuidLeaves;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.Msr;
import mckernelj.emulator.machine.MachineConfig;
import mckernelj.emulator.machine.X86Machine;
import mckernelj.tests.kvm.Outcome.End;

/** Runs guests in the emulated machine, one after the other on one processor. */
final class EmulatedGuest implements AutoCloseable {
    private static final long MACHINE_BYTES = 16 << 20;
    private static final long EXTENDED_STATE = 8 << 20;

    /** INIT leaves these alone: a case must not see those of the one before. */
    private static final int[] MSRS = {
        Msr.IA32_TSC_ADJUST,
        Msr.IA32_STAR,
        Msr.IA32_LSTAR,
        Msr.IA32_CSTAR,
        Msr.IA32_FMASK,
        Msr.IA32_KERNEL_GS_BASE,
        Msr.IA32_SYSENTER_CS,
        Msr.IA32_SYSENTER_ESP,
        Msr.IA32_SYSENTER_EIP,
        Msr.IA32_TSC_AUX
    };

    private final X86Machine machine;
    private final BlockingQueue<End> ends = new ArrayBlockingQueue<>(8);

    EmulatedGuest() {
        machine = new X86Machine(MachineConfig.builder()
                .node(MACHINE_BYTES)
                .features(allFeatures())
                .build());
        machine.attachPort(GuestImage.EXIT_PORT, (cpu, port, width, value) -> ends.add(End.EXIT));
        machine.onFailure((cpu, cause) -> ends.add(End.SHUTDOWN));
    }

    private static Set<CpuFeature> allFeatures() {
        Set<CpuFeature> features = EnumSet.copyOf(CpuidLeaves.X86_64_V3);
        features.addAll(EnumSet.of(CpuFeature.SMAP, CpuFeature.INVPCID, CpuFeature.UMIP, CpuFeature.PCID));
        return features;
    }

    Outcome run(GuestImage image, long timeoutMillis) throws InterruptedException {
        LogicalCpu cpu = machine.cpu(0);
        machine.memory().write(0, image.bytes(), 0, GuestImage.SIZE);
        machine.memory().clear(EXTENDED_STATE, 4096);
        cpu.restoreExtendedState(EXTENDED_STATE);
        for (int msr : MSRS) {
            cpu.setMsr(msr, 0);
        }
        ends.clear();
        cpu.startLongMode(GuestImage.PML4, GuestImage.START, GuestImage.START_STACK, 0);
        End end = ends.poll(timeoutMillis, TimeUnit.MILLISECONDS);
        cpu.init();
        byte[] memory = new byte[GuestImage.SIZE];
        machine.memory().read(0, memory, 0, memory.length);
        return new Outcome(end == null ? End.HANG : end, memory);
    }

    @Override
    public void close() {
        machine.close();
    }
}
