// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.futex.FutexTable;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** futex(2). */
final class SysFutex implements Syscall {
    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final int FUTEX_REQUEUE = 3;
    private static final int FUTEX_CMP_REQUEUE = 4;
    private static final int FUTEX_WAKE_OP = 5;
    private static final int FUTEX_LOCK_PI = 6;
    private static final int FUTEX_UNLOCK_PI = 7;
    private static final int FUTEX_TRYLOCK_PI = 8;
    private static final int FUTEX_WAIT_BITSET = 9;
    private static final int FUTEX_WAKE_BITSET = 10;
    private static final int FUTEX_WAIT_REQUEUE_PI = 11;
    private static final int FUTEX_CMP_REQUEUE_PI = 12;
    private static final int FUTEX_LOCK_PI2 = 13;
    private static final int FUTEX_PRIVATE_FLAG = 128;
    private static final int FUTEX_CLOCK_REALTIME = 256;

    private final Kernel kernel;
    private final FutexTable futexes;
    private final Clocks clocks;

    SysFutex(Kernel kernel) {
        this.kernel = kernel;
        this.futexes = kernel.futexes();
        this.clocks = new Clocks(kernel);
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        int operation = args.intAt(1);
        int command = operation & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
        boolean isPrivate = (operation & FUTEX_PRIVATE_FLAG) != 0;
        boolean realtime = (operation & FUTEX_CLOCK_REALTIME) != 0;
        long pointer = args.at(0);
        boolean absolute =
                command == FUTEX_WAIT_BITSET || command == FUTEX_WAIT_REQUEUE_PI || command == FUTEX_LOCK_PI2;
        if (realtime && !absolute) {
            return -Errno.ENOSYS;
        }
        if ((pointer & 3) != 0) {
            return -Errno.EINVAL;
        }
        return switch (command) {
            case FUTEX_WAIT -> waitFor(self, args, isPrivate, -1, clocks.deadlineFromNow(self, args.at(3)));
            case FUTEX_WAIT_BITSET -> waitFor(self, args, isPrivate, args.intAt(5), deadline(self, args, realtime));
            case FUTEX_WAKE -> wake(self, pointer, isPrivate, args.intAt(2), -1);
            case FUTEX_WAKE_BITSET -> wake(self, pointer, isPrivate, args.intAt(2), args.intAt(5));
            case FUTEX_REQUEUE -> requeue(self, args, isPrivate, null);
            case FUTEX_CMP_REQUEUE -> requeue(self, args, isPrivate, args.intAt(5));
            case FUTEX_WAKE_OP -> wakeOp(self, args, isPrivate);
            case FUTEX_LOCK_PI -> lock(self, args, isPrivate, true);
            case FUTEX_LOCK_PI2 -> lock(self, args, isPrivate, realtime);
            case FUTEX_WAIT_REQUEUE_PI -> waitForOwned(self, args, isPrivate, realtime);
            case FUTEX_CMP_REQUEUE_PI -> requeueToOwned(self, args, isPrivate);
            case FUTEX_TRYLOCK_PI -> futexes.withOwner().lock(self, pointer, isPrivate, 0);
            case FUTEX_UNLOCK_PI -> futexes.withOwner().unlock(self, pointer, isPrivate);
            default -> unknown(self, command);
        };
    }

    private long waitFor(Thread self, SyscallArguments args, boolean isPrivate, int bits, long deadline) {
        if (deadline < 0 || bits == 0) {
            return deadline < 0 ? deadline : -Errno.EINVAL;
        }
        return futexes.wait(self, args.at(0), isPrivate, args.intAt(2), bits, deadline);
    }

    private long waitForOwned(Thread self, SyscallArguments args, boolean isPrivate, boolean realtime) {
        long deadline = deadline(self, args, realtime);
        if (deadline < 0 || (args.at(4) & 3) != 0) {
            return deadline < 0 ? deadline : -Errno.EINVAL;
        }
        return futexes.toOwner().wait(self, args.at(0), args.at(4), isPrivate, args.intAt(2), deadline);
    }

    /** Argument 2: how many may be woken, which is 1; argument 3: how many more may be moved. */
    private long requeueToOwned(Thread self, SyscallArguments args, boolean isPrivate) {
        if (args.intAt(2) != 1 || args.intAt(3) < 0 || (args.at(4) & 3) != 0) {
            return -Errno.EINVAL;
        }
        int count = (int) Math.min(Integer.MAX_VALUE, 1L + args.intAt(3));
        return futexes.toOwner().requeue(self, args.at(0), args.at(4), isPrivate, count, args.intAt(5));
    }

    private long lock(Thread self, SyscallArguments args, boolean isPrivate, boolean realtime) {
        long deadline = deadline(self, args, realtime);
        return deadline < 0 ? deadline : futexes.withOwner().lock(self, args.at(0), isPrivate, deadline);
    }

    /** Of argument 3, in cycles; or a negative errno. */
    private long deadline(Thread self, SyscallArguments args, boolean realtime) {
        return clocks.deadline(self, realtime ? Clocks.REALTIME : Clocks.MONOTONIC, args.at(3));
    }

    private long wake(Thread self, long pointer, boolean isPrivate, int count, int bits) {
        return bits == 0 ? -Errno.EINVAL : futexes.wake(self, pointer, isPrivate, Math.max(1, count), bits);
    }

    private long requeue(Thread self, SyscallArguments args, boolean isPrivate, Integer expected) {
        if (args.intAt(2) < 0 || args.intAt(3) < 0 || (args.at(4) & 3) != 0) {
            return -Errno.EINVAL;
        }
        return futexes.requeue(self, args.at(0), args.at(4), isPrivate, args.intAt(2), args.intAt(3), expected);
    }

    private long wakeOp(Thread self, SyscallArguments args, boolean isPrivate) {
        if ((args.at(4) & 3) != 0) {
            return -Errno.EINVAL;
        }
        return futexes.wakeOp(
                self,
                args.at(0),
                args.at(4),
                isPrivate,
                Math.max(1, args.intAt(2)),
                Math.max(1, args.intAt(3)),
                args.intAt(5));
    }

    private long unknown(Thread self, int command) {
        kernel.log().kprintf(self.cpu(), "futex() invalid cmd: %d", command);
        return -Errno.ENOSYS;
    }
}
