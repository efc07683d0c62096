// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.kmsg;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import mckernelj.ihk.layout.KmsgBuffer;
import mckernelj.lwk.cpu.CpuLocal;

/** Kernel messages into the ring that Linux reads. One call is one line; the newline is added. */
public final class KernelLog {
    /** Longer lines are cut off (size of McKernel's format buffer). */
    private static final int MAX_LINE = 1023;

    private final KmsgBuffer buffer;

    public KernelLog(KmsgBuffer buffer) {
        this.buffer = buffer;
    }

    /** A line with the processor's number in front; null: no processor is known yet (-1). */
    public void kprintf(CpuLocal cpu, String format, Object... arguments) {
        int id = cpu == null ? -1 : cpu.id();
        append(String.format(Locale.ROOT, "[%3d]: ", id) + String.format(Locale.ROOT, format, arguments));
    }

    /** A line as it is. */
    public void kputs(String line) {
        append(line);
    }

    private void append(String line) {
        String cut = line.length() > MAX_LINE - 1 ? line.substring(0, MAX_LINE - 1) : line;
        buffer.append((cut + "\n").getBytes(StandardCharsets.ISO_8859_1));
    }
}
