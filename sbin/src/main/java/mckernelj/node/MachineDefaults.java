// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import mckernelj.linuxhost.ihk.MemoryRequest;

/**
 * The machine that a node gets when nobody describes it: large enough for what mcreboot asks for, and two processors and 256 MiB for
 * Linux. {@code $XDG_CONFIG_HOME/mckernelj/machine.properties} (cores, numa, memory) wins over that.
 */
final class MachineDefaults {
    private static final int LINUX_CORES = 2;
    private static final long LINUX_MEMORY = 256L << 20;
    private static final int MOST_CORES = 64;
    private static final int MOST_NODES = 8;
    private static final long MOST_MEMORY = 256L << 30;
    private static final long GRANULE = 4L << 20;

    private MachineDefaults() {}

    /** The user's own description as for {@code --machine}, or an empty string. */
    static String configured(Map<String, String> environment) throws IOException {
        String base = environment.getOrDefault("XDG_CONFIG_HOME", environment.getOrDefault("HOME", "") + "/.config");
        Path file = Path.of(base, "mckernelj", "machine.properties");
        if (!Files.isReadable(file)) {
            return "";
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return properties.stringPropertyNames().stream()
                .sorted()
                .map(name -> name + "=" + properties.getProperty(name).strip())
                .collect(Collectors.joining(","));
    }

    /** What fits the request; numbers beyond reason are left for mcreboot to refuse. */
    static MachineShape fitting(List<Integer> cpus, List<MemoryRequest> memory) {
        int highest = cpus.stream()
                .mapToInt(Integer::intValue)
                .filter(c -> c < MOST_CORES)
                .max()
                .orElse(1);
        int cores = Math.max(
                Math.max(highest + 1, Math.min(cpus.size(), MOST_CORES) + LINUX_CORES), MachineShape.DEFAULT.cores());
        int nodes = 1
                + memory.stream()
                        .mapToInt(MemoryRequest::node)
                        .filter(n -> n < MOST_NODES)
                        .max()
                        .orElse(0);
        long[] perNode = new long[nodes];
        for (MemoryRequest request : memory) {
            if (request.node() < nodes && request.sizeBytes() > 0 && request.sizeBytes() < MOST_MEMORY) {
                perNode[request.node()] += request.sizeBytes() + GRANULE;
            }
        }
        long largest = 0;
        for (long bytes : perNode) {
            largest = Math.max(largest, Math.min(bytes, MOST_MEMORY));
        }
        long size = (largest + LINUX_MEMORY + GRANULE - 1) / GRANULE * GRANULE * nodes;
        return new MachineShape(Math.max(cores, nodes), nodes, Math.max(size, MachineShape.DEFAULT.memoryBytes()));
    }
}
