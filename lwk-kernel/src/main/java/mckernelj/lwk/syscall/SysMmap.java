// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.ihk.layout.PagerObject;
import mckernelj.lwk.mm.FileObject;
import mckernelj.lwk.mm.MemoryObject;
import mckernelj.lwk.mm.MmapFlags;
import mckernelj.lwk.mm.PageTables;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.mm.SharedMemory;
import mckernelj.lwk.mm.VmRange;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Rlimits;
import mckernelj.lwk.proc.Thread;

/** mmap(2): anonymous memory, private and shared, and regular files through the pager. */
final class SysMmap implements Syscall {
    private static final int PROT_ALL = 7;
    private static final int KNOWN_FLAGS = MmapFlags.MAP_TYPE
            | MmapFlags.MAP_FIXED
            | MmapFlags.MAP_ANONYMOUS
            | MmapFlags.MAP_32BIT
            | MmapFlags.MAP_GROWSDOWN
            | MmapFlags.MAP_LOCKED
            | MmapFlags.MAP_NORESERVE
            | MmapFlags.MAP_POPULATE
            | MmapFlags.MAP_STACK
            | MmapFlags.MAP_HUGETLB
            | MmapFlags.MAP_FIXED_NOREPLACE
            | 0x800
            | 0x1000
            | 0x10000; // MAP_DENYWRITE, MAP_EXECUTABLE, MAP_NONBLOCK: no effect

    private final Kernel kernel;

    SysMmap(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        long length = args.at(1);
        int flags = args.intAt(3);
        long offset = args.at(5);
        int type = flags & MmapFlags.MAP_TYPE;
        if (offset % PageTables.PAGE != 0 || length == 0 || type < MmapFlags.MAP_SHARED || type > 3) {
            return -Errno.EINVAL;
        }
        if (type == MmapFlags.MAP_SHARED_VALIDATE && (flags & ~KNOWN_FLAGS) != 0) {
            return -Errno.EOPNOTSUPP;
        }
        if (length < 0 || length > PageTables.USER_HALF) {
            return -Errno.ENOMEM;
        }
        boolean locked =
                (flags & MmapFlags.MAP_LOCKED) != 0 || self.process().vm().locksFutureMappings();
        if (locked && exceedsLockLimit(self, length)) {
            return -Errno.EAGAIN;
        }
        boolean anonymous = (flags & MmapFlags.MAP_ANONYMOUS) != 0;
        return anonymous ? mapAnonymous(self, args, type) : mapFile(self, args, type);
    }

    private static boolean exceedsLockLimit(Thread self, long length) {
        long limit = self.process().rlimits().soft(Rlimits.RLIMIT_MEMLOCK);
        return self.process().uid() != 0 && limit >= 0 && self.process().vm().lockedBytes() + length > limit;
    }

    private long mapAnonymous(Thread self, SyscallArguments args, int type) {
        long length = args.at(1);
        if ((args.intAt(3) & MmapFlags.MAP_HUGETLB) != 0) {
            length = length + PageTables.LARGE_PAGE - 1 & -PageTables.LARGE_PAGE;
        }
        if (type == MmapFlags.MAP_PRIVATE) {
            return map(self, args, length, null, PROT_ALL, 0);
        }
        long size = length + PageTables.PAGE - 1 & -PageTables.PAGE;
        SharedMemory memory = new SharedMemory(kernel.frames(), size, "/dev/zero (deleted)");
        long result = map(self, args, length, memory, PROT_ALL, 0);
        if (result < 0) {
            memory.release(self);
        }
        return result;
    }

    private long mapFile(Thread self, SyscallArguments args, int type) {
        if ((args.intAt(3) & MmapFlags.MAP_HUGETLB) != 0) {
            return -Errno.EINVAL;
        }
        long page = kernel.frames().allocate(1);
        if (page < 0) {
            return -Errno.ENOMEM;
        }
        PagerObject file = new PagerObject(kernel.memory(), page);
        long error = self.delegate(
                InKernelRequest.PAGER, InKernelRequest.PAGER_CREATE, args.intAt(4), args.intAt(2), args.intAt(3), page);
        if (error < 0) {
            kernel.frames().release(page, 1);
            return error == -Errno.ESRCH ? -Errno.ENODEV : error;
        }
        int maxProt = type == MmapFlags.MAP_PRIVATE ? PROT_ALL : file.maxProt() & PROT_ALL;
        FileObject object = kernel.files().attach(file);
        if (type != MmapFlags.MAP_PRIVATE) {
            object.noteShared((maxProt & VmRange.PROT_WRITE) != 0);
        }
        kernel.frames().release(page, 1);
        long result = (args.intAt(2) & PROT_ALL & ~maxProt) != 0
                ? -Errno.EACCES
                : map(self, args, args.at(1), object, maxProt, args.at(5));
        if (result < 0) {
            object.release(self);
        }
        return result;
    }

    private static long map(
            Thread self, SyscallArguments args, long length, MemoryObject object, int maxProt, long offset) {
        int flags = args.intAt(3);
        int rangeFlags = (flags & MmapFlags.MAP_TYPE) == MmapFlags.MAP_PRIVATE ? 0 : VmRange.SHARED;
        if ((flags & MmapFlags.MAP_GROWSDOWN) != 0) {
            rangeFlags |= VmRange.GROWS_DOWN;
        }
        if (self.process().hugePagesDisabled()) {
            rangeFlags |= VmRange.NO_HUGE_PAGES;
        }
        if (offset > Long.MAX_VALUE - length) {
            return -Errno.EOVERFLOW;
        }
        return self.process()
                .vm()
                .mmap(
                        self,
                        new ProcessVm.Mapping(
                                args.at(0),
                                length,
                                args.intAt(2) & PROT_ALL,
                                maxProt,
                                flags,
                                object,
                                offset,
                                rangeFlags));
    }
}
