// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.ipc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Thread;

/** shmctl(2) with the structures of x86-64 Linux. */
public final class ShmControl {
    private static final int IPC_RMID = 0;
    private static final int IPC_SET = 1;
    private static final int IPC_STAT = 2;
    private static final int IPC_INFO = 3;
    private static final int SHM_LOCK = 11;
    private static final int SHM_UNLOCK = 12;
    private static final int SHM_STAT = 13;
    private static final int SHM_INFO = 14;
    private static final int SHM_STAT_ANY = 15;
    private static final int SHMID_DS_SIZE = 112;
    private static final int READ = 4;

    private final ShmTable table;

    public ShmControl(ShmTable table) {
        this.table = table;
    }

    public long call(Thread self, int id, int command, long pointer) {
        if (id < 0 || command < 0) {
            return -Errno.EINVAL;
        }
        return switch (command) {
            case IPC_INFO -> limits(self, pointer);
            case SHM_INFO -> usage(self, pointer);
            case IPC_STAT -> status(self, table.byId(id), pointer, 0, true);
            case SHM_STAT, SHM_STAT_ANY -> {
                ShmSegment segment = table.byIndex(id);
                yield status(self, segment, pointer, segment == null ? 0 : segment.id, command == SHM_STAT);
            }
            case IPC_SET, IPC_RMID, SHM_LOCK, SHM_UNLOCK -> change(self, table.byId(id), command, pointer);
            default -> -Errno.EINVAL;
        };
    }

    private long status(Thread self, ShmSegment segment, long pointer, long result, boolean checked) {
        if (segment == null) {
            return -Errno.EINVAL;
        }
        ByteBuffer ds = ByteBuffer.allocate(SHMID_DS_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        synchronized (table) {
            if (checked && !ShmTable.permits(self.process(), segment, READ)) {
                return -Errno.EACCES;
            }
            ds.putInt(segment.key).putInt(segment.uid).putInt(segment.gid);
            ds.putInt(segment.creatorUid).putInt(segment.creatorGid).putInt(segment.mode);
            ds.putShort((short) segment.id);
            ds.putLong(48, segment.sizeBytes()).putLong(56, segment.attachTime).putLong(64, segment.detachTime);
            ds.putLong(72, segment.changeTime).putInt(80, segment.creatorPid).putInt(84, segment.lastPid);
            ds.putLong(88, segment.attachments());
        }
        return self.user().write(pointer, ds.array()) ? result : -Errno.EFAULT;
    }

    private long change(Thread self, ShmSegment segment, int command, long pointer) {
        byte[] given = command == IPC_SET ? self.user().read(pointer, SHMID_DS_SIZE) : null;
        if (command == IPC_SET && given == null) {
            return -Errno.EFAULT;
        }
        if (segment == null) {
            return -Errno.EINVAL;
        }
        synchronized (table) {
            if (!ShmTable.owns(self.process(), segment)) {
                return -Errno.EPERM;
            }
            switch (command) {
                case IPC_RMID -> table.remove(segment, self);
                case SHM_LOCK -> segment.mode |= ShmSegment.SHM_LOCKED;
                case SHM_UNLOCK -> segment.mode &= ~ShmSegment.SHM_LOCKED;
                default -> set(self, segment, ByteBuffer.wrap(given).order(ByteOrder.LITTLE_ENDIAN));
            }
        }
        return 0;
    }

    private void set(Thread self, ShmSegment segment, ByteBuffer ds) {
        segment.uid = ds.getInt(4);
        segment.gid = ds.getInt(8);
        segment.mode = segment.mode & ~0777 | ds.getInt(20) & 0777;
        segment.changeTime = table.seconds(self);
    }

    private long limits(Thread self, long pointer) {
        long pages = ShmTable.SHMMAX >> 12;
        boolean ok = self.user()
                .writeLongs(pointer, ShmTable.SHMMAX, 1, ShmTable.SHMMNI, ShmTable.SHMMNI, pages, 0, 0, 0, 0);
        return ok ? table.highestIndex() : -Errno.EFAULT;
    }

    private long usage(Thread self, long pointer) {
        ShmSegment[] all = table.all();
        long total = 0;
        long resident = 0;
        for (ShmSegment segment : all) {
            total += segment.sizeBytes() + 4095 >> 12;
            resident += segment.residentPages();
        }
        boolean ok = self.user().writeLongs(pointer, all.length, total, resident, 0, 0, 0);
        return ok ? table.highestIndex() : -Errno.EFAULT;
    }
}
