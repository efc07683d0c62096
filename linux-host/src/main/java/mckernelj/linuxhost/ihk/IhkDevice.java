// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.ihk.Errno;
import mckernelj.ihk.os.GatePorts;
import mckernelj.linuxhost.partition.LinuxPartition;
import mckernelj.linuxhost.partition.MemoryChunk;

/**
 * The IHK device (libihk's functions of section "resource management"): reserves CPUs and memory from the Linux
 * partition and creates OS instances. There is one per machine. Thread-safe; its lock is never held while a kernel
 * boots or stops.
 */
public final class IhkDevice {
    private final LinuxPartition partition;
    private final int ikcIrq;
    private final CpuPool cpus;
    private final MemoryPool memory;
    private final ReserveMemoryOptions reserveOptions = new ReserveMemoryOptions();
    private final TreeMap<Integer, OsInstance> instances = new TreeMap<>();

    /** The same instances, for interrupt handlers. */
    private final List<OsInstance> interruptible = new CopyOnWriteArrayList<>();

    private final List<OsListener> listeners = new CopyOnWriteArrayList<>();

    /**
     * {@code startIrq}: the first free vector from here on is the IKC interrupt to Linux (module parameter
     * ihk_start_irq).
     */
    public IhkDevice(LinuxPartition partition, int startIrq) {
        this.partition = partition;
        int vector = startIrq;
        while (!partition.isVectorFree(vector)) {
            vector++;
        }
        ikcIrq = vector;
        partition.onInterrupt(ikcIrq, this::handleIkcInterrupt);
        cpus = new CpuPool(partition);
        memory = new MemoryPool(partition.zones());
    }

    private void handleIkcInterrupt(LogicalCpu cpu) {
        for (OsInstance os : interruptible) {
            os.handleInterrupt(cpu);
        }
    }

    public LinuxPartition partition() {
        return partition;
    }

    public void addListener(OsListener listener) {
        listeners.add(listener);
    }

    List<OsListener> listeners() {
        return listeners;
    }

    int ikcIrq() {
        return ikcIrq;
    }

    /** Takes CPUs (not CPU 0) from Linux: all or none. */
    public synchronized void reserveCpus(List<Integer> list) throws IhkException {
        cpus.reserve(list);
    }

    /** Gives reserved, unassigned CPUs back to Linux: all or none. */
    public synchronized void releaseCpus(List<Integer> list) throws IhkException {
        cpus.release(list);
    }

    /** Reserved and not assigned, ascending. */
    public synchronized List<Integer> cpus() {
        return cpus.cpus();
    }

    /** For the next {@link #reserveMemory} only. */
    public synchronized void setReserveOption(ReserveMemoryOptions.Key key, int value) throws IhkException {
        reserveOptions.set(key, value);
    }

    /** Takes memory from Linux: all or nothing. */
    public synchronized void reserveMemory(List<MemoryRequest> requests) throws IhkException {
        try {
            memory.reserve(requests, reserveOptions);
        } finally {
            reserveOptions.clear();
        }
    }

    /** Gives reserved, unassigned memory back to Linux. On an error, earlier requests of the list are done. */
    public synchronized void releaseMemory(List<MemoryRequest> requests) throws IhkException {
        memory.release(requests);
    }

    public synchronized void releaseAllMemory() {
        memory.releaseAll();
    }

    /** Reserved and not assigned, chunk by chunk. */
    public synchronized List<MemoryRequest> memory() {
        return memory.chunks().stream()
                .map(chunk -> new MemoryRequest(chunk.sizeBytes(), chunk.node()))
                .toList();
    }

    /** Creates an OS instance with the lowest free index. */
    public synchronized OsInstance createOs() throws IhkException {
        int index = 0;
        while (instances.containsKey(index)) {
            index++;
        }
        if (index == GatePorts.MAX_OS_INSTANCES) {
            throw new IhkException(Errno.ENOMEM, "too many OS instances");
        }
        OsInstance os = new OsInstance(this, partition, index);
        instances.put(index, os);
        interruptible.add(os);
        return os;
    }

    /** Stops the OS if it runs, returns its resources to the reserved ones and removes it. */
    public void destroyOs(int index) throws IhkException {
        OsInstance os = os(index);
        os.destroy();
        synchronized (this) {
            instances.remove(index, os);
            interruptible.remove(os);
        }
    }

    /** -ENOENT if there is none. */
    public synchronized OsInstance os(int index) throws IhkException {
        OsInstance os = instances.get(index);
        if (os == null) {
            throw new IhkException(Errno.ENOENT, "no OS instance " + index);
        }
        return os;
    }

    /** Indices, ascending. */
    public synchronized List<Integer> osInstances() {
        return new ArrayList<>(instances.keySet());
    }

    synchronized void takeCpus(List<Integer> list) throws IhkException {
        cpus.take(list);
    }

    synchronized void returnCpus(List<Integer> list) {
        list.forEach(cpus::add);
    }

    synchronized List<MemoryChunk> takeMemory(MemoryRequest request) throws IhkException {
        return memory.take(request);
    }

    synchronized void returnMemory(List<MemoryChunk> chunks) {
        chunks.forEach(memory::add);
    }
}
