// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.benchmarks;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** An archive in cpio's "newc" format (Linux, Documentation/driver-api/early-userspace/buffer-format.rst), as the kernel wants an initial file system. */
final class CpioArchive {
    private static final int DIRECTORY = 0040755;
    private static final int PROGRAM = 0100755;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int inode;

    void addDirectory(String name) {
        add(name, DIRECTORY, new byte[0]);
    }

    void addProgram(String name, byte[] contents) {
        add(name, PROGRAM, contents);
    }

    byte[] finish() {
        add("TRAILER!!!", 0, new byte[0]);
        return bytes.toByteArray();
    }

    private void add(String name, int mode, byte[] contents) {
        inode++;
        byte[] zeroTerminated = (name + "\0").getBytes(StandardCharsets.US_ASCII);
        int[] header = {inode, mode, 0, 0, 1, 0, contents.length, 0, 0, 0, 0, zeroTerminated.length, 0};
        StringBuilder text = new StringBuilder("070701");
        for (int field : header) {
            text.append(String.format(Locale.ROOT, "%08X", field));
        }
        bytes.writeBytes(text.toString().getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(zeroTerminated);
        pad();
        bytes.writeBytes(contents);
        pad();
    }

    private void pad() {
        while (bytes.size() % 4 != 0) {
            bytes.write(0);
        }
    }
}
