// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.boot;

import java.util.function.Function;
import mckernelj.emulator.hw.Machine;
import mckernelj.ihk.boot.KernelImage;
import mckernelj.ihk.os.GatePorts;
import mckernelj.lwk.cpu.PerCpuArea;
import mckernelj.lwk.image.LwkImage;
import mckernelj.lwk.trap.TrapHandlers;

/** McKernel as IHK loads it. {@code handlers} makes the upper half of the kernel (processes) once the lower half is there. */
public final class McKernelImage implements KernelImage {
    private final String buildId;
    private final Function<LwkKernel, TrapHandlers> handlers;

    public McKernelImage(String buildId, Function<LwkKernel, TrapHandlers> handlers) {
        this.buildId = buildId;
        this.handlers = handlers;
    }

    @Override
    public byte[] elf(int osIndex) {
        return image(osIndex).elf();
    }

    private static LwkImage image(int osIndex) {
        return new LwkImage(osIndex, PerCpuArea.KERNEL_STACK_TOP, PerCpuArea.USER_RSP);
    }

    @Override
    public String buildId() {
        return buildId;
    }

    @Override
    public Attachment attach(Machine machine, int osIndex) {
        BootSequence boot = new BootSequence(machine, image(osIndex), handlers);
        machine.attachPort(GatePorts.lwk(osIndex), boot.gate());
        return () -> {
            machine.detachPort(GatePorts.lwk(osIndex));
            boot.discardStacks();
        };
    }
}
