// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.procfs;

import java.util.Locale;
import mckernelj.lwk.mm.PageTables;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.mm.RangeUsage;
import mckernelj.lwk.mm.VmRange;

/** An address space in numbers: the Vm lines of /proc/PID/status, and statm. */
final class MemorySummary {
    private static final long KIB = 1024;

    private final ProcessVm vm;
    private final RangeUsage usage = new RangeUsage();
    private long stack;
    private long data;
    private long programText;
    private long otherText;

    /** {@code program}: the file whose code is the program's own. */
    MemorySummary(ProcessVm vm, String program) {
        this.vm = vm;
        for (VmRange range : vm.snapshot()) {
            usage.add(vm, range);
            classify(range, program);
        }
    }

    private void classify(VmRange range, String program) {
        boolean writable = (range.prot() & VmRange.PROT_WRITE) != 0;
        if (range.has(VmRange.GROWS_DOWN)) {
            stack += range.length();
        } else if (writable && !range.isShared()) {
            data += range.length();
        } else if (!writable && (range.prot() & VmRange.PROT_EXEC) != 0 && !range.has(VmRange.SPECIAL)) {
            boolean ofProgram = range.object() != null && range.object().name().equals(program);
            programText += ofProgram ? range.length() : 0;
            otherText += ofProgram ? 0 : range.length();
        }
    }

    long residentPages() {
        return usage.resident() / PageTables.PAGE;
    }

    String statm() {
        long shared = usage.file + usage.sharedMemory;
        return pages(vm.totalBytes())
                + " " + pages(usage.resident())
                + " " + pages(shared)
                + " " + pages(programText)
                + " 0 " + pages(data + stack)
                + " 0\n";
    }

    private static long pages(long bytes) {
        return bytes / PageTables.PAGE;
    }

    /** Name and value of each Vm line, and of those between them. */
    String line(String name) {
        return switch (name) {
            case "VmPeak" -> kib(Math.max(vm.peakBytes(), vm.totalBytes()));
            case "VmSize" -> kib(vm.totalBytes());
            case "VmLck" -> kib(vm.lockedBytes());
            case "VmHWM" -> kib(Math.max(vm.peakResidentPages() * PageTables.PAGE, usage.resident()));
            case "VmRSS" -> kib(usage.resident());
            case "RssAnon" -> kib(usage.anonymous);
            case "RssFile" -> kib(usage.file);
            case "RssShmem" -> kib(usage.sharedMemory);
            case "VmData" -> kib(data);
            case "VmStk" -> kib(stack);
            case "VmExe" -> kib(programText);
            case "VmLib" -> kib(otherText);
            case "VmPTE" -> kib(vm.tableBytes());
            case "VmPin", "VmSwap", "HugetlbPages" -> kib(0);
            default -> null;
        };
    }

    private static String kib(long bytes) {
        return String.format(Locale.ROOT, "%8d kB", bytes / KIB);
    }
}
