// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.procfs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.mm.RangeUsage;
import mckernelj.lwk.phys.PageAllocator;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Process;

/** /proc/meminfo, and meminfo of NUMA nodes: the memory of the partition. There is no swap, and no pool of huge pages. */
final class MemoryFiles {
    private static final Pattern NODE = Pattern.compile("/sys/devices/system/node/node([0-9]{1,3})/meminfo");
    private static final long KIB_PER_PAGE = PageAllocator.PAGE_SIZE / 1024;
    private static final long LARGE_PAGE = 512;

    private final Kernel kernel;

    MemoryFiles(Kernel kernel) {
        this.kernel = kernel;
    }

    String memory() {
        PageAllocator allocator = kernel.pages();
        long total = 0;
        long free = 0;
        for (int node = 0; node < allocator.nodeCount(); node++) {
            total += allocator.totalPages(node);
            free += allocator.freePages(node);
        }
        Use use = new Use();
        StringBuilder text = new StringBuilder();
        lines(use, total, free).forEach((name, pages) -> text.append(amount(name, pages)));
        for (String pool : List.of("Total", "Free", "Rsvd", "Surp")) {
            text.append(String.format(Locale.ROOT, "HugePages_%-6s %7d\n", pool + ":", 0));
        }
        return text.append(amount("Hugepagesize", LARGE_PAGE))
                .append(amount("Hugetlb", 0))
                .toString();
    }

    /** Names and pages, in Linux' order. */
    private static Map<String, Long> lines(Use use, long total, long free) {
        Map<String, Long> lines = new LinkedHashMap<>();
        lines.put("MemTotal", total);
        lines.put("MemFree", free);
        lines.put("MemAvailable", free + Math.max(0, use.file - use.mapped));
        lines.put("Buffers", 0L);
        lines.put("Cached", use.file + use.shared);
        lines.put("SwapCached", 0L);
        lines.put("Active", use.anonymous);
        lines.put("Inactive", use.file);
        lines.put("Active(anon)", use.anonymous);
        lines.put("Inactive(anon)", 0L);
        lines.put("Active(file)", 0L);
        lines.put("Inactive(file)", use.file);
        lines.put("Unevictable", 0L);
        lines.put("Mlocked", use.locked);
        lines.put("SwapTotal", 0L);
        lines.put("SwapFree", 0L);
        lines.put("Dirty", 0L);
        lines.put("Writeback", 0L);
        lines.put("AnonPages", use.anonymous);
        lines.put("Mapped", use.mapped);
        lines.put("Shmem", use.shared);
        lines.put("PageTables", use.tables);
        lines.put("CommitLimit", total);
        lines.put("Committed_AS", use.committed);
        lines.put("VmallocTotal", 0L);
        lines.put("VmallocUsed", 0L);
        lines.put("VmallocChunk", 0L);
        lines.put("AnonHugePages", use.large);
        return lines;
    }

    private static String amount(String name, long pages) {
        return String.format(Locale.ROOT, "%-16s%8d kB\n", name + ":", pages * KIB_PER_PAGE);
    }

    /** Pages of all processes. */
    private final class Use {
        final long file = kernel.files().residentPages();
        long anonymous;
        long mapped;
        long shared;
        long tables;
        long locked;
        long committed;
        long large;

        Use() {
            kernel.table().processes().stream()
                    .map(Process::vm)
                    .filter(vm -> vm != null)
                    .distinct()
                    .forEach(this::add);
        }

        private void add(ProcessVm vm) {
            RangeUsage usage = new RangeUsage();
            vm.snapshot().forEach(range -> usage.add(vm, range));
            anonymous += pages(usage.proportionalAnonymous());
            mapped += pages(usage.proportionalFile());
            shared += pages(usage.proportionalSharedMemory());
            large += pages(usage.largePages);
            tables += pages(vm.tableBytes());
            locked += pages(vm.lockedBytes());
            committed += pages(vm.totalBytes());
        }

        private static long pages(long bytes) {
            return bytes / PageAllocator.PAGE_SIZE;
        }
    }

    /** Null: the name is of another file. */
    String node(String name) {
        Matcher matcher = NODE.matcher(name);
        int node = matcher.matches() ? Integer.parseInt(matcher.group(1)) : Integer.MAX_VALUE;
        if (node >= kernel.pages().nodeCount()) {
            return null;
        }
        long total = kernel.pages().totalPages(node);
        long free = kernel.pages().freePages(node);
        StringBuilder text = new StringBuilder();
        Map<String, Long> amounts = new LinkedHashMap<>();
        amounts.put("MemTotal", total);
        amounts.put("MemFree", free);
        amounts.put("MemUsed", total - free);
        amounts.forEach((field, pages) -> text.append(
                String.format(Locale.ROOT, "Node %d %-15s %8d kB\n", node, field + ":", pages * KIB_PER_PAGE)));
        for (String pool : List.of("Total", "Free", "Surp")) {
            text.append(String.format(Locale.ROOT, "Node %d HugePages_%-6s %5d\n", node, pool + ":", 0));
        }
        return text.toString();
    }
}
