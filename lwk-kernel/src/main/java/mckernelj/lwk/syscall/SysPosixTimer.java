// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Rlimits;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.signal.PosixTimer;
import mckernelj.lwk.signal.SignalNumber;

/** timer_create(2), timer_settime(2), timer_gettime(2), timer_getoverrun(2), timer_delete(2). */
final class SysPosixTimer implements Syscall {
    private static final int SIGEV_SIGNAL = 0;
    private static final int SIGEV_NONE = 1;
    private static final int SIGEV_THREAD_ID = 4;
    private static final int TIMER_ABSTIME = 1;

    private final Kernel kernel;
    private final Clocks clocks;

    SysPosixTimer(Kernel kernel) {
        this.kernel = kernel;
        this.clocks = new Clocks(kernel);
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        if (args.number() == SystemCallNumber.TIMER_CREATE) {
            return create(self, args);
        }
        PosixTimer timer = self.process().posixTimers().find(args.intAt(0));
        if (args.number() == SystemCallNumber.TIMER_SETTIME) {
            return set(self, timer, args);
        }
        if (timer == null) {
            return -Errno.EINVAL;
        }
        return switch (args.number()) {
            case SystemCallNumber.TIMER_GETTIME -> write(self, args.at(1), timer.remaining(self.cpu()));
            case SystemCallNumber.TIMER_GETOVERRUN -> timer.overrun();
            default -> self.process().posixTimers().delete(args.intAt(0)) ? 0 : -Errno.EINVAL;
        };
    }

    private long create(Thread self, SyscallArguments args) {
        PosixTimer.Source source = source(self, args.intAt(0));
        if (source == null) {
            return -Errno.EINVAL;
        }
        PosixTimer.Event event = new PosixTimer.Event(self.process(), null, SignalNumber.SIGALRM, 0);
        Long value = null;
        if (args.at(1) != 0) {
            long[] words = self.user().readLongs(args.at(1), 3);
            if (words == null) {
                return -Errno.EFAULT;
            }
            event = event(self, words);
            value = words[0];
            if (event == null) {
                return -Errno.EINVAL;
            }
        }
        long limit = self.process().rlimits().soft(Rlimits.RLIMIT_SIGPENDING);
        PosixTimer timer = self.process().posixTimers().create(event, value, source, limit);
        if (timer == null) {
            return -Errno.EAGAIN;
        }
        if (!self.user().writeInt(args.at(2), timer.id())) {
            self.process().posixTimers().delete(timer.id());
            return -Errno.EFAULT;
        }
        return 0;
    }

    /** struct sigevent: value, signal and notification, thread. */
    private PosixTimer.Event event(Thread self, long[] words) {
        int signal = (int) words[1];
        int notify = (int) (words[1] >> 32);
        if (notify == SIGEV_NONE) {
            return new PosixTimer.Event(self.process(), null, 0, words[0]);
        }
        if (!SignalNumber.isValid(signal) || notify != SIGEV_SIGNAL && notify != SIGEV_THREAD_ID) {
            return null;
        }
        if (notify == SIGEV_SIGNAL) {
            return new PosixTimer.Event(self.process(), null, signal, words[0]);
        }
        Thread thread = kernel.table().thread((int) words[2]);
        if (thread == null || thread.process() != self.process()) {
            return null;
        }
        return new PosixTimer.Event(self.process(), thread, signal, words[0]);
    }

    /** Null: no clock that a timer can have. */
    private PosixTimer.Source source(Thread self, int clock) {
        return switch (clock) {
            case Clocks.MONOTONIC_RAW, Clocks.REALTIME_COARSE, Clocks.MONOTONIC_COARSE -> null;
            case Clocks.PROCESS_CPUTIME_ID, Clocks.THREAD_CPUTIME_ID -> cpuTime(self, clock);
            default -> {
                if (clocks.read(self, clock) < 0) {
                    yield null;
                }
                yield clock < 0 ? cpuTime(self, clock) : runningTime(Clocks.isRealtime(clock));
            }
        };
    }

    private PosixTimer.Source runningTime(boolean realtime) {
        return realtime
                ? new PosixTimer.Source(kernel.clock()::realtimeNanos, false)
                : new PosixTimer.Source(kernel.clock()::monotonicNanos, false);
    }

    private PosixTimer.Source cpuTime(Thread self, int clock) {
        return new PosixTimer.Source(cpu -> clocks.read(self, clock), true);
    }

    private static long write(Thread self, long pointer, long[] valueAndInterval) {
        long value = valueAndInterval[0];
        long interval = valueAndInterval[1];
        boolean ok = self.user()
                .writeLongs(
                        pointer,
                        interval / TimeValues.NANOS_PER_SECOND,
                        interval % TimeValues.NANOS_PER_SECOND,
                        value / TimeValues.NANOS_PER_SECOND,
                        value % TimeValues.NANOS_PER_SECOND);
        return ok ? 0 : -Errno.EFAULT;
    }

    private static long set(Thread self, PosixTimer timer, SyscallArguments args) {
        if (args.at(2) == 0) {
            return -Errno.EINVAL;
        }
        long interval = TimeValues.readTimespec(self.user(), args.at(2));
        long value = TimeValues.readTimespec(self.user(), args.at(2) + 16);
        if (interval < 0 || value < 0) {
            return interval == -Errno.EFAULT || value == -Errno.EFAULT ? -Errno.EFAULT : -Errno.EINVAL;
        }
        if (timer == null) {
            return -Errno.EINVAL;
        }
        long[] old = timer.remaining(self.cpu());
        long now = timer.source().time().applyAsLong(self.cpu());
        boolean absolute = (args.intAt(1) & TIMER_ABSTIME) != 0;
        long at = absolute ? value : now + value < 0 ? Long.MAX_VALUE : now + value;
        timer.set(self.cpu(), value == 0 ? -1 : at, interval);
        return args.at(3) == 0 ? 0 : write(self, args.at(3), old);
    }
}
