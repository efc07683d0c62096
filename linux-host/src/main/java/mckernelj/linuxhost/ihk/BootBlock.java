// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.Machine;
import mckernelj.emulator.hw.NumaTopology;
import mckernelj.ihk.boot.BootPageTable;
import mckernelj.ihk.boot.StartupStub;
import mckernelj.ihk.boot.Trampoline;
import mckernelj.ihk.layout.BootParameters;
import mckernelj.ihk.layout.BootParameters.Field;
import mckernelj.ihk.layout.KernelSpace;
import mckernelj.linuxhost.partition.LinuxPartition;
import mckernelj.linuxhost.partition.MemoryChunk;

/**
 * The Linux memory that one boot needs: boot parameters, boot page table, trampoline page; and the start of the
 * bootstrap processor.
 */
final class BootBlock {
    private static final int APIC_ICR_LOW = 0x300;
    private static final int APIC_ICR_HIGH = 0x310;
    private static final int INIT_ASSERT = 0xC500;
    private static final int INIT_DEASSERT = 0x8500;
    private static final int STARTUP = 0x4600;
    private static final long DELAY_MICROS = 300;

    private final LinuxPartition partition;
    private final Machine machine;
    private final List<Integer> cpus;
    private final List<MemoryChunk> chunks;
    private final List<Integer> nodes;
    private final BootParameters parameters;
    private final long size;
    private final long bootTable;

    /** Allocates; {@code cpus} are Linux ids in the order of the LWK's. */
    BootBlock(LinuxPartition partition, List<Integer> cpus, List<MemoryChunk> chunks) {
        this.partition = partition;
        machine = partition.machine();
        this.cpus = cpus;
        this.chunks = new ArrayList<>(chunks);
        this.chunks.sort(Comparator.comparingInt(MemoryChunk::node).thenComparingLong(MemoryChunk::start));
        nodes = List.copyOf(nodesOf(machine.numa(), cpus, chunks));
        size = BootParameters.sizeBytes(cpus.size(), nodes.size(), chunks.size());
        parameters = new BootParameters(machine.memory(), partition.allocate(size));
        parameters.format(cpus.size(), nodes.size(), chunks.size());
        bootTable = partition.allocate(BootPageTable.kernelBytes());
    }

    private static SortedSet<Integer> nodesOf(NumaTopology numa, List<Integer> cpus, List<MemoryChunk> chunks) {
        SortedSet<Integer> nodes = new TreeSet<>();
        chunks.forEach(chunk -> nodes.add(chunk.node()));
        for (int node = 0; node < numa.nodeCount(); node++) {
            if (numa.cpus(node).stream().anyMatch(cpus::contains)) {
                nodes.add(node);
            }
        }
        return nodes;
    }

    BootParameters parameters() {
        return parameters;
    }

    /** Linux node of each LWK node. */
    List<Integer> nodes() {
        return nodes;
    }

    void free() {
        partition.zones().free(parameters.physical(), size);
        partition.zones().free(bootTable, BootPageTable.kernelBytes());
    }

    void fill(int osIndex, String kernelArgs, int dumpLevel, int ikcIrq, Map<Integer, Integer> ikcMap) {
        parameters.setOsnum(osIndex);
        parameters.setKernelArgs(kernelArgs);
        parameters.setDumpLevel(dumpLevel);
        parameters.setIkcIrq(ikcIrq);
        parameters.setLinuxCpuCount(machine.cpuCount());
        parameters.setDefaultHugePageShift(21);
        for (int i = 0; i < Math.min(machine.cpuCount(), BootParameters.MAX_CPUS); i++) {
            parameters.setIkcApicId(i, machine.cpu(i).apicId());
        }
        parameters.set(Field.PAGE_OFFSET_BASE, KernelSpace.LINUX_PAGE_OFFSET);
        parameters.set(Field.IDENT_TABLE, partition.identityTable());
        parameters.set(Field.NS_PER_TSC, Math.round(1e12 / machine.tscHz()));
        fillTopology(ikcMap);
    }

    private void fillTopology(Map<Integer, Integer> ikcMap) {
        for (int i = 0; i < cpus.size(); i++) {
            LogicalCpu cpu = machine.cpu(cpus.get(i));
            int ikcCpu = ikcMap.getOrDefault(cpu.index(), 0);
            parameters.setCpu(
                    i, new BootParameters.Cpu(nodes.indexOf(cpu.numaNode()), cpu.apicId(), cpu.index(), ikcCpu));
        }
        for (int i = 0; i < chunks.size(); i++) {
            MemoryChunk chunk = chunks.get(i);
            parameters.setChunk(i, new BootParameters.Chunk(chunk.start(), chunk.end(), nodes.indexOf(chunk.node())));
        }
        for (int i = 0; i < nodes.size(); i++) {
            parameters.setNode(i, new BootParameters.Node(1, nodes.get(i)));
            for (int j = 0; j < nodes.size(); j++) {
                parameters.setDistance(i, j, machine.numa().distance(nodes.get(i), nodes.get(j)));
            }
        }
        parameters.set(
                Field.START, chunks.stream().mapToLong(MemoryChunk::start).min().orElseThrow());
        parameters.set(
                Field.END, chunks.stream().mapToLong(MemoryChunk::end).max().orElseThrow());
    }

    /** Places page table, stub and trampoline for a loaded kernel. */
    void prepare(int osIndex, KernelLoader.Loaded loaded, long kmsg, int kmsgSize) {
        long trampoline = LinuxPartition.trampolinePage(osIndex);
        long end = loaded.chunk().end();
        parameters.set(Field.MSG_BUFFER, kmsg);
        parameters.set(Field.MSG_BUFFER_SIZE, kmsgSize);
        parameters.set(Field.BOOTSTRAP_MEM_END, end);
        BootPageTable.kernel(machine.memory(), bootTable, partition.identityTable(), loaded.kernel());
        StartupStub.install(machine.memory(), end, bootTable, loaded.kernel(), trampoline, loaded.entry());
        Trampoline.install(
                machine.memory(),
                trampoline,
                partition.identityTable(),
                0,
                StartupStub.stack(end),
                StartupStub.address(end),
                parameters.physical());
    }

    /** INIT and twice STARTUP to LWK CPU 0 (SDM vol. 3, 9.4.4.1). In interrupt context of a Linux CPU. */
    void start(LogicalCpu linuxCpu, int osIndex) {
        setTime(linuxCpu);
        LogicalCpu target = machine.cpu(cpus.get(0));
        linuxCpu.charge(DELAY_MICROS * machine.tscHz() / 1_000_000);
        sendCommand(linuxCpu, target.apicId(), INIT_ASSERT);
        sendCommand(linuxCpu, target.apicId(), INIT_DEASSERT);
        int startup = STARTUP | Trampoline.vector(LinuxPartition.trampolinePage(osIndex));
        sendCommand(linuxCpu, target.apicId(), startup);
        sendCommand(linuxCpu, target.apicId(), startup);
    }

    private static void sendCommand(LogicalCpu linuxCpu, int apicId, int command) {
        linuxCpu.apicWrite(APIC_ICR_HIGH, apicId << 24);
        linuxCpu.apicWrite(APIC_ICR_LOW, command);
    }

    private void setTime(LogicalCpu linuxCpu) {
        long tsc = linuxCpu.cycles();
        long nanos = machine.epochNanosAtTscZero()
                + tsc / machine.tscHz() * 1_000_000_000
                + tsc % machine.tscHz() * 1_000_000_000 / machine.tscHz();
        parameters.set(Field.BOOT_TSC, tsc);
        parameters.set(Field.BOOT_SEC, nanos / 1_000_000_000);
        parameters.set(Field.BOOT_NSEC, nanos % 1_000_000_000);
    }
}
