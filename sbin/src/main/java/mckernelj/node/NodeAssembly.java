// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import mckernelj.emulator.hw.Machine;
import mckernelj.emulator.machine.MachineConfig;
import mckernelj.emulator.machine.X86Machine;
import mckernelj.ihk.boot.KernelImage;
import mckernelj.ihk.launch.Tool;
import mckernelj.linuxhost.ihk.IhkDevice;
import mckernelj.linuxhost.ihk.IhkException;
import mckernelj.linuxhost.ihk.OsInstance;
import mckernelj.linuxhost.libc.MemfdMemory;
import mckernelj.linuxhost.mcctrl.Mcctrl;
import mckernelj.linuxhost.partition.LinuxPartition;
import mckernelj.linuxhost.proxy.ClientListener;
import mckernelj.linuxhost.proxy.RuntimeDirectory;
import mckernelj.linuxhost.proxy.ServantTable;
import mckernelj.lwk.boot.McKernelImage;
import mckernelj.lwk.proc.Kernel;
import mckernelj.mcexec.McexecCommand;
import mckernelj.mcexec.image.ServantImage;
import mckernelj.node.tool.IhkconfigTool;
import mckernelj.node.tool.IhkosctlTool;
import mckernelj.node.tool.McrebootTool;
import mckernelj.node.tool.McstopTool;

/**
 * All parts of a node, wired: machine, Linux partition, IHK, mcctrl, servants, tools. Knows {@code mcexec}; other tools are added before
 * {@link #listen}.
 */
public final class NodeAssembly implements AutoCloseable {
    /** Upstream's default of the module parameter ihk_start_irq. */
    private static final int IKC_START_IRQ = 64;

    private final NodeOptions options;
    private final Machine machine;
    private final MemfdMemory memory;
    private final LinuxPartition partition;
    private final IhkDevice ihk;
    private final Mcctrl mcctrl;
    private final KernelImage kernelImage;
    private final ServantTable servants = new ServantTable();
    private final RuntimeDirectory directory;
    private final ToolDispatch tools = new ToolDispatch();
    private ClientListener listener;
    private volatile boolean stopRequested;
    private volatile Runnable withdrawAction = () -> {};
    private volatile Runnable stopAction = () -> {};

    public NodeAssembly(NodeOptions options) throws IOException {
        this.options = options;
        directory = options.runtime() == null
                ? RuntimeDirectory.of(System.getenv())
                : RuntimeDirectory.at(options.runtime());
        AtomicReference<MemfdMemory> made = new AtomicReference<>();
        machine = new X86Machine(config(options, made));
        memory = made.get();
        partition = new LinuxPartition(machine);
        ihk = new IhkDevice(partition, IKC_START_IRQ);
        kernelImage = new McKernelImage(buildId(), base -> new Kernel(base).trapHandlers());
        mcctrl = new Mcctrl(ihk, directory.path().toRealPath());
        addTool("mcexec", new McexecCommand(mcctrl));
        addTool("ihkconfig", new IhkconfigTool(ihk, buildId()));
        addTool("ihkosctl", new IhkosctlTool(ihk, kernelImage));
        Lock turns = new ReentrantLock();
        addTool(
                "mcreboot",
                new McrebootTool(ihk, kernelImage, defaultCpus(), turns, this::requestStop, () -> stopRequested));
        addTool("mcstop+release", new McstopTool(ihk, mcctrl::users, turns, this::requestStop));
        tools.setAfterEach(this::stopIfRequested);
    }

    /** Upstream's default of mcreboot -c: the second half of node 0's CPUs. */
    private List<Integer> defaultCpus() {
        List<Integer> cpus = machine.numa().cpus(0);
        return cpus.subList((cpus.size() + 1) / 2, cpus.size());
    }

    /**
     * When a tool asks for the node's end: {@code withdraw} runs at once (a node that is started after the tool's end must not find this
     * one), {@code stop} when the tool's process has ended.
     */
    public void onStop(Runnable withdraw, Runnable stop) {
        withdrawAction = withdraw;
        stopAction = stop;
    }

    private void requestStop() {
        stopRequested = true;
        listener.withdraw();
        withdrawAction.run();
    }

    private void stopIfRequested() {
        if (stopRequested) {
            stopAction.run();
        }
    }

    private static MachineConfig config(NodeOptions options, AtomicReference<MemfdMemory> made) {
        MachineShape shape = options.shape();
        MachineConfig.Builder builder = MachineConfig.builder()
                .cores(shape.cores())
                .deterministic(options.deterministic())
                .features(options.features())
                .engine(options.engine() == null ? NodeOptions.engine(null) : options.engine())
                .hostMemory(size -> {
                    made.set(new MemfdMemory("mckernelj-memory", size));
                    return made.get();
                });
        for (int node = 0; node < shape.numaNodes(); node++) {
            builder.node(shape.memoryBytes() / shape.numaNodes() & -(2L << 20));
        }
        return builder.build();
    }

    private static String buildId() {
        String version = NodeAssembly.class.getPackage().getImplementationVersion();
        return version == null ? "0.1.0" : version;
    }

    public NodeOptions options() {
        return options;
    }

    public Machine machine() {
        return machine;
    }

    public LinuxPartition partition() {
        return partition;
    }

    public IhkDevice ihk() {
        return ihk;
    }

    /** The kernel which {@link OsInstance#load} takes. */
    public KernelImage kernelImage() {
        return kernelImage;
    }

    public RuntimeDirectory directory() {
        return directory;
    }

    /** A command that clients may call by this name. */
    public void addTool(String name, Tool tool) {
        tools.add(name, tool);
    }

    /** Installs the client program and accepts clients from now on. */
    public void listen() throws IOException {
        listener = new ClientListener(servants, directory, options.name(), ServantImage.bytes(), memory, tools);
    }

    /**
     * What mcreboot does: reserves these CPUs (Linux numbers) and memory, creates an OS instance with all of it and boots it. The
     * IKC of all CPUs is served by Linux CPU 0.
     */
    public OsInstance bootOs(
            List<Integer> cpus, List<mckernelj.linuxhost.ihk.MemoryRequest> memoryRequests, String kernelArguments)
            throws IhkException {
        ihk.reserveCpus(cpus);
        ihk.reserveMemory(memoryRequests);
        OsInstance os = ihk.createOs();
        os.assignCpus(cpus);
        os.assignMemory(memoryRequests);
        os.load(kernelImage);
        os.setKernelArgs(kernelArguments);
        os.boot();
        return os;
    }

    /** Stops everything: programs die, kernels stop, host threads end. */
    @Override
    public void close() {
        if (listener != null) {
            listener.close();
            tools.awaitEnd();
        }
        for (int index : ihk.osInstances()) {
            try {
                ihk.destroyOs(index);
            } catch (IhkException e) {
                org.slf4j.LoggerFactory.getLogger(NodeAssembly.class).warn("OS instance {}", index, e);
            }
        }
        servants.close();
        machine.close();
    }
}
