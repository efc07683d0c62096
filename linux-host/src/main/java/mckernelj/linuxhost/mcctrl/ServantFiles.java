// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.elf.ProgramLoadException;
import mckernelj.ihk.launch.MailboxLayout;
import mckernelj.ihk.launch.ProgramFile;
import mckernelj.ihk.launch.ProgramFiles;
import mckernelj.ihk.launch.ProxyArena;
import mckernelj.ihk.layout.PagerObject;
import mckernelj.linuxhost.libc.Descriptor;
import mckernelj.linuxhost.libc.HostFile;
import mckernelj.linuxhost.libc.RawMemory;
import mckernelj.linuxhost.proxy.ServantSlot;

/**
 * Programs as a servant finds them: opened by the servant, in its root and with its credentials, then taken over by the node. An
 * execute-only file cannot be loaded (EACCES; natively it can).
 */
final class ServantFiles implements ProgramFiles {
    private static final int X_OK = 1;
    private static final int AT_EACCESS = 0x200;
    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_NOFOLLOW = 0x20000;
    private static final int PROT_ALL = 7;
    private static final int PATH_MAX = 4096;

    private final ServantSlot slot;
    private final PagerFiles pager;

    ServantFiles(ServantSlot slot, PagerFiles pager) {
        this.slot = slot;
        this.pager = pager;
    }

    @Override
    public ProgramFile open(int dirfd, String path, int flags) throws ProgramLoadException {
        boolean byDescriptor = path.isEmpty() && (flags & AT_EMPTY_PATH) != 0;
        if (path.isEmpty() && !byDescriptor) {
            throw new ProgramLoadException(Errno.ENOENT, "no path");
        }
        if (path.length() >= PATH_MAX) {
            throw new ProgramLoadException(Errno.ENAMETOOLONG, "path too long");
        }
        String name = byDescriptor ? "/proc/self/fd/" + dirfd : path;
        int noFollow = (flags & AT_SYMLINK_NOFOLLOW) != 0 && !byDescriptor ? O_NOFOLLOW : 0;
        try (ProxyArena arena = slot.arguments()) {
            long user = arena.placeString(name);
            long fd = call(SystemCallNumber.OPENAT, dirfd, user, O_RDONLY_CLOEXEC | O_NONBLOCK | noFollow, 0);
            if (fd < 0) {
                throw new ProgramLoadException((int) -fd, "cannot open");
            }
            long access = call(SystemCallNumber.FACCESSAT2, dirfd, user, X_OK, AT_EACCESS);
            if (access == -Errno.ENOSYS) {
                access = call(SystemCallNumber.FACCESSAT, dirfd, user, X_OK);
            }
            int own = HostFile.open("/proc/" + slot.servant().pid() + "/fd/" + fd, HostFile.O_RDONLY);
            String real = HostFile.readlink("/proc/" + slot.servant().pid() + "/fd/" + fd);
            call(SystemCallNumber.CLOSE, fd);
            return checked(own, access, real == null ? name : real);
        }
    }

    /** Repeats a call that was cancelled by an interruption meant for an earlier one: see {@link ServantSlot#interrupt}. */
    private long call(int number, long... arguments) {
        long result;
        do {
            result = slot.call(number, arguments);
        } while (result == -Errno.EINTR || result == MailboxLayout.NOT_BEGUN);
        return result;
    }

    private ProgramFile checked(int own, long access, String path) throws ProgramLoadException {
        if (own < 0) {
            throw new ProgramLoadException(-own, "the node cannot open the file");
        }
        HostFile.Stat stat = HostFile.fstat(own);
        if (stat == null || !stat.isRegular() || access != 0) {
            Descriptor.close(own);
            throw new ProgramLoadException(access != 0 ? (int) -access : Errno.EACCES, "not executable");
        }
        return new OpenFile(own, stat.size(), path);
    }

    private final class OpenFile implements ProgramFile {
        private final long size;
        private final String path;
        private int fd;

        OpenFile(int fd, long size, String path) {
            this.fd = fd;
            this.size = size;
            this.path = path;
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public int read(long offset, byte[] target) {
            try (RawMemory buffer = RawMemory.allocate(Math.max(1, target.length))) {
                int done = 0;
                while (done < target.length) {
                    long got = Descriptor.pread(fd, buffer.address() + done, target.length - done, offset + done);
                    if (got < 0) {
                        return (int) got;
                    }
                    if (got == 0) {
                        break;
                    }
                    done += (int) got;
                }
                System.arraycopy(buffer.getBytes(0, done), 0, target, 0, done);
                return done;
            }
        }

        @Override
        public void describe(PagerObject target) {
            pager.adopt(fd, false, PROT_ALL & ~2, path, target);
            fd = -1;
        }

        @Override
        public void close() {
            if (fd >= 0) {
                Descriptor.close(fd);
                fd = -1;
            }
        }
    }
}
