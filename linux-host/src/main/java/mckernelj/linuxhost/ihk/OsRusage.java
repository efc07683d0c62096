// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

import mckernelj.ihk.layout.RusageArea;
import mckernelj.ihk.layout.RusageArea.Counter;

/**
 * Resource usage of an OS instance at one moment (libihk: ihk_os_rusage). Bytes, nanoseconds; indices of page sizes as
 * {@link RusageArea#PAGE_SIZES}, of nodes and CPUs the LWK's.
 */
public record OsRusage(
        long[] rss,
        long[] mappedFile,
        long usage,
        long maxUsage,
        long kmemUsage,
        long kmemMaxUsage,
        long[] numaStat,
        long systemNanos,
        long userNanos,
        long[] perCpuNanos,
        int threads,
        int maxThreads) {

    static OsRusage of(RusageArea area, int nodes, int cpus) {
        int sizes = RusageArea.PAGE_SIZES.length;
        long[] rss = new long[sizes];
        long[] mappedFile = new long[sizes];
        for (int i = 0; i < sizes; i++) {
            rss[i] = area.rss(i);
            mappedFile[i] = area.mappedFile(i);
        }
        long[] numa = new long[nodes];
        for (int i = 0; i < nodes; i++) {
            numa[i] = area.numaUsed(i);
        }
        long system = 0;
        long user = 0;
        long[] perCpu = new long[cpus];
        for (int i = 0; i < cpus; i++) {
            system += area.cpuSystemNanos(i);
            user += area.cpuUserNanos(i);
            perCpu[i] = area.cpuSystemNanos(i) + area.cpuUserNanos(i);
        }
        return new OsRusage(
                rss,
                mappedFile,
                area.get(Counter.MEMORY_USAGE),
                area.get(Counter.MEMORY_MAX_USAGE),
                area.get(Counter.KMEM_USAGE),
                area.get(Counter.KMEM_MAX_USAGE),
                numa,
                system,
                user,
                perCpu,
                (int) area.get(Counter.NUM_THREADS),
                (int) area.get(Counter.MAX_NUM_THREADS));
    }
}
