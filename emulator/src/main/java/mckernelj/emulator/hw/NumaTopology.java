// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.hw;

import java.util.List;

/** NUMA nodes of the machine: their memory, processors and distances. */
public interface NumaTopology {
    /** A node's RAM is one or more ranges (two where it spans the device hole below 4 GiB). */
    record Range(long start, long end) {}

    int nodeCount();

    List<Range> memory(int node);

    List<Integer> cpus(int node);

    /** As Linux node_distance: 10 on the diagonal. */
    int distance(int from, int to);
}
