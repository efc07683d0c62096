// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

import java.util.ArrayList;
import java.util.List;
import mckernelj.ihk.Errno;
import mckernelj.linuxhost.partition.FreeRanges;
import mckernelj.linuxhost.partition.MemoryChunk;
import mckernelj.linuxhost.partition.MemoryZones;

/**
 * Memory that IHK has reserved from Linux and not assigned to an OS, per NUMA node. Confined to {@link IhkDevice}'s
 * lock.
 */
final class MemoryPool {
    private final MemoryZones zones;
    private final List<FreeRanges> nodes = new ArrayList<>();

    MemoryPool(MemoryZones zones) {
        this.zones = zones;
        for (int i = 0; i < zones.nodeCount(); i++) {
            nodes.add(new FreeRanges());
        }
    }

    /** Takes memory from Linux: all requests or none. */
    void reserve(List<MemoryRequest> requests, ReserveMemoryOptions options) throws IhkException {
        List<MemoryChunk> taken = new ArrayList<>();
        for (MemoryRequest request : balanced(requests, options)) {
            long size = request.sizeBytes();
            if (size == MemoryRequest.ALL) {
                size = limitOfAll(request.node(), options);
            }
            List<MemoryChunk> chunks = size == 0 ? List.of() : zones.reserve(checkedNode(request.node()), size);
            if (chunks.isEmpty()) {
                taken.forEach(zones::release);
                throw new IhkException(Errno.ENOMEM, "not enough memory on NUMA node " + request.node());
            }
            taken.addAll(chunks);
        }
        taken.forEach(this::add);
    }

    private long limitOfAll(int node, ReserveMemoryOptions options) throws IhkException {
        int ratio = options.get(ReserveMemoryOptions.Key.MAX_SIZE_RATIO_ALL);
        long limit = zones.freeBytes(checkedNode(node)) * ratio / 100;
        return Math.min(limit, zones.reservableBytes(node)) & -MemoryZones.GRANULE;
    }

    /** BALANCED_ENABLE: the total, equally divided over the nodes of the requests. */
    private List<MemoryRequest> balanced(List<MemoryRequest> requests, ReserveMemoryOptions options)
            throws IhkException {
        for (MemoryRequest request : requests) {
            checkedNode(request.node());
        }
        boolean all = requests.stream().anyMatch(request -> request.sizeBytes() == MemoryRequest.ALL);
        if (options.get(ReserveMemoryOptions.Key.BALANCED_ENABLE) == 0 || all || requests.isEmpty()) {
            return requests;
        }
        long total = requests.stream().mapToLong(MemoryRequest::sizeBytes).sum();
        long share = total / requests.size() + MemoryZones.GRANULE - 1 & -MemoryZones.GRANULE;
        return requests.stream()
                .map(request -> new MemoryRequest(share, request.node()))
                .toList();
    }

    void add(MemoryChunk chunk) {
        nodes.get(chunk.node()).add(chunk.start(), chunk.end());
    }

    /** Takes memory out of the pool, lowest addresses first; ALL may find nothing and fails then. */
    List<MemoryChunk> take(MemoryRequest request) throws IhkException {
        FreeRanges free = nodes.get(checkedNode(request.node()));
        long total = free.totalBytes();
        long missing = request.sizeBytes() == MemoryRequest.ALL
                ? total
                : request.sizeBytes() + MemoryZones.GRANULE - 1 & -MemoryZones.GRANULE;
        if (missing <= 0 || missing > total) {
            throw new IhkException(
                    missing <= 0 && request.sizeBytes() != MemoryRequest.ALL ? Errno.EINVAL : Errno.ENOMEM,
                    "not enough reserved memory on NUMA node " + request.node());
        }
        List<MemoryChunk> taken = new ArrayList<>();
        for (MemoryChunk chunk : chunks(request.node())) {
            long length = Math.min(missing, chunk.sizeBytes());
            if (length > 0) {
                free.remove(chunk.start(), chunk.start() + length);
                taken.add(new MemoryChunk(chunk.start(), chunk.start() + length, request.node()));
                missing -= length;
            }
        }
        return taken;
    }

    /** Gives memory back to Linux. */
    void release(List<MemoryRequest> requests) throws IhkException {
        for (MemoryRequest request : requests) {
            long available = nodes.get(checkedNode(request.node())).totalBytes();
            if (request.sizeBytes() != MemoryRequest.ALL && request.sizeBytes() > available) {
                throw new IhkException(Errno.EINVAL, "not that much memory is reserved on NUMA node " + request.node());
            }
            if (available > 0) {
                take(request).forEach(zones::release);
            }
        }
    }

    void releaseAll() {
        for (MemoryChunk chunk : chunks()) {
            nodes.get(chunk.node()).remove(chunk.start(), chunk.end());
            zones.release(chunk);
        }
    }

    /** By node and address. */
    List<MemoryChunk> chunks() {
        List<MemoryChunk> chunks = new ArrayList<>();
        for (int node = 0; node < nodes.size(); node++) {
            chunks.addAll(chunks(node));
        }
        return chunks;
    }

    private List<MemoryChunk> chunks(int node) {
        List<MemoryChunk> chunks = new ArrayList<>();
        nodes.get(node).ranges().forEach((start, end) -> chunks.add(new MemoryChunk(start, end, node)));
        return chunks;
    }

    private int checkedNode(int node) throws IhkException {
        if (node < 0 || node >= nodes.size()) {
            throw new IhkException(Errno.EINVAL, "no NUMA node " + node);
        }
        return node;
    }
}
