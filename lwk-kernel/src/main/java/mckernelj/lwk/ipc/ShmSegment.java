// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.ipc;

import mckernelj.lwk.mm.FramePool;
import mckernelj.lwk.mm.SharedMemory;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.sched.KernelThread;

/**
 * A System V shared memory segment. Its table holds one reference, each attachment another. Fields: under the table's
 * lock.
 */
public final class ShmSegment extends SharedMemory {
    /** Bits of the mode beyond the permissions (shmctl(2)). */
    static final int SHM_DEST = 01000;

    static final int SHM_LOCKED = 02000;

    final ShmTable table;
    final int id;
    final int creatorUid;
    final int creatorGid;
    final int creatorPid;
    int key;
    int uid;
    int gid;
    int mode;
    int lastPid;
    long attachTime;
    long detachTime;
    long changeTime;

    ShmSegment(ShmTable table, FramePool frames, int id, int key, long size, int mode, Process creator, long now) {
        super(frames, size, "/SYSV" + String.format("%08x", key) + " (deleted)");
        this.table = table;
        this.id = id;
        this.key = key;
        this.mode = mode;
        creatorUid = creator.uid();
        creatorGid = creator.gid();
        creatorPid = creator.pid();
        uid = creatorUid;
        gid = creatorGid;
        changeTime = now;
    }

    int attachments() {
        return users() - 1;
    }

    @Override
    protected void released(KernelThread self) {
        if (self instanceof Thread thread) {
            table.detached(this, thread);
        }
    }
}
