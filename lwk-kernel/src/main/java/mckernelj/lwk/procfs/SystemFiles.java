// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.procfs;

import java.util.Collection;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.cpu.ProcessorModel;
import mckernelj.lwk.phys.PageAllocator;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.sched.KernelThread;

/** Files that tell of the machine as the LWK has it: processors, memory, time. */
final class SystemFiles {
    private static final Pattern NODE = Pattern.compile("/sys/devices/system/node/node([0-9]{1,3})/(meminfo|numastat)");
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_TICK = 10_000_000L;
    private static final long KIB_PER_PAGE = PageAllocator.PAGE_SIZE / 1024;

    private final Kernel kernel;
    private final LoadAverage load = new LoadAverage();

    SystemFiles(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Null: another file. */
    String content(Thread self, String name) {
        return switch (name) {
            case "/proc/cpuinfo" -> processors();
            case "/proc/meminfo" -> memory();
            case "/proc/stat" -> times(self.cpu());
            case "/proc/uptime" -> uptime(self.cpu());
            case "/proc/loadavg" -> loadAverage(self);
            default -> node(name);
        };
    }

    // ---- processors

    private String processors() {
        ProcessorModel model = kernel.processorModel();
        int cores = kernel.cpus().size();
        double megahertz = kernel.clock().tscHz() / 1e6;
        long cache = model.caches().isEmpty()
                ? 0
                : model.caches().get(model.caches().size() - 1).bytes() / 1024;
        StringBuilder text = new StringBuilder();
        for (CpuLocal cpu : kernel.cpus()) {
            line(text, "processor", cpu.id());
            line(text, "vendor_id", model.vendor());
            line(text, "cpu family", model.family());
            line(text, "model\t", model.model());
            line(text, "model name", model.name());
            line(text, "stepping", model.stepping());
            line(text, "cpu MHz\t", String.format(Locale.ROOT, "%.3f", megahertz));
            line(text, "cache size", cache + " KB");
            line(text, "physical id", 0);
            line(text, "siblings", cores);
            line(text, "core id\t", cpu.id());
            line(text, "cpu cores", cores);
            line(text, "apicid\t", cpu.hw().apicId());
            line(text, "initial apicid", cpu.hw().apicId());
            line(text, "fpu\t", "yes");
            line(text, "fpu_exception", "yes");
            line(text, "cpuid level", model.highestLeaf());
            line(text, "wp\t", "yes");
            line(text, "flags\t", String.join(" ", model.flags()));
            line(text, "bugs\t", "");
            line(text, "bogomips", String.format(Locale.ROOT, "%.2f", 2 * megahertz));
            line(text, "clflush size", model.flushBytes());
            line(text, "cache_alignment", model.flushBytes());
            line(
                    text,
                    "address sizes",
                    model.physicalBits() + " bits physical, " + model.linearBits() + " bits virtual");
            text.append("power management:\n\n");
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append(name).append("\t: ").append(value).append('\n');
    }

    // ---- memory

    private String memory() {
        PageAllocator pages = kernel.pages();
        long total = 0;
        long free = 0;
        for (int node = 0; node < pages.nodeCount(); node++) {
            total += pages.totalPages(node);
            free += pages.freePages(node);
        }
        MemoryUse use = new MemoryUse();
        StringBuilder text = new StringBuilder();
        amount(text, "MemTotal", total);
        amount(text, "MemFree", free);
        amount(text, "MemAvailable", free + use.unmappedFile());
        amount(text, "Buffers", 0);
        amount(text, "Cached", use.file + use.shared);
        for (String none : new String[] {"SwapCached", "Active", "Inactive"}) {
            amount(text, none, none.equals("Active") ? use.anonymous : none.equals("Inactive") ? use.file : 0);
        }
        amount(text, "Active(anon)", use.anonymous);
        amount(text, "Inactive(anon)", 0);
        amount(text, "Active(file)", 0);
        amount(text, "Inactive(file)", use.file);
        for (String none : new String[] {"Unevictable", "Mlocked", "SwapTotal", "SwapFree", "Dirty", "Writeback"}) {
            amount(text, none, none.equals("Mlocked") ? use.locked : 0);
        }
        amount(text, "AnonPages", use.anonymous);
        amount(text, "Mapped", use.mapped);
        amount(text, "Shmem", use.shared);
        amount(text, "PageTables", use.tables);
        amount(text, "CommitLimit", total);
        amount(text, "Committed_AS", use.committed);
        for (String none : new String[] {"VmallocTotal", "VmallocUsed", "VmallocChunk", "AnonHugePages"}) {
            amount(text, none, 0);
        }
        for (String pool : new String[] {"Total", "Free", "Rsvd", "Surp"}) {
            text.append(String.format(Locale.ROOT, "HugePages_%-6s %7d\n", pool + ":", 0));
        }
        amount(text, "Hugepagesize", 512);
        amount(text, "Hugetlb", 0);
        return text.toString();
    }

    private static void amount(StringBuilder text, String name, long pages) {
        text.append(String.format(Locale.ROOT, "%-16s%8d kB\n", name + ":", pages * KIB_PER_PAGE));
    }

    /** Pages of all processes. */
    private final class MemoryUse {
        final long file = kernel.files().residentPages();
        long anonymous;
        long mapped;
        long shared;
        long tables;
        long locked;
        long committed;

        MemoryUse() {
            kernel.table().processes().stream()
                    .map(Process::vm)
                    .filter(vm -> vm != null)
                    .distinct()
                    .forEach(vm -> {
                        mckernelj.lwk.mm.RangeUsage usage = new mckernelj.lwk.mm.RangeUsage();
                        vm.snapshot().forEach(range -> usage.add(vm, range));
                        anonymous += usage.proportionalAnonymous() / PageAllocator.PAGE_SIZE;
                        mapped += usage.proportionalFile() / PageAllocator.PAGE_SIZE;
                        shared += usage.proportionalSharedMemory() / PageAllocator.PAGE_SIZE;
                        tables += vm.tableBytes() / PageAllocator.PAGE_SIZE;
                        locked += vm.lockedBytes() / PageAllocator.PAGE_SIZE;
                        committed += vm.totalBytes() / PageAllocator.PAGE_SIZE;
                    });
        }

        long unmappedFile() {
            return Math.max(0, file - mapped);
        }
    }

    private String node(String name) {
        Matcher matcher = NODE.matcher(name);
        if (!matcher.matches()) {
            return null;
        }
        int node = Integer.parseInt(matcher.group(1));
        PageAllocator pages = kernel.pages();
        if (node >= pages.nodeCount() || !matcher.group(2).equals("meminfo")) {
            return null;
        }
        long total = pages.totalPages(node);
        long free = pages.freePages(node);
        StringBuilder text = new StringBuilder();
        nodeAmount(text, node, "MemTotal", total);
        nodeAmount(text, node, "MemFree", free);
        nodeAmount(text, node, "MemUsed", total - free);
        for (String pool : new String[] {"Total", "Free", "Surp"}) {
            text.append(String.format(Locale.ROOT, "Node %d HugePages_%-6s %5d\n", node, pool + ":", 0));
        }
        return text.toString();
    }

    private static void nodeAmount(StringBuilder text, int node, String name, long pages) {
        text.append(String.format(Locale.ROOT, "Node %d %-15s %8d kB\n", node, name + ":", pages * KIB_PER_PAGE));
    }

    // ---- time

    private long sinceBoot(CpuLocal cpu) {
        return Math.max(
                0, kernel.clock().nanosOf(cpu.hw().cycles() - kernel.clock().bootTsc()));
    }

    private long idleNanos(CpuLocal reader, int cpu) {
        long busy = kernel.usage().cpuUserNanos(cpu) + kernel.usage().cpuSystemNanos(cpu);
        return Math.max(0, sinceBoot(reader) - busy);
    }

    private String uptime(CpuLocal cpu) {
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

    private String times(CpuLocal reader) {
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

    private String loadAverage(Thread self) {
        long busy = 0;
        for (int cpu = 0; cpu < kernel.cpus().size(); cpu++) {
            busy += kernel.usage().cpuUserNanos(cpu) + kernel.usage().cpuSystemNanos(cpu);
        }
        Collection<Thread> threads = kernel.table().threads();
        int last = threads.stream().mapToInt(Thread::tid).max().orElse(self.tid());
        return load.text(sinceBoot(self.cpu()), busy) + " " + running() + "/" + threads.size() + " " + last + "\n";
    }
}
