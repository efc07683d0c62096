// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import mckernelj.emulator.cpu.CpuFeature;

/** The host's CPUID features, from /proc/cpuinfo. */
final class HostFeatures {
    /** Where Linux' name is not the SDM's in lower case. */
    private static final Map<CpuFeature, String> NAMES = Map.of(
            CpuFeature.SSE3, "pni",
            CpuFeature.SYSENTER, "sep",
            CpuFeature.LZCNT, "abm",
            CpuFeature.SHA, "sha_ni",
            CpuFeature.PREFETCHW, "3dnowprefetch");

    private static final List<String> CPUINFO = lines();
    private static final boolean INTEL = CPUINFO.stream().anyMatch(line -> line.contains("GenuineIntel"));
    private static final Set<CpuFeature> FEATURES = read();

    private HostFeatures() {}

    static boolean has(CpuFeature feature) {
        return FEATURES.contains(feature);
    }

    /** As the emulator: Intel from Skylake on. /proc/cpuinfo does not tell. */
    static boolean keepsX87PointersOfExceptionsOnly() {
        return has(CpuFeature.CLWB) && INTEL;
    }

    /** Nothing if this is no Linux: nothing is compared then. */
    private static List<String> lines() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo"));
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Set<CpuFeature> read() {
        Set<CpuFeature> features = EnumSet.of(CpuFeature.BASE, CpuFeature.CET_NOP);
        String flags = CPUINFO.stream()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .orElse("");
        List<String> names = List.of(flags.split("[:\\s]+"));
        for (CpuFeature feature : CpuFeature.values()) {
            if (names.contains(NAMES.getOrDefault(feature, feature.name().toLowerCase(Locale.ROOT)))) {
                features.add(feature);
            }
        }
        return features;
    }
}
