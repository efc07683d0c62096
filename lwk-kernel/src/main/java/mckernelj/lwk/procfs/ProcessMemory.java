// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.procfs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import mckernelj.ihk.Errno;
import mckernelj.ihk.layout.PageTableEntry;
import mckernelj.lwk.mm.PageTables;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.mm.UserAccess;
import mckernelj.lwk.mm.VmRange;
import mckernelj.lwk.proc.Thread;

/**
 * /proc/PID/mem and /proc/PID/pagemap (proc(5); Documentation/admin-guide/mm/pagemap.rst of Linux): files as large as an address space, of which
 * a piece is made when it is read.
 */
final class ProcessMemory {
    private static final String MEM = "/mem";
    private static final String PAGEMAP = "/pagemap";
    private static final long PM_PRESENT = 1L << 63;
    private static final long PM_FILE_OR_SHARED = 1L << 61;
    private static final long PM_EXCLUSIVE = 1L << 56;
    private static final long PM_SOFT_DIRTY = 1L << 55;

    /** Null: the process has ended. */
    private final ProcessVm vm;

    private final boolean pagemap;

    ProcessMemory(ProcessVm vm, String name) {
        this.vm = vm;
        pagemap = name.endsWith(PAGEMAP);
    }

    static boolean isName(String name) {
        return name.endsWith(MEM) || name.endsWith(PAGEMAP);
    }

    Piece read(Thread self, long position, int wanted) {
        if (vm == null || wanted == 0) {
            return Piece.END;
        }
        return pagemap ? entries(self, position, wanted) : bytes(self, position, wanted);
    }

    private Piece bytes(Thread self, long position, int wanted) {
        UserAccess memory = UserAccess.forced(vm, self);
        byte[] all = new byte[wanted];
        int done = 0;
        while (done < wanted) {
            long at = position + done;
            int length = (int) Math.min(wanted - done, PageTables.PAGE - at % PageTables.PAGE);
            byte[] piece = memory.read(at, length);
            if (piece == null) {
                break;
            }
            System.arraycopy(piece, 0, all, done, length);
            done += length;
        }
        return done == 0 ? Piece.failed(Errno.EIO) : Piece.of(Arrays.copyOf(all, done));
    }

    /** Writes what is mapped, as a debugger may; the bytes written or a negative errno. */
    long write(Thread self, long position, byte[] bytes) {
        if (pagemap) {
            return -Errno.EBADF;
        }
        if (vm == null) {
            return 0;
        }
        UserAccess memory = UserAccess.forced(vm, self);
        int done = 0;
        while (done < bytes.length) {
            long at = position + done;
            int length = (int) Math.min(bytes.length - done, PageTables.PAGE - at % PageTables.PAGE);
            if (!memory.write(at, Arrays.copyOfRange(bytes, done, done + length))) {
                return done == 0 ? -Errno.EIO : done;
            }
            done += length;
        }
        return done;
    }

    private Piece entries(Thread self, long position, int wanted) {
        if (position % Long.BYTES != 0 || wanted % Long.BYTES != 0) {
            return Piece.failed(Errno.EINVAL);
        }
        long first = position / Long.BYTES;
        long count = Math.min(wanted / Long.BYTES, Math.max(0, PageTables.USER_HALF / PageTables.PAGE - first));
        ByteBuffer out = ByteBuffer.allocate((int) count * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        boolean frames = self.process().uid() == 0;
        for (long page = first; page < first + count; page++) {
            out.putLong(entry(page * PageTables.PAGE, frames));
        }
        return Piece.of(out.array());
    }

    private long entry(long linear, boolean frames) {
        long entry = vm.entry(linear);
        if ((entry & PageTableEntry.PRESENT) == 0) {
            return 0;
        }
        long frame = (entry & PageTableEntry.ADDRESS) / PageTables.PAGE;
        if ((entry & PageTableEntry.LARGE) != 0) {
            frame += linear % PageTables.LARGE_PAGE / PageTables.PAGE;
        }
        VmRange range = vm.rangeAt(linear);
        boolean object = range != null && range.object() != null && (entry & PageTableEntry.DIRTY) == 0;
        boolean exclusive = vm.mapCount(frame * PageTables.PAGE, object) == 1;
        return PM_PRESENT
                | PM_SOFT_DIRTY
                | (object || range != null && range.isShared() ? PM_FILE_OR_SHARED : 0)
                | (exclusive ? PM_EXCLUSIVE : 0)
                | (frames ? frame : 0);
    }
}
