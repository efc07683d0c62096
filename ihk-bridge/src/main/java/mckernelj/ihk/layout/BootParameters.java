// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.layout;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import mckernelj.emulator.hw.PhysicalMemory;

/**
 * The boot parameter block (upstream: smp_boot_param). IHK allocates it in Linux' memory and fills it before the LWK
 * starts; it lives until the instance stops. The LWK writes only the fields so marked in {@link Field}. Counts and
 * arrays: CPUs in the order of assignment (= LWK CPU number), NUMA nodes, memory chunks in the order of nodes, then the
 * distances of the nodes.
 *
 * <p>Not here: upstream's fields for Linux-side execution of LWK code (mckernel_do_futex and the like are kept but 0)
 * and perf event maps, which the LWK knows itself.
 */
public final class BootParameters {
    public static final int STATUS_NOT_STARTED = 0;
    public static final int STATUS_BOOTED = 1;
    public static final int STATUS_READY = 2;
    public static final int STATUS_RUNNING = 3;

    public static final int MAX_CPUS = 512;
    public static final int KERNEL_ARGS_SIZE = 256;

    private static final int IRQ_APICIDS = 200;
    private static final int KERNEL_ARGS = IRQ_APICIDS + 4 * MAX_CPUS;
    private static final int NR_LINUX_CPUS = KERNEL_ARGS + KERNEL_ARGS_SIZE;
    private static final int NR_CPUS = NR_LINUX_CPUS + 4;
    private static final int NR_NUMA_NODES = NR_LINUX_CPUS + 8;
    private static final int NR_MEMORY_CHUNKS = NR_LINUX_CPUS + 12;
    private static final int OSNUM = NR_LINUX_CPUS + 16;
    private static final int DUMP_LEVEL = NR_LINUX_CPUS + 20;
    private static final int DEFAULT_HUGE_PAGE_SHIFT = NR_LINUX_CPUS + 24;
    private static final int IKC_IRQ = 192;
    private static final int ARRAYS = NR_LINUX_CPUS + 64;

    private static final int CPU_SIZE = 16;
    private static final int NODE_SIZE = 8;
    private static final int CHUNK_SIZE = 24;

    /** Quadwords at fixed offsets. Where it says "LWK", the LWK writes the field, else IHK. */
    public enum Field {
        /** Lowest and highest address + 1 of the assigned memory, holes included. */
        START(0),
        END(8),
        /**
         * LWK: STATUS_ value. After each change it sends the IKC interrupt to Linux CPU {@link BootParameters#ikcApicId
         * ikcApicId(0)}.
         */
        STATUS(16),
        PARAM_SIZE(24),
        BOOTSTRAP_MEM_END(32),
        /** Physical address of the {@link KmsgBuffer}. */
        MSG_BUFFER(40),
        MSG_BUFFER_SIZE(48),
        /**
         * LWK, before READY: master queue on which the <em>LWK</em> receives. Both queues are allocated and formatted
         * by it.
         */
        MIKC_QUEUE_RECV(56),
        /** LWK, before READY: master queue on which the LWK sends. */
        MIKC_QUEUE_SEND(64),
        /** LWK, before READY: {@link MonitorArea}. */
        MONITOR(72),
        MONITOR_SIZE(80),
        /** LWK, before READY: {@link RusageArea}. */
        RUSAGE(88),
        RUSAGE_SIZE(96),
        /** LWK, before READY: address of an int that says what an NMI means (0 dump, 1 freeze, 2 thaw, 3 stop). */
        NMI_MODE_ADDR(104),
        /** LWK, before READY: address of an int that says what vector 0xF2 means (1 freeze, 2 thaw). */
        MULTI_INTR_MODE_ADDR(112),
        MCKERNEL_DO_FUTEX(120),
        LINUX_KERNEL_PGT_PHYS(128),
        /** Start of Linux' direct map: {@link KernelSpace#LINUX_PAGE_OFFSET}. */
        PAGE_OFFSET_BASE(136),
        DMA_ADDRESS(144),
        /** Identity page table below 4 GiB: transit table for the {@link mckernelj.ihk.boot.Trampoline}. */
        IDENT_TABLE(152),
        /** Nanoseconds per 1000 TSC ticks. */
        NS_PER_TSC(160),
        /** TSC value and wall-clock time that belong together. */
        BOOT_TSC(168),
        BOOT_SEC(176),
        BOOT_NSEC(184);

        private final int offset;

        Field(int offset) {
            this.offset = offset;
        }
    }

    /** An LWK CPU: NUMA node of the LWK, APIC id, number in Linux, Linux CPU that serves its IKC. */
    public record Cpu(int numaId, int hwId, int linuxCpuId, int ikcCpu) {}

    /** A NUMA node of the LWK: type 1 DRAM, 2 HBM. */
    public record Node(int type, int linuxNumaId) {}

    /** Assigned memory; {@code numaId} is the LWK's. */
    public record Chunk(long start, long end, int numaId) {}

    private final PhysicalMemory memory;
    private final long physical;

    /** The block at this address, filled or not. */
    public BootParameters(PhysicalMemory memory, long physical) {
        this.memory = memory;
        this.physical = physical;
    }

    /** Bytes of a block. */
    public static long sizeBytes(int cpus, int nodes, int chunks) {
        return ARRAYS + (long) CPU_SIZE * cpus + NODE_SIZE * nodes + CHUNK_SIZE * chunks + 4L * nodes * nodes;
    }

    /** IHK: clears the block and fixes the geometry of its arrays. */
    public void format(int cpus, int nodes, int chunks) {
        memory.clear(physical, sizeBytes(cpus, nodes, chunks));
        memory.putInt(physical + NR_CPUS, cpus);
        memory.putInt(physical + NR_NUMA_NODES, nodes);
        memory.putInt(physical + NR_MEMORY_CHUNKS, chunks);
        set(Field.PARAM_SIZE, sizeBytes(cpus, nodes, chunks));
    }

    public long physical() {
        return physical;
    }

    public long get(Field field) {
        return memory.getLong(physical + field.offset);
    }

    public void set(Field field, long value) {
        memory.putLong(physical + field.offset, value);
    }

    public int status() {
        return (int) get(Field.STATUS);
    }

    /** LWK. */
    public void setStatus(int status) {
        set(Field.STATUS, status);
    }

    /** Vector of the IKC interrupt to Linux. */
    public int ikcIrq() {
        return memory.getInt(physical + IKC_IRQ);
    }

    public void setIkcIrq(int vector) {
        memory.putInt(physical + IKC_IRQ, vector);
    }

    /** APIC id of a Linux CPU, for the IKC interrupt. */
    public int ikcApicId(int linuxCpu) {
        return memory.getInt(physical + IRQ_APICIDS + 4L * linuxCpu);
    }

    public void setIkcApicId(int linuxCpu, int apicId) {
        memory.putInt(physical + IRQ_APICIDS + 4L * linuxCpu, apicId);
    }

    public String kernelArgs() {
        byte[] bytes = new byte[KERNEL_ARGS_SIZE];
        memory.read(physical + KERNEL_ARGS, bytes, 0, bytes.length);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** Cut off after 255 bytes. */
    public void setKernelArgs(String arguments) {
        byte[] bytes = Arrays.copyOf(arguments.getBytes(StandardCharsets.ISO_8859_1), KERNEL_ARGS_SIZE);
        bytes[KERNEL_ARGS_SIZE - 1] = 0;
        memory.write(physical + KERNEL_ARGS, bytes, 0, bytes.length);
    }

    public int linuxCpuCount() {
        return memory.getInt(physical + NR_LINUX_CPUS);
    }

    public void setLinuxCpuCount(int count) {
        memory.putInt(physical + NR_LINUX_CPUS, count);
    }

    public int cpuCount() {
        return memory.getInt(physical + NR_CPUS);
    }

    public int nodeCount() {
        return memory.getInt(physical + NR_NUMA_NODES);
    }

    public int chunkCount() {
        return memory.getInt(physical + NR_MEMORY_CHUNKS);
    }

    /** Number of the OS instance. */
    public int osnum() {
        return memory.getInt(physical + OSNUM);
    }

    public void setOsnum(int osnum) {
        memory.putInt(physical + OSNUM, osnum);
    }

    public int dumpLevel() {
        return memory.getInt(physical + DUMP_LEVEL);
    }

    public void setDumpLevel(int level) {
        memory.putInt(physical + DUMP_LEVEL, level);
    }

    /** log2 of Linux' default huge page size. */
    public int defaultHugePageShift() {
        return memory.getInt(physical + DEFAULT_HUGE_PAGE_SHIFT);
    }

    public void setDefaultHugePageShift(int shift) {
        memory.putInt(physical + DEFAULT_HUGE_PAGE_SHIFT, shift);
    }

    public Cpu cpu(int i) {
        long at = cpuAddress(i);
        return new Cpu(memory.getInt(at), memory.getInt(at + 4), memory.getInt(at + 8), memory.getInt(at + 12));
    }

    public void setCpu(int i, Cpu cpu) {
        long at = cpuAddress(i);
        memory.putInt(at, cpu.numaId);
        memory.putInt(at + 4, cpu.hwId);
        memory.putInt(at + 8, cpu.linuxCpuId);
        memory.putInt(at + 12, cpu.ikcCpu);
    }

    public Node node(int i) {
        long at = nodeAddress(i);
        return new Node(memory.getInt(at), memory.getInt(at + 4));
    }

    public void setNode(int i, Node node) {
        long at = nodeAddress(i);
        memory.putInt(at, node.type);
        memory.putInt(at + 4, node.linuxNumaId);
    }

    public Chunk chunk(int i) {
        long at = chunkAddress(i);
        return new Chunk(memory.getLong(at), memory.getLong(at + 8), memory.getInt(at + 16));
    }

    public void setChunk(int i, Chunk chunk) {
        long at = chunkAddress(i);
        memory.putLong(at, chunk.start);
        memory.putLong(at + 8, chunk.end);
        memory.putInt(at + 16, chunk.numaId);
    }

    /** As Linux node_distance, between nodes of the LWK. */
    public int distance(int from, int to) {
        return memory.getInt(distanceAddress(from, to));
    }

    public void setDistance(int from, int to, int distance) {
        memory.putInt(distanceAddress(from, to), distance);
    }

    private long cpuAddress(int i) {
        return physical + ARRAYS + (long) CPU_SIZE * checked(i, cpuCount());
    }

    private long nodeAddress(int i) {
        return cpuAddress(0) + (long) CPU_SIZE * cpuCount() + (long) NODE_SIZE * checked(i, nodeCount());
    }

    private long chunkAddress(int i) {
        return nodeAddress(0) + (long) NODE_SIZE * nodeCount() + (long) CHUNK_SIZE * checked(i, chunkCount());
    }

    private long distanceAddress(int from, int to) {
        int nodes = nodeCount();
        long distances = chunkAddress(0) + (long) CHUNK_SIZE * chunkCount();
        return distances + 4L * ((long) checked(from, nodes) * nodes + checked(to, nodes));
    }

    private static int checked(int i, int count) {
        if (i < 0 || i >= count) {
            throw new IndexOutOfBoundsException(i + " of " + count);
        }
        return i;
    }
}
