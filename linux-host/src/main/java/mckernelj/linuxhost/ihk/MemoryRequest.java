// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

/** An amount of memory of a (Linux) NUMA node (libihk: ihk_mem_chunk). */
public record MemoryRequest(long sizeBytes, int node) {
    /** Size: as much as there is. */
    public static final long ALL = -1;
}
