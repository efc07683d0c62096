// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.hw.NumaTopology;
import mckernelj.emulator.memory.Ram;

/**
 * Lays the nodes' memory out one after the other from address 0, around the device hole; spreads the processors
 * evenly.
 */
final class NumaNodes implements NumaTopology {
    private final MachineConfig config;
    private final List<List<Range>> memory = new ArrayList<>();
    private final List<List<Integer>> cpus = new ArrayList<>();
    private long end;

    NumaNodes(MachineConfig config) {
        this.config = config;
        for (long bytes : config.nodeBytes()) {
            memory.add(place(bytes));
            cpus.add(new ArrayList<>());
        }
        for (int cpu = 0; cpu < config.cores(); cpu++) {
            cpus.get(nodeOf(cpu)).add(cpu);
        }
    }

    private List<Range> place(long bytes) {
        List<Range> ranges = new ArrayList<>();
        long left = bytes;
        if (end < Ram.HOLE_START) {
            long low = Math.min(left, Ram.HOLE_START - end);
            ranges.add(new Range(end, end + low));
            end += low;
            left -= low;
        }
        if (left > 0) {
            long start = Math.max(end, Ram.HOLE_END);
            ranges.add(new Range(start, start + left));
            end = start + left;
        }
        return List.copyOf(ranges);
    }

    int nodeOf(int cpu) {
        return (int) ((long) cpu * nodeCount() / config.cores());
    }

    /** End of the highest range. */
    long end() {
        return end;
    }

    @Override
    public int nodeCount() {
        return config.nodeBytes().size();
    }

    @Override
    public List<Range> memory(int node) {
        return memory.get(node);
    }

    @Override
    public List<Integer> cpus(int node) {
        return List.copyOf(cpus.get(node));
    }

    @Override
    public int distance(int from, int to) {
        return config.distance(from, to);
    }
}
