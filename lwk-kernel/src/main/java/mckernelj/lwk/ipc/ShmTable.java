// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.ipc;

import java.util.Arrays;
import mckernelj.ihk.Errno;
import mckernelj.lwk.mm.FramePool;
import mckernelj.lwk.mm.MemoryObject;
import mckernelj.lwk.mm.MmapFlags;
import mckernelj.lwk.mm.PageTables;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.mm.VmRange;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.time.KernelClock;

/**
 * System V shared memory of the LWK (shmget(2), shmop(2), shmctl(2)). Linux processes do not see it. Identifier = index
 * << 16 | sequence number, as in McKernel. The monitor covers the table and its segments' fields.
 */
public final class ShmTable {
    static final long SHMMAX = 64L << 30;
    static final int SHMMNI = 4096;

    private static final int IPC_PRIVATE = 0;
    private static final int IPC_CREAT = 01000;
    private static final int IPC_EXCL = 02000;
    private static final int SHM_RDONLY = 010000;
    private static final int SHM_RND = 020000;
    private static final int SHM_REMAP = 040000;
    private static final int SHM_EXEC = 0100000;
    private static final int PERMISSIONS = 0777;
    private static final int READ = 4;
    private static final int WRITE = 2;

    private final FramePool frames;
    private final KernelClock clock;
    private ShmSegment[] segments = new ShmSegment[16];
    private int sequence;

    public ShmTable(FramePool frames, KernelClock clock) {
        this.frames = frames;
        this.clock = clock;
    }

    long seconds(Thread self) {
        return clock.realtimeNanos(self.cpu()) / 1_000_000_000L;
    }

    // ---- shmget

    public synchronized long get(Thread self, int key, long size, int flags) {
        ShmSegment found = key == IPC_PRIVATE ? null : find(key);
        if (found == null) {
            return key == IPC_PRIVATE || (flags & IPC_CREAT) != 0 ? create(self, key, size, flags) : -Errno.ENOENT;
        }
        if ((flags & (IPC_CREAT | IPC_EXCL)) == (IPC_CREAT | IPC_EXCL)) {
            return -Errno.EEXIST;
        }
        if (size > found.sizeBytes()) {
            return -Errno.EINVAL;
        }
        return permits(self.process(), found, flags >> 6 & 7 | flags >> 3 & 7 | flags & 7) ? found.id : -Errno.EACCES;
    }

    private ShmSegment find(int key) {
        for (ShmSegment segment : segments) {
            if (segment != null && segment.key == key && (segment.mode & ShmSegment.SHM_DEST) == 0) {
                return segment;
            }
        }
        return null;
    }

    private long create(Thread self, int key, long size, int flags) {
        if (size < 1 || size > SHMMAX) {
            return -Errno.EINVAL;
        }
        int index = freeIndex();
        if (index < 0) {
            return -Errno.ENOSPC;
        }
        sequence = sequence + 1 & 0x7FFF;
        int id = index << 16 | sequence;
        segments[index] =
                new ShmSegment(this, frames, id, key, size, flags & PERMISSIONS, self.process(), seconds(self));
        return id;
    }

    private int freeIndex() {
        for (int i = 0; i < segments.length; i++) {
            if (segments[i] == null) {
                return i;
            }
        }
        if (segments.length >= SHMMNI) {
            return -1;
        }
        int index = segments.length;
        segments = Arrays.copyOf(segments, 2 * segments.length);
        return index;
    }

    synchronized ShmSegment byId(int id) {
        ShmSegment segment = id < 0 || id >>> 16 >= segments.length ? null : segments[id >>> 16];
        return segment != null && segment.id == id ? segment : null;
    }

    synchronized ShmSegment byIndex(int index) {
        return index < 0 || index >= segments.length ? null : segments[index];
    }

    /** The segments in the order of their indices. */
    synchronized ShmSegment[] all() {
        return Arrays.stream(segments).filter(segment -> segment != null).toArray(ShmSegment[]::new);
    }

    synchronized int highestIndex() {
        int highest = 0;
        for (int i = 0; i < segments.length; i++) {
            highest = segments[i] != null ? i : highest;
        }
        return highest;
    }

    static boolean permits(Process process, ShmSegment segment, int wanted) {
        if (process.uid() == 0) {
            return true;
        }
        int granted = segment.mode;
        if (process.uid() == segment.uid || process.uid() == segment.creatorUid) {
            granted >>= 6;
        } else if (process.gid() == segment.gid || process.gid() == segment.creatorGid) {
            granted >>= 3;
        }
        return (wanted & ~granted & 7) == 0;
    }

    static boolean owns(Process process, ShmSegment segment) {
        return process.uid() == 0 || process.uid() == segment.uid || process.uid() == segment.creatorUid;
    }

    // ---- shmat, shmdt

    public long attach(Thread self, int id, long address, int flags) {
        ShmSegment segment;
        boolean readOnly = (flags & SHM_RDONLY) != 0;
        synchronized (this) {
            segment = byId(id);
            if (segment == null) {
                return -Errno.EINVAL;
            }
            if (!permits(self.process(), segment, readOnly ? READ : READ | WRITE)) {
                return -Errno.EACCES;
            }
            segment.acquire();
        }
        long start = (flags & SHM_RND) != 0 ? address & -PageTables.PAGE : address;
        boolean remap = (flags & SHM_REMAP) != 0;
        long result = start % PageTables.PAGE != 0 || remap && address == 0
                ? -Errno.EINVAL
                : map(self, segment, start, readOnly, (flags & SHM_EXEC) != 0, remap);
        if (result < 0) {
            segment.release(self);
        } else {
            synchronized (this) {
                segment.attachTime = seconds(self);
                segment.lastPid = self.process().pid();
            }
        }
        return result;
    }

    private static long map(
            Thread self, ShmSegment segment, long start, boolean readOnly, boolean executable, boolean remap) {
        int prot = VmRange.PROT_READ | (readOnly ? 0 : VmRange.PROT_WRITE) | (executable ? VmRange.PROT_EXEC : 0);
        int fixed = remap ? MmapFlags.MAP_FIXED : MmapFlags.MAP_FIXED_NOREPLACE;
        int maxProt = readOnly ? VmRange.PROT_READ | VmRange.PROT_EXEC : 7;
        long result = self.process()
                .vm()
                .mmap(
                        self,
                        new ProcessVm.Mapping(
                                start,
                                segment.sizeBytes(),
                                prot,
                                maxProt,
                                start == 0 ? 0 : fixed,
                                segment,
                                0,
                                VmRange.SHARED));
        return result == -Errno.EEXIST ? -Errno.EINVAL : result;
    }

    public long detach(Thread self, long address) {
        ProcessVm vm = self.process().vm();
        VmRange first = vm.rangeAt(address);
        MemoryObject object = first == null ? null : first.object();
        if (!(object instanceof ShmSegment segment) || first.start() != address || first.offset() != 0) {
            return -Errno.EINVAL;
        }
        long end = address + (segment.sizeBytes() + PageTables.PAGE - 1 & -PageTables.PAGE);
        for (VmRange range : vm.snapshot()) {
            boolean part = range.object() == segment && range.start() - range.offset() == address;
            if (part && range.start() < end) {
                vm.munmap(self, range.start(), range.length());
            }
        }
        return 0;
    }

    synchronized void detached(ShmSegment segment, Thread self) {
        segment.detachTime = seconds(self);
        segment.lastPid = self.process().pid();
        if ((segment.mode & ShmSegment.SHM_DEST) != 0 && segment.attachments() == 0) {
            drop(segment);
        }
    }

    // ---- removal

    synchronized void remove(ShmSegment segment, Thread self) {
        segment.mode |= ShmSegment.SHM_DEST;
        segment.key = IPC_PRIVATE;
        if (segment.attachments() == 0) {
            drop(segment);
        }
    }

    private void drop(ShmSegment segment) {
        int index = segment.id >>> 16;
        if (segments[index] == segment) {
            segments[index] = null;
            segment.release(null);
        }
    }
}
