// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.procfs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.mm.ProgramArea;
import mckernelj.lwk.mm.UserAccess;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Thread;

/** Which files the LWK writes (proc(5)), by their names. All others are Linux'. */
final class ProcFiles {
    private static final Pattern OF_PROCESS = Pattern.compile("/proc/([0-9]{1,8})(?:/task/([0-9]{1,8}))?/([a-z_]+)");
    private static final int MAX_STRINGS = 1 << 21;

    private final Kernel kernel;
    private final LinuxView linux;
    private final ProcessorsFile processors;
    private final MemoryFiles memory;
    private final TimeFiles time;
    private final StatusFiles status;

    ProcFiles(Kernel kernel, LinuxView linux) {
        this.kernel = kernel;
        this.linux = linux;
        processors = new ProcessorsFile(kernel);
        memory = new MemoryFiles(kernel);
        time = new TimeFiles(kernel);
        status = new StatusFiles(kernel);
    }

    /** What {@code self} reads there now; null: the file is Linux'. */
    byte[] content(Thread self, String name) {
        Matcher matcher = OF_PROCESS.matcher(name);
        if (!matcher.matches()) {
            return bytes(ofSystem(self, name));
        }
        Process process = kernel.table().process(Integer.parseInt(matcher.group(1)));
        if (process == null) {
            return null;
        }
        Thread thread = matcher.group(2) == null ? null : kernel.table().thread(Integer.parseInt(matcher.group(2)));
        if (matcher.group(2) != null && (thread == null || thread.process() != process)) {
            return null;
        }
        return content(self, process, thread, name, matcher.group(3));
    }

    private String ofSystem(Thread self, String name) {
        return switch (name) {
            case "/proc/cpuinfo" -> processors.processors();
            case "/proc/meminfo" -> memory.memory();
            case "/proc/stat" -> time.times(self.cpu());
            case "/proc/uptime" -> time.uptime(self.cpu());
            case "/proc/loadavg" -> time.loadAverage(self);
            default -> memory.node(name);
        };
    }

    /** {@code thread} null: of the process as a whole. */
    private byte[] content(Thread self, Process process, Thread thread, String name, String file) {
        ProcessVm vm = process.vm();
        return switch (file) {
            case "status" -> bytes(status.status(self, process, thread, linux.text(self, name)));
            case "stat" -> bytes(status.stat(self, process, thread, linux.text(self, name)));
            case "limits" -> bytes(LimitsFile.limits(process.rlimits(), linux.text(self, name)));
            case "wchan" -> bytes("0");
            case "maps", "smaps", "smaps_rollup", "numa_maps", "statm", "cmdline", "environ", "auxv" ->
                vm == null ? new byte[0] : ofMemory(self, process, vm, file);
            default -> null;
        };
    }

    private byte[] ofMemory(Thread self, Process process, ProcessVm vm, String file) {
        ProgramArea area = vm.programArea();
        return switch (file) {
            case "cmdline" -> strings(self, vm, area.argumentsStart(), area.argumentsEnd());
            case "environ" -> strings(self, vm, area.environmentStart(), area.environmentEnd());
            case "auxv" -> words(area.auxiliaryVector());
            case "statm" -> bytes(new MemorySummary(vm, process.executable()).statm());
            case "smaps" -> bytes(MapsFiles.smaps(vm));
            case "smaps_rollup" -> bytes(MapsFiles.rollup(vm));
            case "numa_maps" -> bytes(MapsFiles.numaMaps(vm, kernel.pages()));
            default -> bytes(MapsFiles.maps(vm));
        };
    }

    /** Null: the file is none of these. */
    ProcessMemory memory(Thread self, String name) {
        Matcher matcher = ProcessMemory.isName(name) ? OF_PROCESS.matcher(name) : null;
        if (matcher == null || !matcher.matches()) {
            return null;
        }
        Process process = kernel.table().process(Integer.parseInt(matcher.group(1)));
        return process == null ? null : new ProcessMemory(process.vm(), name);
    }

    private static byte[] strings(Thread self, ProcessVm vm, long start, long end) {
        byte[] bytes = end - start > MAX_STRINGS ? null : new UserAccess(vm, self).read(start, (int) (end - start));
        return bytes == null ? new byte[0] : bytes;
    }

    private static byte[] words(List<Long> words) {
        ByteBuffer buffer = ByteBuffer.allocate(words.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        words.forEach(buffer::putLong);
        return buffer.array();
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
