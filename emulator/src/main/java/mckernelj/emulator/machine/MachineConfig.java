// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.CpuidLeaves;
import mckernelj.emulator.engine.EngineOptions;
import mckernelj.emulator.hw.HostMemory;
import mckernelj.emulator.memory.AnonymousHostMemory;

/** What machine to build. Immutable. */
public final class MachineConfig {
    public static final long DEFAULT_TSC_HZ = 2_600_000_000L;

    private static final int LOCAL_DISTANCE = 10;
    private static final int REMOTE_DISTANCE = 20;
    private static final long NODE_GRANULE = 2 << 20;
    private static final int MAX_CORES = 255; // xAPIC identifiers

    private final int cores;
    private final List<Long> nodeBytes;
    private final int[][] distances;
    private final long tscHz;
    private final boolean deterministic;
    private final LongFunction<HostMemory> hostMemory;
    private final Set<CpuFeature> features;
    private final EngineOptions engine;

    private MachineConfig(Builder builder) {
        cores = builder.cores;
        nodeBytes = List.copyOf(builder.nodeBytes.isEmpty() ? List.of(256L << 20) : builder.nodeBytes);
        distances = builder.distances == null ? defaultDistances(nodeBytes.size()) : builder.distances;
        tscHz = builder.tscHz;
        deterministic = builder.deterministic;
        hostMemory = builder.hostMemory;
        features = builder.features;
        engine = builder.engine;
        if (cores < 1 || cores > MAX_CORES || nodeBytes.size() > cores || distances.length != nodeBytes.size()) {
            throw new IllegalArgumentException(cores + " cores, " + nodeBytes.size() + " NUMA nodes");
        }
        for (long bytes : nodeBytes) {
            if (bytes <= 0 || bytes % NODE_GRANULE != 0) {
                throw new IllegalArgumentException("memory of a NUMA node must be a multiple of 2 MiB: " + bytes);
            }
        }
    }

    private static int[][] defaultDistances(int nodes) {
        int[][] matrix = new int[nodes][nodes];
        for (int from = 0; from < nodes; from++) {
            for (int to = 0; to < nodes; to++) {
                matrix[from][to] = from == to ? LOCAL_DISTANCE : REMOTE_DISTANCE;
            }
        }
        return matrix;
    }

    public static Builder builder() {
        return new Builder();
    }

    public int cores() {
        return cores;
    }

    /** Memory of each NUMA node in bytes. */
    public List<Long> nodeBytes() {
        return nodeBytes;
    }

    int distance(int from, int to) {
        return distances[from][to];
    }

    public long tscHz() {
        return tscHz;
    }

    public boolean deterministic() {
        return deterministic;
    }

    public Set<CpuFeature> features() {
        return features;
    }

    public EngineOptions engine() {
        return engine;
    }

    HostMemory newHostMemory(long sizeBytes) {
        return hostMemory.apply(sizeBytes);
    }

    /** Defaults: one core, one node with 256 MiB, 2.6 GHz, parallel, anonymous memory, x86-64-v2. */
    public static final class Builder {
        private int cores = 1;
        private final List<Long> nodeBytes = new ArrayList<>();
        private int[][] distances;
        private long tscHz = DEFAULT_TSC_HZ;
        private boolean deterministic;
        private LongFunction<HostMemory> hostMemory = AnonymousHostMemory::new;
        private Set<CpuFeature> features = CpuidLeaves.X86_64_V2;
        private EngineOptions engine = EngineOptions.DEFAULT;

        private Builder() {}

        public Builder cores(int count) {
            cores = count;
            return this;
        }

        /** Adds a NUMA node; cores are spread evenly over the nodes, in order. */
        public Builder node(long memoryBytes) {
            nodeBytes.add(memoryBytes);
            return this;
        }

        /** As Linux prints them: [from][to], 10 on the diagonal. */
        public Builder distances(int[][] matrix) {
            distances = matrix.clone();
            return this;
        }

        public Builder tscHz(long hz) {
            tscHz = hz;
            return this;
        }

        public Builder deterministic(boolean value) {
            deterministic = value;
            return this;
        }

        /** Makes the block of host memory behind the RAM, given its size in bytes (end of the highest range). */
        public Builder hostMemory(LongFunction<HostMemory> factory) {
            hostMemory = factory;
            return this;
        }

        /** {@link CpuidLeaves#X86_64_V2} or {@link CpuidLeaves#X86_64_V3}, or any other set. */
        public Builder features(Set<CpuFeature> instructionSets) {
            features = Set.copyOf(instructionSets);
            return this;
        }

        public Builder engine(EngineOptions options) {
            engine = options;
            return this;
        }

        public MachineConfig build() {
            return new MachineConfig(this);
        }
    }
}
