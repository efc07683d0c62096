// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import mckernelj.ihk.CloneFlags;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.launch.ProxyArena;
import mckernelj.linuxhost.proxy.RecordList;
import mckernelj.linuxhost.proxy.ServantSlot;

/**
 * What execve does to a thread's credentials (credentials(7), capabilities(7)), which a servant keeps since it executes nothing: the saved
 * ids become the effective ones, "keep capabilities" ends, the process can be dumped, and who is not root has the ambient capabilities
 * only. It takes away and never gives: bits and capabilities of program files have no effect.
 */
final class ExecCredentials {
    private static final int PR_SET_DUMPABLE = 4;
    private static final int PR_SET_KEEPCAPS = 8;
    private static final int PR_GET_SECUREBITS = 27;
    private static final int PR_CAP_AMBIENT = 47;
    private static final int PR_CAP_AMBIENT_IS_SET = 1;
    private static final int SECBIT_NOROOT = 1;

    private static final int CAPABILITY_VERSION_3 = 0x2008_0522;
    private static final int LAST_CAPABILITY = 40;
    private static final int HEADER_BYTES = 8;
    /** Effective, permitted and inheritable set, each in two halves: the three low halves come first. */
    private static final int SETS_BYTES = 24;

    private static final int IDS_BYTES = 12;
    private static final long SAME = -1;

    private final ServantSlot slot;

    ExecCredentials(ServantSlot slot) {
        this.slot = slot;
    }

    /** Two trips to the servant at most, three if it is not root and can inherit capabilities. */
    void commit() {
        try (ProxyArena arena = slot.arguments()) {
            long users = arena.allocate(IDS_BYTES);
            long groups = arena.allocate(IDS_BYTES);
            long header = arena.allocate(HEADER_BYTES);
            long sets = arena.allocate(SETS_BYTES);
            arena.writeInt(header, CAPABILITY_VERSION_3);
            RecordList ask = slot.records();
            // another process that shares them keeps what will be closed
            ask.add(SystemCallNumber.UNSHARE, CloneFlags.CLONE_FILES);
            ask.add(SystemCallNumber.PRCTL, PR_SET_KEEPCAPS, 0);
            ask.add(SystemCallNumber.GETRESUID, users, users + 4, users + 8);
            ask.add(SystemCallNumber.GETRESGID, groups, groups + 4, groups + 8);
            ask.add(SystemCallNumber.CAPGET, header, sets);
            int bits = ask.add(SystemCallNumber.PRCTL, PR_GET_SECUREBITS);
            run();
            Ids user = Ids.read(arena, users);
            Ids group = Ids.read(arena, groups);
            boolean root = user.isRoot() && (slot.result(bits) & SECBIT_NOROOT) == 0;
            long kept = root ? permitted(arena, sets) : ambient(permitted(arena, sets) & inheritable(arena, sets));
            RecordList change = slot.records();
            if (user.saved != user.effective) {
                change.add(SystemCallNumber.SETRESUID, SAME, SAME, Integer.toUnsignedLong(user.effective));
            }
            if (group.saved != group.effective) {
                change.add(SystemCallNumber.SETRESGID, SAME, SAME, Integer.toUnsignedLong(group.effective));
            }
            if (kept != permitted(arena, sets)) {
                setPermitted(arena, sets, kept);
                change.add(SystemCallNumber.CAPSET, header, sets);
            }
            if (user.real == user.effective && group.real == group.effective) {
                change.add(SystemCallNumber.PRCTL, PR_SET_DUMPABLE, 1);
            }
            run();
        }
    }

    private void run() {
        slot.submit();
        slot.await();
    }

    /** Which of these capabilities are in the ambient set. */
    private long ambient(long candidates) {
        if (candidates == 0) {
            return 0;
        }
        RecordList ask = slot.records();
        for (int capability = 0; capability <= LAST_CAPABILITY; capability++) {
            ask.add(SystemCallNumber.PRCTL, PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability);
        }
        run();
        long set = 0;
        for (int capability = 0; capability <= LAST_CAPABILITY; capability++) {
            if (slot.result(capability) == 1) {
                set |= 1L << capability;
            }
        }
        return set & candidates;
    }

    private static long permitted(ProxyArena arena, long sets) {
        return Integer.toUnsignedLong(arena.readInt(sets + 4)) | (long) arena.readInt(sets + 16) << 32;
    }

    private static long inheritable(ProxyArena arena, long sets) {
        return Integer.toUnsignedLong(arena.readInt(sets + 8)) | (long) arena.readInt(sets + 20) << 32;
    }

    /** The effective set too: of who is not root it becomes the ambient one, which is what is permitted then. */
    private static void setPermitted(ProxyArena arena, long sets, long value) {
        for (int set = 0; set < 2; set++) {
            arena.writeInt(sets + 4 * set, (int) value);
            arena.writeInt(sets + 12 + 4 * set, (int) (value >>> 32));
        }
    }

    private record Ids(int real, int effective, int saved) {
        static Ids read(ProxyArena arena, long address) {
            return new Ids(arena.readInt(address), arena.readInt(address + 4), arena.readInt(address + 8));
        }

        boolean isRoot() {
            return real == 0 || effective == 0;
        }
    }
}
