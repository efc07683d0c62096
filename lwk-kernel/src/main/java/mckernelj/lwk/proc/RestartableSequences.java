// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import mckernelj.ihk.Errno;
import mckernelj.lwk.cpu.PtRegs;
import mckernelj.lwk.mm.PageTables;
import mckernelj.lwk.mm.UserAccess;
import mckernelj.lwk.signal.SigInfo;
import mckernelj.lwk.signal.SignalNumber;

/**
 * Restartable sequences (rseq(2), Linux' uapi/linux/rseq.h): a thread that lost its processor, or is about to handle a
 * signal, inside a sequence goes on at that sequence's abort handler. The struct rseq of a thread is
 * {u32 cpu_id_start, cpu_id; u64 rseq_cs; u32 flags, node_id, mm_cid}; rseq_cs points to
 * {u32 version, flags; u64 start_ip, post_commit_offset, abort_ip}. mm_cid is not kept: the auxiliary vector does not
 * announce it.
 */
public final class RestartableSequences {
    /** What a thread has registered; its length is {@link #LENGTH}, or more. */
    public record Area(long pointer, int length, int signature) {}

    /** Smallest length of struct rseq, and its alignment. */
    public static final int LENGTH = 32;

    private static final int CPU_ID = 4;
    private static final int SEQUENCE = 8;
    private static final int NODE_ID = 20;
    private static final int CPU_ID_UNINITIALIZED = -1;
    private static final int ABORT_SIGNATURE_BYTES = 4;

    private RestartableSequences() {}

    /** Registers an area for the calling thread, which has none: 0 or a negative errno. */
    public static long register(Thread self, Area area) {
        boolean aligned = area.pointer() % LENGTH == 0;
        if (area.length() < LENGTH || !aligned) {
            return -Errno.EINVAL;
        }
        if (area.pointer() < 0 || area.pointer() > PageTables.USER_HALF - area.length()) {
            return -Errno.EFAULT;
        }
        self.setSequences(area);
        return 0;
    }

    /** Ends the registration: 0, or -EFAULT. */
    public static long unregister(Thread self) {
        long pointer = self.sequences().pointer();
        UserAccess user = self.user();
        boolean ok = user.writeInt(pointer, 0)
                && user.writeInt(pointer + CPU_ID, CPU_ID_UNINITIALIZED)
                && user.writeInt(pointer + NODE_ID, 0);
        self.setSequences(null);
        return ok ? 0 : -Errno.EFAULT;
    }

    /** On the way to user mode. False: a signal was sent that must be delivered first. */
    static boolean beforeReturnToUser(Thread self, PtRegs regs) {
        while (self.sequences() != null && self.takeResumed()) {
            if (!update(self, regs)) {
                self.setSequences(null);
                self.kernel().signals().force(self, SigInfo.kernel(SignalNumber.SIGSEGV));
                return false;
            }
        }
        return true;
    }

    /** A handler is about to be entered. */
    public static void beforeHandler(Thread self, PtRegs regs) {
        if (self.sequences() != null) {
            self.setResumed();
            beforeReturnToUser(self, regs);
        }
    }

    private static boolean update(Thread self, PtRegs regs) {
        Area area = self.sequences();
        UserAccess user = self.user();
        if (!leave(user, area, regs)) {
            return false;
        }
        int cpu = self.cpu().id();
        return user.writeInt(area.pointer(), cpu)
                && user.writeInt(area.pointer() + CPU_ID, cpu)
                && user.writeInt(area.pointer() + NODE_ID, self.kernel().nodeOf(self.cpu()));
    }

    /** False: the area or the sequence is not as it must be. */
    private static boolean leave(UserAccess user, Area area, PtRegs regs) {
        long[] pointer = user.readLongs(area.pointer() + SEQUENCE, 1);
        if (pointer == null || pointer[0] == 0) {
            return pointer != null;
        }
        long[] sequence = user.readLongs(pointer[0], 4);
        if (sequence == null || !isValid(user, area, sequence)) {
            return false;
        }
        if (Long.compareUnsigned(regs.rip() - sequence[1], sequence[2]) < 0) {
            regs.setRip(sequence[3]);
        }
        return user.writeLongs(area.pointer() + SEQUENCE, 0);
    }

    /** Version and flags are 0, all addresses the user's, the abort handler is outside and signed. */
    private static boolean isValid(UserAccess user, Area area, long[] sequence) {
        long start = sequence[1];
        long abort = sequence[3];
        boolean inUserSpace = isUser(start) && isUser(abort) && isUser(start + sequence[2]) && sequence[2] >= 0;
        boolean outside = Long.compareUnsigned(abort - start, sequence[2]) >= 0;
        return sequence[0] == 0
                && inUserSpace
                && outside
                && user.readInt(abort - ABORT_SIGNATURE_BYTES) == (area.signature() & 0xFFFF_FFFFL);
    }

    private static boolean isUser(long address) {
        return address >= 0 && address < PageTables.USER_HALF;
    }
}
