// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import java.util.HashMap;
import java.util.Map;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.Errno;
import mckernelj.ihk.layout.PagerObject;
import mckernelj.linuxhost.libc.Descriptor;
import mckernelj.linuxhost.libc.FileSeals;
import mckernelj.linuxhost.libc.HostFile;

/**
 * The pager: files that the LWK maps, held open by the node itself so that they outlive the process that mapped them. One
 * {@code PagerFile} per inode; reads and writes go straight between the file and guest physical memory. Thread-safe.
 */
final class PagerFiles {
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_SHARED = 1;
    private static final int READABLE = 0400;
    private static final int WRITABLE = 0200;
    private static final long DEV_ZERO = 0x105;
    private static final long DEV_ZERO_SIZE = 1L << 46;

    private record Inode(long device, long number) {}

    /** An open file of which the LWK may have pages. */
    private static final class PagerFile {
        final long handle;
        final Inode inode;
        final String path;
        int fd;
        int generation;
        boolean writable;
        long references;
        /** See {@link FileSeals#keepWritable}. */
        long guard;

        PagerFile(long handle, Inode inode, String path) {
            this.handle = handle;
            this.inode = inode;
            this.path = path;
        }
    }

    private final PhysicalMemory memory;
    private final Map<Long, PagerFile> byHandle = new HashMap<>();
    private final Map<Inode, PagerFile> byInode = new HashMap<>();
    private long lastHandle;
    private long zeroFiles;

    PagerFiles(PhysicalMemory memory) {
        this.memory = memory;
    }

    /** PAGER_CREATE for descriptor {@code fd} of process {@code pid}. */
    long create(int pid, int fd, int prot, int mapFlags, PagerObject target) {
        String link = "/proc/" + pid + "/fd/" + fd;
        HostFile.Stat access = fd < 0 ? null : HostFile.lstat(link);
        if (access == null) {
            return -Errno.EBADF;
        }
        boolean shared = (mapFlags & MAP_SHARED) != 0;
        boolean write = (access.mode() & WRITABLE) != 0;
        if ((access.mode() & READABLE) == 0 || shared && (prot & PROT_WRITE) != 0 && !write) {
            return -Errno.EACCES;
        }
        String path = HostFile.readlink(link);
        if (path != null && path.startsWith("/proc/")) {
            return -Errno.ESRCH; // regular files by their mode, but not to be mapped
        }
        int own = HostFile.open(link, shared && write ? HostFile.O_RDWR : HostFile.O_RDONLY);
        if (own < 0) {
            return own;
        }
        if (shared && write && FileSeals.forbidWriting(own)) {
            if ((prot & PROT_WRITE) != 0) {
                Descriptor.close(own);
                return -Errno.EPERM;
            }
            write = false;
        }
        int maxProt = PROT_READ | PROT_EXEC | (write ? PROT_WRITE : 0);
        return adopt(own, shared && write, maxProt, path, target);
    }

    /** Takes over an open descriptor of the node and describes it; closes it if it is no file that can be mapped. */
    synchronized long adopt(int fd, boolean writable, int maxProt, String path, PagerObject target) {
        HostFile.Stat stat = HostFile.fstat(fd);
        boolean zero = stat != null && stat.isCharacterDevice() && stat.rdev() == DEV_ZERO;
        if (stat == null || !zero && !stat.isRegular()) {
            Descriptor.close(fd);
            return stat == null ? -Errno.EIO : -Errno.ESRCH;
        }
        // Every mapping of /dev/zero is an object of its own.
        Inode inode = zero ? new Inode(-1, ++zeroFiles) : new Inode(stat.device(), stat.inode());
        PagerFile file = byInode.computeIfAbsent(inode, key -> newFile(key, path == null ? "" : path));
        if (file.references++ == 0) {
            file.fd = fd;
            file.generation = HostFile.generation(fd);
            file.writable = writable;
        } else if (writable && !file.writable) {
            Descriptor.replace(file.fd, fd); // the number stays: somebody may be reading
            file.writable = true;
        } else {
            Descriptor.close(fd);
        }
        if (file.writable && file.guard == 0) {
            file.guard = FileSeals.keepWritable(file.fd);
        }
        describe(file, stat, target);
        target.setAccess(maxProt, file.path.contains(".so") ? PagerObject.FLAG_PREFETCH : 0);
        return 0;
    }

    private PagerFile newFile(Inode inode, String path) {
        PagerFile file = new PagerFile(++lastHandle, inode, path);
        byHandle.put(file.handle, file);
        return file;
    }

    /** An inode number is given to another file soon, whose time may be the same: Linux' clock has ticks. */
    private static long version(PagerFile file, HostFile.Stat stat) {
        return stat.modifiedNanos() ^ (long) file.generation << 32;
    }

    private static void describe(PagerFile file, HostFile.Stat stat, PagerObject target) {
        target.setIdentity(file.handle, file.inode.device, file.inode.number);
        target.setState(file.inode.device == -1 ? DEV_ZERO_SIZE : stat.size(), version(file, stat));
        target.setPath(file.path);
    }

    /** PAGER_FIND: the handle of the file that a descriptor stands for, or -ENOENT. */
    long find(int pid, int fd) {
        HostFile.Stat stat = fd < 0 ? null : HostFile.stat("/proc/" + pid + "/fd/" + fd);
        if (stat == null) {
            return -Errno.ENOENT;
        }
        synchronized (this) {
            PagerFile file = byInode.get(new Inode(stat.device(), stat.inode()));
            return file == null ? -Errno.ENOENT : file.handle;
        }
    }

    synchronized long stat(long handle, PagerObject target) {
        PagerFile file = byHandle.get(handle);
        HostFile.Stat stat = file == null ? null : HostFile.fstat(file.fd);
        if (stat == null) {
            return -Errno.EBADF;
        }
        describe(file, stat, target);
        return 0;
    }

    synchronized long release(long handle, long references) {
        PagerFile file = byHandle.get(handle);
        if (file == null) {
            return -Errno.EBADF;
        }
        file.references -= references;
        if (file.references <= 0) {
            FileSeals.release(file.guard);
            Descriptor.close(file.fd);
            byHandle.remove(handle);
            byInode.remove(file.inode);
        }
        return 0;
    }

    long read(long handle, long offset, long lengthBytes, long physical) {
        int fd = descriptor(handle);
        if (fd < 0 || !memory.isRam(physical, lengthBytes)) {
            return -Errno.EBADF;
        }
        long address = memory.hostAddress(physical, lengthBytes);
        long done = 0;
        while (done < lengthBytes) {
            long got = Descriptor.pread(fd, address + done, lengthBytes - done, offset + done);
            if (got <= 0) {
                return done > 0 ? done : got;
            }
            done += got;
            memory.written(physical, done);
        }
        return done;
    }

    long write(long handle, long offset, long lengthBytes, long physical) {
        int fd = descriptor(handle);
        if (fd < 0 || !memory.isRam(physical, lengthBytes)) {
            return -Errno.EBADF;
        }
        HostFile.Stat stat = HostFile.fstat(fd);
        long length = stat == null ? 0 : Math.min(lengthBytes, stat.size() - offset);
        long address = memory.hostAddress(physical, lengthBytes);
        long done = 0;
        while (done < length) {
            long put = Descriptor.pwrite(fd, address + done, length - done, offset + done);
            if (put <= 0) {
                return done > 0 ? done : put;
            }
            done += put;
        }
        return done;
    }

    private synchronized int descriptor(long handle) {
        PagerFile file = byHandle.get(handle);
        return file == null ? -1 : file.fd;
    }

    /** The LWK is gone. */
    synchronized void close() {
        byHandle.values().forEach(file -> {
            FileSeals.release(file.guard);
            Descriptor.close(file.fd);
        });
        byHandle.clear();
        byInode.clear();
    }
}
