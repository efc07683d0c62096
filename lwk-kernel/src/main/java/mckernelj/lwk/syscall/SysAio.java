// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import java.util.List;
import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.aio.AioContext;
import mckernelj.lwk.aio.AioContexts;
import mckernelj.lwk.mm.MmapFlags;
import mckernelj.lwk.mm.PageTables;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.signal.Restart;

/**
 * io_setup(2), io_destroy(2), io_submit(2), io_getevents(2), io_pgetevents(2), io_cancel(2). A request is done when io_submit returns: as
 * Linux does for files that are not opened with O_DIRECT.
 */
final class SysAio implements Syscall {
    private static final long MOST = 0x1000_0000 / 32;
    private static final int SIGSET_SIZE = 8;
    private static final int EVENT_WORDS = 4;
    private static final int PROT_READ_WRITE = 3;

    private final Kernel kernel;
    private final AioRequests requests;
    private final Clocks clocks;

    SysAio(Kernel kernel) {
        this.kernel = kernel;
        this.requests = new AioRequests(kernel);
        this.clocks = new Clocks(kernel);
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        return switch (args.number()) {
            case SystemCallNumber.IO_SETUP -> setUp(self, args.at(0) & 0xFFFF_FFFFL, args.at(1));
            case SystemCallNumber.IO_DESTROY -> destroy(self, args.at(0));
            case SystemCallNumber.IO_SUBMIT -> submit(self, args.at(0), args.at(1), args.at(2));
            case SystemCallNumber.IO_CANCEL -> cancel(self, args.at(1));
            case SystemCallNumber.IO_GETEVENTS -> getEvents(self, args);
            default -> getEventsMasked(self, args);
        };
    }

    private static long setUp(Thread self, long count, long pointer) {
        long[] present = self.user().readLongs(pointer, 1);
        if (present == null) {
            return -Errno.EFAULT;
        }
        if (present[0] != 0 || count == 0 || count > MOST) {
            return -Errno.EINVAL;
        }
        if (count > AioContexts.MAX_EVENTS) {
            return -Errno.EAGAIN;
        }
        ProcessVm vm = self.process().vm();
        int flags = MmapFlags.MAP_PRIVATE | MmapFlags.MAP_ANONYMOUS;
        long page = vm.mmap(
                self, new ProcessVm.Mapping(0, PageTables.PAGE, PROT_READ_WRITE, PROT_READ_WRITE, flags, null, 0, 0));
        if (page < 0) {
            return page;
        }
        if (!self.user().writeLongs(pointer, page)) {
            vm.munmap(self, page, PageTables.PAGE);
            return -Errno.EFAULT;
        }
        self.process().aioContexts().create(page, (int) count);
        return 0;
    }

    private long destroy(Thread self, long address) {
        List<KernelThread> waiting = self.process().aioContexts().destroy(address);
        if (waiting == null) {
            return -Errno.EINVAL;
        }
        waiting.forEach(thread -> kernel.scheduler().wake(self.cpu(), thread));
        self.process().vm().munmap(self, address, PageTables.PAGE);
        return 0;
    }

    private long submit(Thread self, long address, long count, long pointers) {
        AioContext context = self.process().aioContexts().find(address);
        if (count < 0 || context == null) {
            return -Errno.EINVAL;
        }
        for (long done = 0; done < count; done++) {
            long[] request = self.user().readLongs(pointers + 8 * done, 1);
            long result = request == null ? -Errno.EFAULT : requests.submit(self, context, request[0]);
            if (result < 0) {
                return done > 0 ? done : result;
            }
        }
        return count;
    }

    /** What was submitted is done. */
    private static long cancel(Thread self, long request) {
        return self.user().readLongs(request, 2) == null ? -Errno.EFAULT : -Errno.EINVAL;
    }

    private long getEventsMasked(Thread self, SyscallArguments args) {
        if (args.at(5) != 0) {
            long[] pair = self.user().readLongs(args.at(5), 2);
            if (pair == null) {
                return -Errno.EFAULT;
            }
            if (pair[0] != 0) {
                long[] mask = self.user().readLongs(pair[0], 1);
                if (pair[1] != SIGSET_SIZE || mask == null) {
                    return pair[1] != SIGSET_SIZE ? -Errno.EINVAL : -Errno.EFAULT;
                }
                kernel.signals().setTemporaryMask(self, mask[0]);
            }
        }
        long result = getEvents(self, args);
        if (result >= 0 || !Restart.isRestart(result)) {
            kernel.signals().restoreMask(self);
        }
        return result;
    }

    /** Context, least, most, events, time. */
    private long getEvents(Thread self, SyscallArguments args) {
        long deadline = clocks.deadlineFromNow(self, args.at(4));
        if (deadline < 0) {
            return deadline;
        }
        AioContext context = self.process().aioContexts().find(args.at(0));
        long least = args.at(1);
        long most = args.at(2);
        if (context == null || least < 0 || least > most) {
            return -Errno.EINVAL;
        }
        if (context.available() < least && await(self, context, least, deadline) && context.available() == 0) {
            return context.isDestroyed() ? -Errno.EINVAL : -Restart.ERESTARTNOHAND;
        }
        return write(self, context.take((int) Math.min(most, AioContexts.MAX_EVENTS)), args.at(3));
    }

    /** True: in time. */
    private boolean await(Thread self, AioContext context, long least, long deadline) {
        context.beginWait(self);
        boolean inTime = kernel.scheduler()
                .sleepUntil(
                        self,
                        KernelThread.INTERRUPTIBLE,
                        () -> context.available() >= least
                                || context.isDestroyed()
                                || kernel.signals().isPending(self),
                        deadline);
        context.endWait(self);
        return inTime;
    }

    private static long write(Thread self, List<AioContext.Event> events, long pointer) {
        for (int i = 0; i < events.size(); i++) {
            AioContext.Event event = events.get(i);
            long at = pointer + 8L * EVENT_WORDS * i;
            if (!self.user().writeLongs(at, event.data(), event.request(), event.result(), 0)) {
                return i > 0 ? i : -Errno.EFAULT;
            }
        }
        return events.size();
    }
}
