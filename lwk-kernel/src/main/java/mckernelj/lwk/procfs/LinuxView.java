// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.procfs;

import java.nio.charset.StandardCharsets;
import java.util.function.LongFunction;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.lwk.mm.PageTables;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** What Linux knows of an overlaid file: its name, the position of a descriptor, and what it would say itself. */
final class LinuxView {
    private static final int SEEK_CUR = 1;

    /** Largest file of which Linux' own text is asked for. */
    private static final int TEXT_PAGES = 16;

    private final Kernel kernel;

    LinuxView(Kernel kernel) {
        this.kernel = kernel;
    }

    /** An open file of /proc or /sys. */
    record OpenFile(String name, boolean readable, boolean writable) {}

    /** Null: the descriptor is of no such file. */
    OpenFile file(Thread self, int fd) {
        return withBuffer(1, buffer -> {
            long result =
                    self.delegate(InKernelRequest.OVERLAY, InKernelRequest.OVERLAY_NAME, fd, buffer, PageTables.PAGE);
            return result < 0
                    ? null
                    : new OpenFile(
                            text(buffer, (int) result & InKernelRequest.OVERLAY_READABLE - 1),
                            (result & InKernelRequest.OVERLAY_READABLE) != 0,
                            (result & InKernelRequest.OVERLAY_WRITABLE) != 0);
        });
    }

    /** Null: Linux has none. */
    String text(Thread self, String name) {
        byte[] path = name.getBytes(StandardCharsets.ISO_8859_1);
        return withBuffer(TEXT_PAGES, buffer -> {
            kernel.memory().write(buffer, path, 0, path.length);
            long length = self.delegate(
                    InKernelRequest.OVERLAY,
                    InKernelRequest.OVERLAY_TEXT,
                    buffer,
                    path.length,
                    buffer,
                    TEXT_PAGES * PageTables.PAGE);
            return length < 0 ? null : text(buffer, (int) length);
        });
    }

    private <T> T withBuffer(int pages, LongFunction<T> use) {
        long buffer = kernel.frames().allocate(pages);
        if (buffer < 0) {
            return null;
        }
        try {
            return use.apply(buffer);
        } finally {
            kernel.frames().release(buffer, pages);
        }
    }

    private String text(long physical, int length) {
        byte[] bytes = new byte[length];
        kernel.memory().read(physical, bytes, 0, length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Position of a descriptor, or a negative errno. */
    long position(Thread self, int fd) {
        return move(self, fd, 0);
    }

    /** Moves the position; returns the new one or a negative errno. */
    long move(Thread self, int fd, long bytes) {
        return self.delegateUndisturbed(SystemCallNumber.LSEEK, fd, bytes, SEEK_CUR);
    }
}
