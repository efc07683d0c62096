// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.ptrace;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import mckernelj.lwk.mm.PageTables;
import mckernelj.lwk.mm.VmRange;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.signal.SigInfo;

/** The notes of a core file (Linux: fs/binfmt_elf.c, uapi/linux/elfcore.h). */
final class CoreNotes {
    private static final int NT_PRSTATUS = 1;
    private static final int NT_FPREGSET = 2;
    private static final int NT_PRPSINFO = 3;
    private static final int NT_AUXV = 6;
    private static final int NT_X86_XSTATE = 0x202;
    private static final int NT_SIGINFO = 0x53494749;
    private static final int NT_FILE = 0x46494C45;
    private static final int PRSTATUS_SIZE = 336;
    private static final int PRPSINFO_SIZE = 136;
    private static final int ARGUMENTS = 56;
    private static final int ARGUMENTS_LENGTH = 79;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Process process;
    private final SigInfo info;

    CoreNotes(Process process, SigInfo info) {
        this.process = process;
        this.info = info;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void note(String owner, int type, byte[] content) {
        byte[] name = (owner + "\0").getBytes(StandardCharsets.ISO_8859_1);
        bytes.writeBytes(buffer(12)
                .putInt(name.length)
                .putInt(content.length)
                .putInt(type)
                .array());
        padded(name);
        padded(content);
    }

    private void padded(byte[] content) {
        bytes.writeBytes(content);
        bytes.writeBytes(new byte[-content.length & 3]);
    }

    void status(Tracee thread, TraceStop stop) {
        ByteBuffer status = buffer(PRSTATUS_SIZE);
        status.putInt(0, info.signal()).putShort(12, (short) info.signal());
        status.putLong(24, thread.thread.signals().blocked());
        Process parent = process.parent();
        status.putInt(32, thread.thread.tid()).putInt(36, parent == null ? 1 : parent.pid());
        status.position(112);
        status.put(new UserArea(thread, stop).registers()).putInt(1);
        note("CORE", NT_PRSTATUS, status.array());
    }

    void floatingPoint(Tracee thread, TraceStop stop) {
        UserArea area = new UserArea(thread, stop);
        note("CORE", NT_FPREGSET, area.fxsave());
        note("LINUX", NT_X86_XSTATE, area.xstate());
    }

    /** {@code arguments}: the strings of the command line, each with its NUL. */
    void program(byte[] arguments, List<VmRange> ranges) {
        ByteBuffer text = buffer(PRPSINFO_SIZE);
        text.put(1, (byte) 'R');
        Process parent = process.parent();
        text.putInt(16, process.uid()).putInt(20, process.gid()).putInt(24, process.pid());
        text.putInt(28, parent == null ? 1 : parent.pid());
        byte[] name = process.command().getBytes(StandardCharsets.ISO_8859_1);
        text.put(40, name, 0, Math.min(name.length, 15));
        for (int i = 0; i < Math.min(arguments.length, ARGUMENTS_LENGTH); i++) {
            text.put(ARGUMENTS + i, arguments[i] == 0 ? (byte) ' ' : arguments[i]);
        }
        note("CORE", NT_PRPSINFO, text.array());
        note("CORE", NT_SIGINFO, info.bytes());
        List<Long> vector = process.vm().programArea().auxiliaryVector();
        ByteBuffer words = buffer(vector.size() * Long.BYTES);
        vector.forEach(words::putLong);
        note("CORE", NT_AUXV, words.array());
        files(ranges);
    }

    private void files(List<VmRange> ranges) {
        List<VmRange> mapped = ranges.stream()
                .filter(range -> range.object() != null && range.object().name().startsWith("/"))
                .toList();
        ByteBuffer table = buffer(16 + 24 * mapped.size());
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        table.putLong(mapped.size()).putLong(PageTables.PAGE);
        for (VmRange range : mapped) {
            table.putLong(range.start()).putLong(range.end()).putLong(range.offset() / PageTables.PAGE);
            names.writeBytes((range.object().name() + "\0").getBytes(StandardCharsets.ISO_8859_1));
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(table.array());
        all.writeBytes(names.toByteArray());
        note("CORE", NT_FILE, all.toByteArray());
    }
}
