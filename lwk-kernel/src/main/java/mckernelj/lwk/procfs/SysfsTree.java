// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.procfs;

import java.util.BitSet;
import java.util.List;
import mckernelj.ihk.layout.SysfsListing;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.cpu.ProcessorModel;
import mckernelj.lwk.proc.Kernel;

/**
 * The part of sysfs that tells of processors and NUMA nodes, by the LWK's numbers (Documentation/ABI/stable/sysfs-devices-system-cpu and -node of
 * Linux). As CPUID says: one package, one thread in a core.
 */
public final class SysfsTree {
    private static final String CPU = "/sys/devices/system/cpu/";
    private static final String NODE = "/sys/devices/system/node/";

    private final Kernel kernel;
    private final SysfsListing listing = new SysfsListing();
    private final BitSet cpus;
    private final BitSet nodes;

    public SysfsTree(Kernel kernel) {
        this.kernel = kernel;
        cpus = BitLists.first(kernel.cpus().size());
        nodes = BitLists.first(kernel.pages().nodeCount());
    }

    public byte[] listing() {
        for (String set : List.of("online", "possible", "present")) {
            file(CPU + set, BitLists.list(cpus));
        }
        file(CPU + "offline", "");
        file(CPU + "isolated", "");
        file(CPU + "kernel_max", String.valueOf(cpus.length() - 1));
        file(CPU + "smt/active", "0");
        file(CPU + "smt/control", "notsupported");
        kernel.cpus().forEach(this::cpu);
        for (String set : List.of("online", "possible", "has_cpu", "has_memory", "has_normal_memory")) {
            BitSet members = set.equals("has_cpu") ? nodesWithCpus() : nodes;
            file(NODE + set, BitLists.list(members));
        }
        nodes.stream().forEach(this::node);
        return listing.bytes();
    }

    private void file(String name, String line) {
        listing.file(name, line + "\n");
    }

    private void cpu(CpuLocal cpu) {
        String directory = CPU + "cpu" + cpu.id() + "/";
        int node = kernel.nodeOf(cpu);
        listing.link(directory + "node" + node, "../../node/node" + node);
        listing.link("/sys/bus/cpu/devices/cpu" + cpu.id(), "../../../devices/system/cpu/cpu" + cpu.id());
        if (cpu.id() > 0) {
            file(directory + "online", "1");
        }
        BitSet own = BitLists.only(cpu.id());
        file(directory + "topology/physical_package_id", "0");
        file(directory + "topology/die_id", "0");
        file(directory + "topology/cluster_id", "65535");
        file(directory + "topology/core_id", String.valueOf(cpu.id()));
        set(directory + "topology/core_cpus", "_list", own);
        set(directory + "topology/thread_siblings", "_list", own);
        set(directory + "topology/cluster_cpus", "_list", own);
        set(directory + "topology/die_cpus", "_list", cpus);
        set(directory + "topology/package_cpus", "_list", cpus);
        set(directory + "topology/core_siblings", "_list", cpus);
        List<ProcessorModel.Cache> caches = kernel.processorModel().caches();
        for (int i = 0; i < caches.size(); i++) {
            cache(directory + "cache/index" + i + "/", cpu, caches.get(i));
        }
    }

    private void set(String name, String listSuffix, BitSet members) {
        file(name, BitLists.mask(members, cpus.length()));
        file(name + listSuffix, BitLists.list(members));
    }

    private void cache(String directory, CpuLocal cpu, ProcessorModel.Cache cache) {
        int group = cpu.hw().apicId() / cache.sharing();
        BitSet sharing = new BitSet();
        kernel.cpus().stream()
                .filter(other -> other.hw().apicId() / cache.sharing() == group)
                .forEach(other -> sharing.set(other.id()));
        file(directory + "id", String.valueOf(group));
        file(directory + "level", String.valueOf(cache.level()));
        file(directory + "type", cache.type());
        file(directory + "size", cache.bytes() / 1024 + "K");
        file(directory + "coherency_line_size", String.valueOf(cache.lineBytes()));
        file(directory + "number_of_sets", String.valueOf(cache.sets()));
        file(directory + "ways_of_associativity", String.valueOf(cache.ways()));
        file(directory + "physical_line_partition", String.valueOf(cache.partitions()));
        file(directory + "shared_cpu_map", BitLists.mask(sharing, cpus.length()));
        file(directory + "shared_cpu_list", BitLists.list(sharing));
    }

    private BitSet nodesWithCpus() {
        BitSet with = new BitSet();
        kernel.cpus().forEach(cpu -> with.set(kernel.nodeOf(cpu)));
        return with;
    }

    private void node(int node) {
        String directory = NODE + "node" + node + "/";
        BitSet members = new BitSet();
        kernel.cpus().stream().filter(cpu -> kernel.nodeOf(cpu) == node).forEach(cpu -> members.set(cpu.id()));
        members.stream().forEach(cpu -> listing.link(directory + "cpu" + cpu, "../../cpu/cpu" + cpu));
        listing.link("/sys/bus/node/devices/node" + node, "../../../devices/system/node/node" + node);
        file(directory + "cpumap", BitLists.mask(members, cpus.length()));
        file(directory + "cpulist", BitLists.list(members));
        StringBuilder distances = new StringBuilder();
        nodes.stream()
                .forEach(to -> distances.append(distances.isEmpty() ? "" : " ").append(kernel.distance(node, to)));
        file(directory + "distance", distances.toString());
        file(directory + "meminfo", ""); // written when it is read
    }
}
