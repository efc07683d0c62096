// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.partition;

/** Contiguous RAM of one NUMA node: physical addresses [start, end). */
public record MemoryChunk(long start, long end, int node) {
    public long sizeBytes() {
        return end - start;
    }
}
