// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node.tool;

import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;
import mckernelj.ihk.boot.KernelImage;
import mckernelj.ihk.launch.ProxyProcess;
import mckernelj.ihk.launch.Tool;
import mckernelj.linuxhost.ihk.IhkDevice;
import mckernelj.linuxhost.ihk.IhkException;
import mckernelj.linuxhost.ihk.MemoryRequest;
import mckernelj.linuxhost.ihk.OsInstance;
import mckernelj.linuxhost.ihk.ResourceLists;

/** {@code mcreboot}: reserve, create, assign, load, boot; undone in reverse order if a step fails. Silent on success. */
public final class McrebootTool implements Tool {
    private final IhkDevice ihk;
    private final KernelImage image;
    private final List<Integer> defaultCpus;
    private final Lock turns;
    private final Runnable stopNode;
    private final BooleanSupplier stopping;

    /**
     * {@code defaultCpus}: without -c; {@code turns}: held while resources move; {@code stopNode}: ends the node when the caller's end has
     * been seen, used if booting fails and nothing else runs on it; {@code stopping}: somebody asked for that already.
     */
    public McrebootTool(
            IhkDevice ihk,
            KernelImage image,
            List<Integer> defaultCpus,
            Lock turns,
            Runnable stopNode,
            BooleanSupplier stopping) {
        this.ihk = ihk;
        this.image = image;
        this.defaultCpus = List.copyOf(defaultCpus);
        this.turns = turns;
        this.stopNode = stopNode;
        this.stopping = stopping;
    }

    @Override
    public int run(ProxyProcess process) {
        turns.lock();
        try {
            int status = Toolbox.run(new McrebootOptions(), process, (options, p) -> reboot(options));
            if (status != 0 && ihk.osInstances().isEmpty()) {
                stopNode.run();
            }
            return status;
        } finally {
            turns.unlock();
        }
    }

    private int reboot(McrebootOptions options) throws ToolFailure, IhkException {
        if (stopping.getAsBoolean()) {
            throw new ToolFailure(Toolbox.FAILURE, "mcreboot: the node is just being stopped; try again");
        }
        List<Integer> cpus = options.cpus == null ? defaultCpus : options.cpuList();
        List<MemoryRequest> memory = options.memoryList();
        destroyAll();
        releaseAll();
        try {
            step("reserving memory: " + options.memory, () -> ihk.reserveMemory(memory));
            step("reserving CPUs: " + ResourceLists.formatCpus(cpus), () -> ihk.reserveCpus(cpus));
            boot(options, cpus, memory);
        } catch (ToolFailure e) {
            destroyAll();
            releaseAll();
            throw e;
        }
        return 0;
    }

    private void boot(McrebootOptions options, List<Integer> cpus, List<MemoryRequest> memory) throws ToolFailure {
        OsInstance[] made = new OsInstance[1];
        step("creating OS instance", () -> made[0] = ihk.createOs());
        OsInstance os = made[0];
        step("assigning CPUs: " + ResourceLists.formatCpus(cpus), () -> os.assignCpus(cpus));
        if (options.ikcMap != null) {
            step("setting ikc_map: " + options.ikcMap, () -> os.setIkcMap(ResourceLists.parseIkcMap(options.ikcMap)));
        }
        step("assigning memory: " + options.memory, () -> os.assignMemory(memory));
        step("loading the kernel", () -> os.load(image));
        step("setting kernel arguments", () -> os.setKernelArgs(options.kernelArguments()));
        step("booting", os::boot);
    }

    /** One step; its failure is reported as upstream does, with the reason. */
    private static void step(String what, Step step) throws ToolFailure {
        try {
            step.run();
        } catch (IhkException e) {
            throw new ToolFailure(Toolbox.FAILURE, "error: " + what + ": " + e.getMessage());
        }
    }

    private interface Step {
        void run() throws IhkException;
    }

    private void destroyAll() throws ToolFailure {
        for (int index : ihk.osInstances()) {
            step("destroying OS instance " + index, () -> ihk.destroyOs(index));
        }
    }

    private void releaseAll() throws ToolFailure {
        step("releasing CPUs", () -> ihk.releaseCpus(ihk.cpus()));
        ihk.releaseAllMemory();
    }
}
