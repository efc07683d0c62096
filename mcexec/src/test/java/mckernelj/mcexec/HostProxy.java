// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.mcexec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.launch.ProxyArena;
import mckernelj.ihk.launch.ProxyProcess;
import mckernelj.ihk.launch.StartState;

/** A proxy process that is no process: start state from the test, stat and access answered by the JVM's view of the files. */
final class HostProxy implements ProxyProcess {
    final StringBuilder printed = new StringBuilder();
    private final ByteBuffer memory = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private final StartState start;
    private int used;

    HostProxy(List<String> environment, String... arguments) {
        start = new StartState(
                "mcexec",
                List.of(arguments),
                environment,
                Map.of(),
                "/",
                022,
                Collections.nCopies(16, new StartState.ResourceLimit(8 << 20, -1)),
                new StartState.Identity(100, 99, 100, 98, 1, 1, 2, 2),
                List.of(),
                0,
                0,
                false);
    }

    @Override
    public int pid() {
        return 100;
    }

    @Override
    public StartState start() {
        return start;
    }

    @Override
    public long syscall(int number, long... arguments) {
        Path path = Path.of(string((int) arguments[0]));
        if (!Files.exists(path)) {
            return -Errno.ENOENT;
        }
        if (number == SystemCallNumber.STAT) {
            memory.putInt((int) arguments[1] + 24, Files.isRegularFile(path) ? 0x81ED : 0x41ED);
            return 0;
        }
        return Files.isExecutable(path) ? 0 : -Errno.EACCES;
    }

    private String string(int at) {
        int end = at;
        while (memory.get(end) != 0) {
            end++;
        }
        return new String(memory.array(), at, end - at, StandardCharsets.ISO_8859_1);
    }

    @Override
    public ProxyArena arena(long lengthBytes) {
        return new ProxyArena() {
            @Override
            public long allocate(long length) {
                int at = used;
                used += (int) (length + 15 & -16);
                Arrays.fill(memory.array(), at, used, (byte) 0);
                return at;
            }

            @Override
            public void write(long address, byte[] bytes) {
                memory.put((int) address, bytes);
            }

            @Override
            public byte[] read(long address, int length) {
                return Arrays.copyOfRange(memory.array(), (int) address, (int) address + length);
            }

            @Override
            public int readInt(long address) {
                return memory.getInt((int) address);
            }

            @Override
            public long readLong(long address) {
                return memory.getLong((int) address);
            }

            @Override
            public void writeInt(long address, int value) {
                memory.putInt((int) address, value);
            }

            @Override
            public void writeLong(long address, long value) {
                memory.putLong((int) address, value);
            }

            @Override
            public String readString(long address) {
                return string((int) address);
            }

            @Override
            public void close() {
                used = 0;
            }
        };
    }

    @Override
    public void print(int fd, String text) {
        printed.append(text);
    }

    @Override
    public void exit(int status) {
        throw new AssertionError("mcexec returns its status");
    }

    @Override
    public void killSelf(int signal) {
        throw new AssertionError();
    }

    @Override
    public boolean alive() {
        return true;
    }
}
