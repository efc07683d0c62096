// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.procfs;

import java.util.Arrays;
import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Thread;

/**
 * read(2), write(2) and their relatives on overlaid descriptors. As for Linux' own files of /proc, a read at position 0 makes the content, the
 * following ones go on in it.
 */
public final class FileReads {
    /** The descriptor is of a file of Linux, which is to execute the call. */
    public static final long NOT_OURS = Long.MIN_VALUE;

    /** Position argument of a call that uses the descriptor's own. */
    public static final long CURRENT = -1;

    private static final int LARGEST_TRANSFER = 1 << 24;

    private final LinuxView linux;
    private final ProcFiles files;

    public FileReads(Kernel kernel) {
        linux = new LinuxView(kernel);
        files = new ProcFiles(kernel, linux);
    }

    /**
     * Reads into {@code vectors} (address, length, ...) from {@code offset}, or {@link #CURRENT}. Returns the bytes read, a negative errno, or
     * {@link #NOT_OURS}.
     */
    public long read(Thread self, int fd, long[] vectors, long offset) {
        LinuxView.OpenFile file = file(self, fd);
        if (file == null || !file.readable()) {
            return NOT_OURS;
        }
        String name = file.name();
        long position = offset == CURRENT ? linux.position(self, fd) : offset;
        if (position < 0) {
            // Addresses of the kernel half, in files of memory.
            return ProcessMemory.isName(name) ? -Errno.EIO : position;
        }
        long wanted = total(vectors);
        if (wanted < 0) {
            return wanted;
        }
        Piece piece = piece(self, fd, name, position, (int) wanted);
        if (piece == null) {
            return forget(self, fd);
        }
        long done = piece.error() != 0 ? piece.error() : scatter(self, piece.bytes(), vectors);
        if (done > 0 && offset == CURRENT) {
            linux.move(self, fd, done);
        }
        return done;
    }

    /** Null: not ours. */
    private Piece piece(Thread self, int fd, String name, long position, int wanted) {
        ProcessMemory memory = files.memory(self, name);
        if (memory != null) {
            return memory.read(self, position, wanted);
        }
        byte[] content = content(self, fd, name, position);
        if (content == null) {
            return null;
        }
        if (position >= content.length) {
            return Piece.END;
        }
        int end = (int) Math.min(content.length, position + wanted);
        return Piece.of(Arrays.copyOfRange(content, (int) position, end));
    }

    private byte[] content(Thread self, int fd, String name, long position) {
        OverlaidFiles.Snapshot snapshot = self.process().overlaidFiles().snapshot(fd);
        byte[] content = snapshot == null || position == 0 ? null : snapshot.content();
        if (content == null) {
            content = files.content(self, name);
        }
        if (snapshot != null) {
            snapshot.set(content != null && position >= content.length ? null : content);
        }
        return content;
    }

    /** As {@link #read}, but writes. */
    public long write(Thread self, int fd, long[] vectors, long offset) {
        LinuxView.OpenFile file = file(self, fd);
        ProcessMemory memory = file == null || !file.writable() ? null : files.memory(self, file.name());
        if (memory == null) {
            return NOT_OURS;
        }
        long position = offset == CURRENT ? linux.position(self, fd) : offset;
        long wanted = total(vectors);
        if (position < 0 || wanted < 0) {
            return position < 0 ? -Errno.EIO : wanted;
        }
        byte[] bytes = gather(self, vectors, (int) wanted);
        long done = bytes == null ? -Errno.EFAULT : memory.write(self, position, bytes);
        if (done > 0 && offset == CURRENT) {
            linux.move(self, fd, done);
        }
        return done;
    }

    /** True if the descriptor is of a file that has another content than Linux would say. */
    public boolean isOurs(Thread self, int fd) {
        LinuxView.OpenFile file = file(self, fd);
        return file != null && (files.memory(self, file.name()) != null || files.content(self, file.name()) != null);
    }

    private LinuxView.OpenFile file(Thread self, int fd) {
        LinuxView.OpenFile file = linux.file(self, fd);
        if (file == null) {
            self.process().overlaidFiles().remove(fd);
        }
        return file;
    }

    private static long forget(Thread self, int fd) {
        Process process = self.process();
        process.overlaidFiles().remove(fd);
        return NOT_OURS;
    }

    private static long total(long[] vectors) {
        long total = 0;
        for (int i = 1; i < vectors.length; i += 2) {
            if (vectors[i] < 0) {
                return -Errno.EINVAL;
            }
            total = Math.min(LARGEST_TRANSFER, total + vectors[i]);
        }
        return total;
    }

    private static long scatter(Thread self, byte[] bytes, long[] vectors) {
        int done = 0;
        for (int i = 0; i < vectors.length && done < bytes.length; i += 2) {
            int length = (int) Math.min(vectors[i + 1], bytes.length - done);
            if (!self.user().write(vectors[i], Arrays.copyOfRange(bytes, done, done + length))) {
                return done > 0 ? done : -Errno.EFAULT;
            }
            done += length;
        }
        return done;
    }

    private static byte[] gather(Thread self, long[] vectors, int wanted) {
        byte[] all = new byte[wanted];
        int done = 0;
        for (int i = 0; i < vectors.length && done < wanted; i += 2) {
            byte[] piece = self.user().read(vectors[i], (int) Math.min(vectors[i + 1], wanted - done));
            if (piece == null) {
                return null;
            }
            System.arraycopy(piece, 0, all, done, piece.length);
            done += piece.length;
        }
        return all;
    }
}
