// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mckernelj.ihk.Errno;
import mckernelj.linuxhost.partition.LinuxPartition;
import mckernelj.linuxhost.partition.MemoryChunk;

/**
 * CPUs (in the LWK's order), memory and IKC map of one OS instance; they come from the device's pools and go back
 * there. Confined to {@link OsInstance}'s lock.
 */
final class AssignedResources {
    private static final Comparator<MemoryChunk> BY_NODE_AND_ADDRESS =
            Comparator.comparingInt(MemoryChunk::node).thenComparingLong(MemoryChunk::start);

    private final IhkDevice device;
    private final LinuxPartition partition;
    private final List<Integer> cpus = new ArrayList<>();
    private final List<MemoryChunk> memory = new ArrayList<>();
    private final Map<Integer, Integer> ikcMap = new LinkedHashMap<>();

    AssignedResources(IhkDevice device, LinuxPartition partition) {
        this.device = device;
        this.partition = partition;
    }

    List<Integer> cpus() {
        return List.copyOf(cpus);
    }

    List<MemoryChunk> memory() {
        return List.copyOf(memory);
    }

    void assignCpus(List<Integer> list) throws IhkException {
        device.takeCpus(list);
        cpus.addAll(list);
    }

    void releaseCpus(List<Integer> list) throws IhkException {
        if (!cpus.containsAll(list) || new HashSet<>(list).size() != list.size()) {
            throw new IhkException(Errno.EINVAL, "not all assigned: CPUs " + ResourceLists.formatCpus(list));
        }
        cpus.removeAll(list);
        list.forEach(ikcMap::remove);
        device.returnCpus(list);
    }

    void assignMemory(List<MemoryRequest> list) throws IhkException {
        List<MemoryChunk> taken = new ArrayList<>();
        try {
            for (MemoryRequest request : list) {
                taken.addAll(device.takeMemory(request));
            }
        } catch (IhkException e) {
            device.returnMemory(taken);
            throw e;
        }
        memory.addAll(taken);
        memory.sort(BY_NODE_AND_ADDRESS);
        joinNeighbours();
    }

    private void joinNeighbours() {
        for (int i = 0; i + 1 < memory.size(); ) {
            MemoryChunk first = memory.get(i);
            MemoryChunk second = memory.get(i + 1);
            if (first.end() == second.start() && first.node() == second.node()) {
                memory.set(i, new MemoryChunk(first.start(), second.end(), first.node()));
                memory.remove(i + 1);
            } else {
                i++;
            }
        }
    }

    void releaseMemory(List<MemoryRequest> list) throws IhkException {
        List<MemoryChunk> left = new ArrayList<>(memory);
        for (MemoryRequest request : list) {
            boolean all = request.sizeBytes() == MemoryRequest.ALL;
            List<MemoryChunk> matching = left.stream()
                    .filter(c -> c.node() == request.node() && (all || c.sizeBytes() == request.sizeBytes()))
                    .limit(all ? Long.MAX_VALUE : 1)
                    .toList();
            if (matching.isEmpty() && !all) {
                throw new IhkException(Errno.EINVAL, "no such memory is assigned: " + request.sizeBytes());
            }
            left.removeAll(matching);
        }
        memory.removeAll(left);
        device.returnMemory(memory);
        memory.clear();
        memory.addAll(left);
    }

    void releaseAllMemory() {
        device.returnMemory(memory);
        memory.clear();
    }

    /** Clears the memory and returns all. */
    void releaseEverything() {
        memory.forEach(chunk -> partition.memory().discard(chunk.start(), chunk.sizeBytes()));
        releaseAllMemory();
        device.returnCpus(cpus);
        cpus.clear();
        ikcMap.clear();
    }

    void setIkcMap(Map<Integer, Integer> map) throws IhkException {
        checkIkcMap(map);
        ikcMap.clear();
        ikcMap.putAll(map);
    }

    void checkIkcMap(Map<Integer, Integer> map) throws IhkException {
        for (Map.Entry<Integer, Integer> pair : map.entrySet()) {
            int destination = pair.getValue();
            boolean online = destination < partition.machine().cpuCount() && partition.isOnline(destination);
            if (!cpus.contains(pair.getKey()) || !online) {
                throw new IhkException(Errno.EINVAL, "IKC map: no such pair " + pair.getKey() + ":" + destination);
            }
        }
    }

    /** Complete: CPUs that were not named are served by Linux CPU 0. */
    Map<Integer, Integer> ikcMap() {
        Map<Integer, Integer> complete = new LinkedHashMap<>();
        cpus.forEach(cpu -> complete.put(cpu, ikcMap.getOrDefault(cpu, 0)));
        return complete;
    }

    /** Largest chunk of the lowest node, or null. */
    MemoryChunk bootstrapChunk() {
        return memory.stream()
                .filter(chunk -> chunk.node() == memory.get(0).node())
                .max(Comparator.comparingLong(MemoryChunk::sizeBytes))
                .orElse(null);
    }
}
