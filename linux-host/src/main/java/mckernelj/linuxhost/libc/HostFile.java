// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.libc;

import static mckernelj.ihk.SystemCallNumber.FSTAT;
import static mckernelj.ihk.SystemCallNumber.IOCTL;
import static mckernelj.ihk.SystemCallNumber.LSTAT;
import static mckernelj.ihk.SystemCallNumber.OPEN;
import static mckernelj.ihk.SystemCallNumber.READLINK;
import static mckernelj.ihk.SystemCallNumber.STAT;

import java.nio.charset.StandardCharsets;

/** Files of the host by path, for the node itself. Results are the kernel's, errors negative. */
public final class HostFile {
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_NOCTTY = 0x100;
    public static final int O_NONBLOCK = 0x800;
    private static final int STAT_BYTES = 144;
    private static final int PATH_MAX = 4096;
    private static final long FS_IOC_GETVERSION = 0x80087601L;

    /** The fields of struct stat that matter here; times in nanoseconds since 1970. */
    public record Stat(long device, long inode, int mode, long rdev, long size, long modifiedNanos) {
        private static final int S_IFMT = 0xF000;
        private static final int S_IFREG = 0x8000;
        private static final int S_IFCHR = 0x2000;

        public boolean isRegular() {
            return (mode & S_IFMT) == S_IFREG;
        }

        public boolean isCharacterDevice() {
            return (mode & S_IFMT) == S_IFCHR;
        }
    }

    private HostFile() {}

    /** Opens without side effects on terminals and pipes; a descriptor or -errno. */
    public static int open(String path, int flags) {
        try (RawMemory name = string(path)) {
            return (int) LibC.call(OPEN, name.address(), flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0);
        }
    }

    /** Null on error. */
    public static Stat fstat(int fd) {
        try (RawMemory stat = RawMemory.allocate(STAT_BYTES)) {
            return LibC.call(FSTAT, fd, stat.address()) < 0 ? null : of(stat);
        }
    }

    /** What tells a file from an earlier one that had its inode number (ioctl FS_IOC_GETVERSION); 0 if the file system does not say. */
    public static int generation(int fd) {
        try (RawMemory generation = RawMemory.allocate(Long.BYTES)) {
            return LibC.call(IOCTL, fd, FS_IOC_GETVERSION, generation.address()) < 0 ? 0 : generation.getInt(0);
        }
    }

    /** Of what the path leads to; null on error. */
    public static Stat stat(String path) {
        try (RawMemory name = string(path);
                RawMemory stat = RawMemory.allocate(STAT_BYTES)) {
            return LibC.call(STAT, name.address(), stat.address()) < 0 ? null : of(stat);
        }
    }

    /** Null on error. */
    public static Stat lstat(String path) {
        try (RawMemory name = string(path);
                RawMemory stat = RawMemory.allocate(STAT_BYTES)) {
            return LibC.call(LSTAT, name.address(), stat.address()) < 0 ? null : of(stat);
        }
    }

    /** Target of a symbolic link as a byte string, or null. */
    public static String readlink(String path) {
        try (RawMemory name = string(path);
                RawMemory target = RawMemory.allocate(PATH_MAX)) {
            long length = LibC.call(READLINK, name.address(), target.address(), PATH_MAX);
            return length < 0 ? null : new String(target.getBytes(0, (int) length), StandardCharsets.ISO_8859_1);
        }
    }

    private static Stat of(RawMemory stat) {
        return new Stat(
                stat.getLong(0),
                stat.getLong(8),
                stat.getInt(24),
                stat.getLong(40),
                stat.getLong(48),
                stat.getLong(88) * 1_000_000_000L + stat.getLong(96));
    }

    private static RawMemory string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        RawMemory memory = RawMemory.allocate(bytes.length + 1L);
        memory.putBytes(0, bytes);
        return memory;
    }
}
