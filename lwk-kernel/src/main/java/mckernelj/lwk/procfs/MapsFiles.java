// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.procfs;

import java.util.List;
import java.util.Locale;
import mckernelj.lwk.mm.NumaPolicy;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.mm.RangeUsage;
import mckernelj.lwk.mm.VmRange;
import mckernelj.lwk.phys.PageAllocator;

/** The files of /proc/PID that go through its address space: maps, smaps, smaps_rollup, numa_maps. */
final class MapsFiles {
    private static final int NAME_COLUMN = 72;
    private static final long KIB = 1024;

    private MapsFiles() {}

    private static List<VmRange> ranges(ProcessVm vm) {
        return vm.snapshot().stream()
                .filter(range -> !range.has(VmRange.RESERVED))
                .toList();
    }

    static String maps(ProcessVm vm) {
        StringBuilder text = new StringBuilder();
        ranges(vm).forEach(range -> text.append(line(range)));
        return text.toString();
    }

    static String smaps(ProcessVm vm) {
        StringBuilder text = new StringBuilder();
        for (VmRange range : ranges(vm)) {
            RangeUsage usage = new RangeUsage();
            usage.add(vm, range);
            text.append(line(range));
            field(text, "Size", range.length());
            field(text, "KernelPageSize", 4 * KIB);
            field(text, "MMUPageSize", 4 * KIB);
            field(text, "Rss", usage.resident());
            field(text, "Pss", usage.proportional());
            field(text, "Pss_Dirty", usage.proportionalDirty());
            amounts(text, usage, range.has(VmRange.LOCKED) ? usage.proportional() : 0);
            text.append("THPeligible:           0\n")
                    .append("VmFlags: ")
                    .append(flags(range))
                    .append('\n');
        }
        return text.toString();
    }

    static String rollup(ProcessVm vm) {
        RangeUsage usage = new RangeUsage();
        List<VmRange> ranges = ranges(vm);
        long locked = 0;
        for (VmRange range : ranges) {
            long before = usage.proportional();
            usage.add(vm, range);
            locked += range.has(VmRange.LOCKED) ? usage.proportional() - before : 0;
        }
        if (ranges.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        long end = ranges.get(ranges.size() - 1).end();
        text.append(named(
                String.format(
                        Locale.ROOT,
                        "%08x-%08x ---p 00000000 00:00 0 ",
                        ranges.get(0).start(),
                        end),
                "[rollup]"));
        field(text, "Rss", usage.resident());
        field(text, "Pss", usage.proportional());
        field(text, "Pss_Dirty", usage.proportionalDirty());
        field(text, "Pss_Anon", usage.proportionalAnonymous());
        field(text, "Pss_File", usage.proportionalFile());
        field(text, "Pss_Shmem", usage.proportionalSharedMemory());
        amounts(text, usage, locked);
        return text.toString();
    }

    private static void amounts(StringBuilder text, RangeUsage usage, long locked) {
        field(text, "Shared_Clean", usage.sharedClean);
        field(text, "Shared_Dirty", usage.sharedDirty);
        field(text, "Private_Clean", usage.privateClean);
        field(text, "Private_Dirty", usage.privateDirty);
        field(text, "Referenced", usage.referenced);
        field(text, "Anonymous", usage.anonymous);
        field(text, "KSM", 0);
        field(text, "LazyFree", 0);
        field(text, "AnonHugePages", usage.largePages);
        for (String none :
                List.of("ShmemPmdMapped", "FilePmdMapped", "Shared_Hugetlb", "Private_Hugetlb", "Swap", "SwapPss")) {
            field(text, none, 0);
        }
        field(text, "Locked", locked);
    }

    private static void field(StringBuilder text, String name, long bytes) {
        text.append(String.format(Locale.ROOT, "%-16s%8d kB\n", name + ":", bytes / KIB));
    }

    private static String flags(VmRange range) {
        StringBuilder flags = new StringBuilder();
        flag(flags, "rd", (range.prot() & VmRange.PROT_READ) != 0);
        flag(flags, "wr", (range.prot() & VmRange.PROT_WRITE) != 0);
        flag(flags, "ex", (range.prot() & VmRange.PROT_EXEC) != 0);
        flag(flags, "sh", range.isShared());
        flag(flags, "mr", (range.maxProt() & VmRange.PROT_READ) != 0);
        flag(flags, "mw", (range.maxProt() & VmRange.PROT_WRITE) != 0);
        flag(flags, "me", (range.maxProt() & VmRange.PROT_EXEC) != 0);
        flag(flags, "ms", range.isShared());
        flag(flags, "gd", range.has(VmRange.GROWS_DOWN));
        flag(flags, "lo", range.has(VmRange.LOCKED));
        flag(flags, "dc", range.has(VmRange.DONT_FORK));
        flag(flags, "ac", range.object() == null);
        flag(flags, "wf", range.has(VmRange.WIPE_ON_FORK));
        flag(flags, "dd", range.has(VmRange.DONT_DUMP));
        flag(flags, "nh", range.has(VmRange.NO_HUGE_PAGES));
        return flags.toString();
    }

    private static void flag(StringBuilder flags, String name, boolean set) {
        if (set) {
            flags.append(name).append(' ');
        }
    }

    static String numaMaps(ProcessVm vm, PageAllocator pages) {
        StringBuilder text = new StringBuilder();
        for (VmRange range : ranges(vm)) {
            RangeUsage usage = new RangeUsage();
            usage.add(vm, range);
            text.append(String.format(Locale.ROOT, "%08x %s", range.start(), policy(range.policy())));
            String name = name(range);
            if (range.object() != null && !name.startsWith("[")) {
                text.append(" file=").append(name);
            } else if (!name.isEmpty()) {
                text.append(' ').append(name, 1, name.length() - 1);
            }
            pages(text, "anon", usage.anonymous);
            pages(text, "dirty", usage.sharedDirty + usage.privateDirty);
            pages(text, "mapped", usage.file + usage.sharedMemory);
            long[] onNode = vm.pagesOnNodes(range, pages);
            for (int node = 0; node < onNode.length; node++) {
                if (onNode[node] != 0) {
                    text.append(" N").append(node).append('=').append(onNode[node]);
                }
            }
            text.append(usage.resident() == 0 ? "\n" : " kernelpagesize_kB=4\n");
        }
        return text.toString();
    }

    private static void pages(StringBuilder text, String name, long bytes) {
        if (bytes != 0) {
            text.append(' ').append(name).append('=').append(bytes / PageAllocator.PAGE_SIZE);
        }
    }

    private static String policy(NumaPolicy policy) {
        int mode = policy == null ? NumaPolicy.MPOL_DEFAULT : policy.mode();
        String name =
                switch (mode) {
                    case NumaPolicy.MPOL_PREFERRED -> "prefer";
                    case NumaPolicy.MPOL_BIND -> "bind";
                    case NumaPolicy.MPOL_INTERLEAVE -> "interleave";
                    case NumaPolicy.MPOL_LOCAL -> "local";
                    case NumaPolicy.MPOL_PREFERRED_MANY -> "prefer (many)";
                    default -> "default";
                };
        boolean nodes = mode != NumaPolicy.MPOL_DEFAULT && mode != NumaPolicy.MPOL_LOCAL;
        return nodes ? name + ":" + BitLists.list(policy.nodes()) : name;
    }

    private static String line(VmRange range) {
        long device = range.object() == null ? 0 : range.object().device();
        String head = String.format(
                Locale.ROOT,
                "%08x-%08x %s %08x %02x:%02x %d ",
                range.start(),
                range.end(),
                access(range),
                range.object() == null ? 0 : range.offset(),
                device >>> 8 & 0xFFF,
                device & 0xFF | device >>> 12 & 0xFFF00,
                range.object() == null ? 0 : range.object().inode());
        return named(head, name(range));
    }

    private static String named(String head, String name) {
        return name.isEmpty()
                ? head + "\n"
                : head + " ".repeat(Math.max(0, NAME_COLUMN - head.length()) + 1) + name + "\n";
    }

    private static String access(VmRange range) {
        int prot = range.prot();
        boolean shared = range.isShared() && !range.has(VmRange.SPECIAL);
        return ((prot & VmRange.PROT_READ) != 0 ? "r" : "-")
                + ((prot & VmRange.PROT_WRITE) != 0 ? "w" : "-")
                + ((prot & VmRange.PROT_EXEC) != 0 ? "x" : "-")
                + (shared ? "s" : "p");
    }

    private static String name(VmRange range) {
        if (range.object() != null) {
            return range.object().name();
        }
        return range.has(VmRange.HEAP) ? "[heap]" : range.has(VmRange.GROWS_DOWN) ? "[stack]" : "";
    }
}
