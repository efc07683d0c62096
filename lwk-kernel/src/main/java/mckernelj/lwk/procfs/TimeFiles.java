// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.procfs;

import java.util.Collection;
import java.util.Locale;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.sched.KernelThread;

/** /proc/stat, /proc/uptime, /proc/loadavg: what the processors have done, by the LWK's clock. */
final class TimeFiles {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_TICK = 10_000_000L;

    private final Kernel kernel;
    private final LoadAverage load = new LoadAverage();

    TimeFiles(Kernel kernel) {
        this.kernel = kernel;
    }

    private long sinceBoot(CpuLocal cpu) {
        return Math.max(
                0, kernel.clock().nanosOf(cpu.hw().cycles() - kernel.clock().bootTsc()));
    }

    private long idleNanos(CpuLocal reader, int cpu) {
        long busy = kernel.usage().cpuUserNanos(cpu) + kernel.usage().cpuSystemNanos(cpu);
        return Math.max(0, sinceBoot(reader) - busy);
    }

    String uptime(CpuLocal cpu) {
        long up = kernel.clock().monotonicNanos(cpu);
        long idle = 0;
        for (int i = 0; i < kernel.cpus().size(); i++) {
            idle += idleNanos(cpu, i);
        }
        return seconds(up) + " " + seconds(idle) + "\n";
    }

    private static String seconds(long nanos) {
        return String.format(
                Locale.ROOT, "%d.%02d", nanos / NANOS_PER_SECOND, nanos % NANOS_PER_SECOND / NANOS_PER_TICK);
    }

    String times(CpuLocal reader) {
        int cpus = kernel.cpus().size();
        long[] sum = new long[3];
        StringBuilder lines = new StringBuilder();
        for (int cpu = 0; cpu < cpus; cpu++) {
            long[] ticks = {
                kernel.usage().cpuUserNanos(cpu) / NANOS_PER_TICK,
                kernel.usage().cpuSystemNanos(cpu) / NANOS_PER_TICK,
                idleNanos(reader, cpu) / NANOS_PER_TICK
            };
            for (int i = 0; i < sum.length; i++) {
                sum[i] += ticks[i];
            }
            lines.append(cpuLine("cpu" + cpu, ticks));
        }
        long bootSeconds =
                (kernel.clock().realtimeNanos(reader) - kernel.clock().monotonicNanos(reader)) / NANOS_PER_SECOND;
        return cpuLine("cpu ", sum)
                + lines
                + "intr 0\nctxt 0\nbtime " + bootSeconds
                + "\nprocesses " + kernel.table().created()
                + "\nprocs_running " + running()
                + "\nprocs_blocked 0\nsoftirq 0 0 0 0 0 0 0 0 0 0 0\n";
    }

    private static String cpuLine(String name, long[] ticks) {
        return name + " " + ticks[0] + " 0 " + ticks[1] + " " + ticks[2] + " 0 0 0 0 0 0\n";
    }

    private long running() {
        return kernel.table().threads().stream()
                .filter(thread -> thread.state() == KernelThread.RUNNING && !thread.isInCall())
                .count();
    }

    String loadAverage(Thread self) {
        long busy = 0;
        for (int cpu = 0; cpu < kernel.cpus().size(); cpu++) {
            busy += kernel.usage().cpuUserNanos(cpu) + kernel.usage().cpuSystemNanos(cpu);
        }
        Collection<Thread> threads = kernel.table().threads();
        int last = threads.stream().mapToInt(Thread::tid).max().orElse(self.tid());
        return load.text(sinceBoot(self.cpu()), busy) + " " + running() + "/" + threads.size() + " " + last + "\n";
    }
}
