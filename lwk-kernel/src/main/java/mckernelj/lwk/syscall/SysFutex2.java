// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import java.util.ArrayList;
import java.util.List;
import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.futex.FutexVector;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/**
 * futex_waitv(2), futex_wake(2), futex_wait(2), futex_requeue(2): words of 32 bits, no NUMA words. Elements are
 * struct futex_waitv {u64 val, uaddr; u32 flags, reserved}.
 */
final class SysFutex2 implements Syscall {
    private static final int ELEMENT_WORDS = 3;
    private static final int MAX_ELEMENTS = 128;
    private static final int FUTEX_32 = 2;
    private static final int FUTEX_PRIVATE_FLAG = 128;

    private final Kernel kernel;
    private final Clocks clocks;

    SysFutex2(Kernel kernel) {
        this.kernel = kernel;
        this.clocks = new Clocks(kernel);
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        return switch (args.number()) {
            case SystemCallNumber.FUTEX_WAITV -> waitForAny(self, args);
            case SystemCallNumber.FUTEX_WAKE -> wake(self, args);
            case SystemCallNumber.FUTEX_WAIT -> waitForOne(self, args);
            default -> requeue(self, args);
        };
    }

    private static boolean isKnown(long flags) {
        return (flags & 0xFFFF_FFFFL & ~FUTEX_PRIVATE_FLAG) == FUTEX_32;
    }

    private static boolean isPrivate(long flags) {
        return (flags & FUTEX_PRIVATE_FLAG) != 0;
    }

    /** Address, mask, number, flags. */
    private long wake(Thread self, SyscallArguments args) {
        long mask = args.at(1);
        if (!isKnown(args.at(3)) || mask >>> 32 != 0 || mask == 0 || (args.at(0) & 3) != 0) {
            return -Errno.EINVAL;
        }
        int count = args.intAt(2);
        return count == 0
                ? 0
                : kernel.futexes().wake(self, args.at(0), isPrivate(args.at(3)), Math.max(1, count), (int) mask);
    }

    /** Address, value, mask, flags, time, clock. */
    private long waitForOne(Thread self, SyscallArguments args) {
        long mask = args.at(2);
        boolean fits = args.at(1) >>> 32 == 0 && mask >>> 32 == 0;
        if (!isKnown(args.at(3)) || !fits || mask == 0 || (args.at(0) & 3) != 0) {
            return -Errno.EINVAL;
        }
        long deadline = deadline(self, args.at(4), args.intAt(5));
        return deadline < 0
                ? deadline
                : kernel.futexes().wait(self, args.at(0), isPrivate(args.at(3)), args.intAt(1), (int) mask, deadline);
    }

    /** Two elements, flags, how many to wake, how many to move. */
    private long requeue(Thread self, SyscallArguments args) {
        int woken = args.intAt(2);
        int moved = args.intAt(3);
        if (args.intAt(1) != 0 || args.at(0) == 0 || woken < 0 || moved < 0) {
            return -Errno.EINVAL;
        }
        long[] elements = self.user().readLongs(args.at(0), 2 * ELEMENT_WORDS);
        List<FutexVector.Word> words = elements == null ? null : words(elements);
        if (words == null) {
            return elements == null ? -Errno.EFAULT : -Errno.EINVAL;
        }
        FutexVector.Word from = words.get(0);
        FutexVector.Word to = words.get(1);
        boolean both = from.isPrivate() && to.isPrivate();
        return kernel.futexes().requeue(self, from.pointer(), to.pointer(), both, woken, moved, from.expected());
    }

    /** Elements, their number, flags, time, clock. */
    private long waitForAny(Thread self, SyscallArguments args) {
        int count = args.intAt(1);
        if (args.intAt(2) != 0 || count <= 0 || count > MAX_ELEMENTS || args.at(0) == 0) {
            return -Errno.EINVAL;
        }
        long deadline = deadline(self, args.at(3), args.intAt(4));
        if (deadline < 0) {
            return deadline;
        }
        long[] elements = self.user().readLongs(args.at(0), ELEMENT_WORDS * count);
        List<FutexVector.Word> words = elements == null ? null : words(elements);
        if (words == null) {
            return elements == null ? -Errno.EFAULT : -Errno.EINVAL;
        }
        return kernel.futexes().vector().wait(self, words, deadline);
    }

    /** Null: one is not valid. */
    private static List<FutexVector.Word> words(long[] elements) {
        List<FutexVector.Word> words = new ArrayList<>();
        for (int i = 0; i < elements.length; i += ELEMENT_WORDS) {
            long flagsAndReserved = elements[i + 2];
            boolean known = isKnown(flagsAndReserved) && flagsAndReserved >>> 32 == 0;
            if (!known || (elements[i + 1] & 3) != 0 || elements[i] >>> 32 != 0) {
                return null;
            }
            words.add(new FutexVector.Word(elements[i + 1], (int) elements[i], isPrivate(flagsAndReserved)));
        }
        return words;
    }

    /** In cycles, or a negative errno; a null pointer: never. */
    private long deadline(Thread self, long pointer, int clock) {
        boolean known = clock == Clocks.REALTIME || clock == Clocks.MONOTONIC;
        return known || pointer == 0 ? clocks.deadline(self, clock, pointer) : -Errno.EINVAL;
    }
}
