// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import static mckernelj.ihk.layout.PageTableEntry.ACCESSED;
import static mckernelj.ihk.layout.PageTableEntry.ADDRESS;
import static mckernelj.ihk.layout.PageTableEntry.DIRTY;
import static mckernelj.ihk.layout.PageTableEntry.LARGE;
import static mckernelj.ihk.layout.PageTableEntry.USER;
import static mckernelj.ihk.layout.PageTableEntry.WRITABLE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongUnaryOperator;
import mckernelj.ihk.Errno;
import mckernelj.lwk.sched.KernelThread;

/**
 * Reads and writes memory of a process for the kernel (Linux: copy_from_user, copy_to_user), with the process' own
 * rights, page faults included. A bad address gives null, false or -EFAULT. May sleep. Each page is accessed under the
 * address space's lock.
 */
public final class UserAccess {
    private final ProcessVm vm;
    private final KernelThread self;
    private final boolean forced;

    /** {@code self}: the thread that executes the caller. */
    public UserAccess(ProcessVm vm, KernelThread self) {
        this(vm, self, false);
    }

    private UserAccess(ProcessVm vm, KernelThread self, boolean forced) {
        this.vm = vm;
        this.self = self;
        this.forced = forced;
    }

    /** As a debugger: pages that the program may not read or write, too; private ones are copied first (Linux: FOLL_FORCE). */
    public static UserAccess forced(ProcessVm vm, KernelThread self) {
        return new UserAccess(vm, self, true);
    }

    /** Work on a piece of one page. */
    private interface PagePiece {
        void at(long physical, int done, int length);
    }

    /** Null if any byte is not readable. */
    public byte[] read(long userPointer, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        boolean ok = forEachPage(userPointer, lengthBytes, VmRange.PROT_READ, (physical, done, length) -> vm.memory()
                .read(physical, bytes, done, length));
        return ok ? bytes : null;
    }

    public boolean write(long userPointer, byte[] bytes) {
        return forEachPage(userPointer, bytes.length, VmRange.PROT_WRITE, (physical, done, length) -> vm.memory()
                .write(physical, bytes, done, length));
    }

    public boolean clear(long userPointer, long lengthBytes) {
        return forEachPage(userPointer, lengthBytes, VmRange.PROT_WRITE, (physical, done, length) -> vm.memory()
                .clear(physical, length));
    }

    /** Little-endian 64-bit words; null if they are not readable. */
    public long[] readLongs(long userPointer, int count) {
        byte[] bytes = read(userPointer, count * 8);
        if (bytes == null) {
            return null;
        }
        long[] words = new long[count];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(words);
        return words;
    }

    public boolean writeLongs(long userPointer, long... words) {
        ByteBuffer buffer = ByteBuffer.allocate(words.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asLongBuffer().put(words);
        return write(userPointer, buffer.array());
    }

    /** An aligned or unaligned 32-bit word, zero-extended; -EFAULT. */
    public long readInt(long userPointer) {
        byte[] bytes = read(userPointer, 4);
        return bytes == null
                ? -Errno.EFAULT
                : ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt() & 0xFFFF_FFFFL;
    }

    public boolean writeInt(long userPointer, int value) {
        return write(
                userPointer,
                ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(value)
                        .array());
    }

    /**
     * A NUL-terminated string, one char per byte, without the NUL; null if not readable or longer than {@code
     * maxBytes}.
     */
    public byte[] readString(long userPointer, int maxBytes) {
        byte[] found = new byte[0];
        long at = userPointer;
        while (found.length <= maxBytes) {
            int chunk = (int) Math.min(PageTables.PAGE - at % PageTables.PAGE, 256);
            byte[] piece = read(at, chunk);
            if (piece == null) {
                return null;
            }
            int end = 0;
            while (end < chunk && piece[end] != 0) {
                end++;
            }
            int old = found.length;
            found = Arrays.copyOf(found, old + end);
            System.arraycopy(piece, 0, found, old, end);
            if (end < chunk) {
                return found.length > maxBytes ? null : found;
            }
            at += chunk;
        }
        return null;
    }

    public String readText(long userPointer, int maxBytes) {
        byte[] bytes = readString(userPointer, maxBytes);
        return bytes == null ? null : new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /**
     * Applies {@code operation} to the physical address of an aligned word inside one page, under the lock. Returns its
     * result (not negative), or -EFAULT.
     */
    public long atomically(long userPointer, boolean write, LongUnaryOperator operation) {
        long[] result = {-Errno.EFAULT};
        forEachPage(
                userPointer,
                1,
                write ? VmRange.PROT_WRITE : VmRange.PROT_READ,
                (physical, done, length) -> result[0] = operation.applyAsLong(physical));
        return result[0];
    }

    /** As {@link #atomically}, but never faults: -EAGAIN if the page is not there or not writable now. */
    public long tryAtomically(long userPointer, boolean write, LongUnaryOperator operation) {
        long[] result = {-Errno.EAGAIN};
        if (userPointer >= 0 && userPointer < PageTables.USER_HALF) {
            tryPage(
                    userPointer,
                    0,
                    1,
                    write ? VmRange.PROT_WRITE : VmRange.PROT_READ,
                    (physical, done, length) -> result[0] = operation.applyAsLong(physical));
        }
        return result[0];
    }

    /** An aligned 32-bit word, zero-extended; never faults: -EAGAIN if the page is not there. */
    public long peekInt(long userPointer) {
        return tryAtomically(userPointer, false, physical -> vm.memory().getInt(physical) & 0xFFFF_FFFFL);
    }

    /** True if the byte can be accessed without a page fault. */
    public boolean isAccessible(long userPointer, int access) {
        return userPointer >= 0
                && userPointer < PageTables.USER_HALF
                && tryPage(userPointer, 0, 1, access, (physical, done, length) -> {});
    }

    /** Copies between two processes, or from this one to itself; returns the number of bytes copied until a fault. */
    public static long copy(UserAccess from, long source, UserAccess to, long target, long lengthBytes) {
        long done = 0;
        while (done < lengthBytes) {
            int piece = (int) Math.min(lengthBytes - done, PageTables.PAGE - (source + done) % PageTables.PAGE);
            byte[] bytes = from.read(source + done, piece);
            if (bytes == null || !to.write(target + done, bytes)) {
                return done;
            }
            done += piece;
        }
        return done;
    }

    private boolean forEachPage(long userPointer, long lengthBytes, int access, PagePiece piece) {
        if (userPointer < 0 || lengthBytes < 0 || userPointer > PageTables.USER_HALF - lengthBytes) {
            return false;
        }
        long done = 0;
        while (done < lengthBytes) {
            long linear = userPointer + done;
            int length = (int) Math.min(lengthBytes - done, PageTables.PAGE - linear % PageTables.PAGE);
            if (tryPage(linear, (int) done, length, access, piece)) {
                done += length;
            } else if (vm.fault(self, linear, forced ? access | VmRange.FORCED : access) != FaultResult.RESOLVED) {
                return false;
            }
        }
        return true;
    }

    /** The frame is there and, if it is to be written, nobody else's. */
    private boolean mayForce(long entry, int access) {
        return entry != 0
                && (access == VmRange.PROT_READ
                        || (entry & LARGE) == 0 && !vm.frames().isShared(entry & ADDRESS));
    }

    private boolean tryPage(long linear, int done, int length, int access, PagePiece piece) {
        long needed = access == VmRange.PROT_WRITE ? USER | WRITABLE : USER;
        vm.lock().lock();
        try {
            long slot = vm.hasEnded() ? 0 : vm.tables().slot(linear);
            long entry = slot == 0 ? 0 : vm.memory().getLong(slot);
            if ((entry & needed) != needed && !(forced && mayForce(entry, access))) {
                return false;
            }
            vm.tables().update(slot, access == VmRange.PROT_WRITE ? ACCESSED | DIRTY : ACCESSED, 0);
            long size = (entry & LARGE) != 0 ? PageTables.LARGE_PAGE : PageTables.PAGE;
            piece.at((entry & ADDRESS) + (linear & size - 1), done, length);
            return true;
        } finally {
            vm.lock().unlock();
        }
    }
}
