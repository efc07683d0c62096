// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.boot;

import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.ihk.boot.Trampoline;
import mckernelj.ihk.layout.BootParameters;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.cpu.PerCpuArea;
import mckernelj.lwk.image.AddressLayout;

/** Starts the processors beside the bootstrap processor, strictly one at a time, through the trampoline with INIT and STARTUP. */
final class ApplicationProcessors {
    private static final int APIC_ICR = 0x300;
    private static final int APIC_ICR_HIGH = 0x310;
    private static final int INIT_ASSERT = 0x4500;
    private static final int INIT_DEASSERT = 0x8500;
    private static final int STARTUP = 0x4600;
    private static final int STARTUP_ATTEMPTS = 3;

    private final LwkKernel kernel;
    private final long trampoline;
    private final long bootTable;
    private final long locals;

    /** Number of the processor that is being started. */
    private volatile int arriving;

    /** How many have arrived, and how many may leave ap_wait. */
    private volatile int arrived;

    private volatile int released;
    private volatile int connected;

    ApplicationProcessors(LwkKernel kernel, long trampoline, long bootTable, long locals) {
        this.kernel = kernel;
        this.trampoline = trampoline;
        this.bootTable = bootTable;
        this.locals = locals;
    }

    long locals() {
        return locals;
    }

    void bootAll(CpuLocal bsp) {
        BootParameters parameters = kernel.parameters();
        for (int id = 1; id < parameters.cpuCount(); id++) {
            arriving = id;
            boot(bsp, id, parameters.cpu(id).hwId());
        }
    }

    private void boot(CpuLocal bsp, int id, int apicId) {
        long stack = AddressLayout.linear(locals + (id + 1L) * PerCpuArea.SIZE);
        Trampoline.install(
                kernel.memory(),
                trampoline,
                kernel.parameters().get(BootParameters.Field.IDENT_TABLE),
                bootTable,
                stack,
                kernel.image().apStart(),
                id);
        LogicalCpu hw = bsp.hw();
        command(hw, apicId, INIT_ASSERT);
        pause(hw, 200);
        command(hw, apicId, INIT_DEASSERT);
        pause(hw, 10_000);
        for (int attempt = 0; attempt < STARTUP_ATTEMPTS && arrived < id; attempt++) {
            command(hw, apicId, STARTUP | Trampoline.vector(trampoline));
            for (int i = 0; i < 1000 && arrived < id; i++) {
                pause(hw, 200);
            }
        }
        if (arrived < id) {
            throw new IllegalStateException("processor " + id + " (HW ID " + apicId + ") does not start");
        }
    }

    private static void command(LogicalCpu hw, int apicId, int command) {
        hw.apicWrite(APIC_ICR_HIGH, apicId << 24);
        hw.apicWrite(APIC_ICR, command);
    }

    private void pause(LogicalCpu hw, long micros) {
        long end = hw.cycles() + kernel.clock().cyclesOf(micros * 1000);
        while (hw.cycles() < end && !hw.awaitInterrupt(end)) {}
    }

    /** On the new processor: its number. */
    int arriving() {
        return arriving;
    }

    /** On the new processor: it is up (cpu_boot_status). */
    void arrived() {
        arrived = arriving;
    }

    /** ap_start: lets each processor connect its channels. Returns when all have. */
    void release(CpuLocal bsp) {
        for (int id = 1; id < kernel.cpuCount(); id++) {
            int expected = id;
            released = id;
            kernel.cpu(id).kick(bsp);
            bsp.waitUntil(() -> connected >= expected);
        }
    }

    /** ap_wait, on an application processor. Afterwards it idles. */
    void waitForRelease(CpuLocal cpu) {
        cpu.waitUntil(() -> released >= cpu.id());
        if (kernel.arguments().has("hidos")) {
            kernel.ikc().connect(cpu);
        }
        connected = cpu.id();
        kernel.cpu(0).kick(cpu);
    }
}
