// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mckernelj.lwk.mm.PageTables;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.mm.ProgramArea;
import mckernelj.lwk.mm.UserAccess;
import mckernelj.lwk.mm.VmRange;

/**
 * Contents of the files of /proc that only the LWK knows (proc(5)): maps, cmdline, environ, auxv and statm of its processes. The others of
 * /proc are Linux'.
 */
public final class ProcFiles {
    public static final String PREFIX = "/proc/";

    /** Longest path that can mean one of them. */
    public static final int MAX_PATH = 64;

    private static final Pattern PATH = Pattern.compile(
            "/proc/(self|thread-self|[0-9]{1,8})(?:/task/[0-9]{1,8})?/(maps|cmdline|environ|auxv|statm)");
    private static final int NAME_COLUMN = 72;
    private static final int MAX_STRINGS = 1 << 21;

    private final Kernel kernel;

    ProcFiles(Kernel kernel) {
        this.kernel = kernel;
    }

    /** What {@code self} reads there; null: the file is Linux', or may not be read. */
    public byte[] content(Thread self, String path) {
        Matcher matcher = PATH.matcher(path);
        if (!matcher.matches()) {
            return null;
        }
        String owner = matcher.group(1);
        Process process =
                owner.endsWith("self") ? self.process() : kernel.table().process(Integer.parseInt(owner));
        ProcessVm vm = process == null ? null : process.vm();
        if (vm == null
                || process.uid() != self.process().uid() && self.process().uid() != 0) {
            return null;
        }
        ProgramArea area = vm.programArea();
        return switch (matcher.group(2)) {
            case "maps" -> maps(vm);
            case "cmdline" -> strings(self, vm, area.argumentsStart(), area.argumentsEnd());
            case "environ" -> strings(self, vm, area.environmentStart(), area.environmentEnd());
            case "auxv" -> words(area.auxiliaryVector());
            default -> statm(vm);
        };
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

    private static byte[] statm(ProcessVm vm) {
        long size = vm.totalBytes() / PageTables.PAGE;
        long resident = vm.residentPages();
        return ascii(size + " " + resident + " 0 0 0 " + resident + " 0\n");
    }

    private static byte[] maps(ProcessVm vm) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (VmRange range : vm.snapshot()) {
            if (!range.has(VmRange.RESERVED)) {
                byte[] line = line(range).getBytes(StandardCharsets.ISO_8859_1);
                text.write(line, 0, line.length);
            }
        }
        return text.toByteArray();
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
        String name = name(range);
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

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
