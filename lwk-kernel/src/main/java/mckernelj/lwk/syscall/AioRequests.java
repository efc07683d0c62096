// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import java.util.Arrays;
import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.aio.AioContext;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.signal.Restart;

/**
 * Requests of io_submit(2): struct iocb {u64 data; u32 key, rw_flags; u16 opcode; s16 priority; u32 fd; u64 buffer, length; s64 offset;
 * u64 reserved; u32 flags, eventfd}.
 */
final class AioRequests {
    private static final int WORDS = 8;
    private static final int PREAD = 0;
    private static final int PWRITE = 1;
    private static final int FSYNC = 2;
    private static final int FDSYNC = 3;
    private static final int PREADV = 7;
    private static final int PWRITEV = 8;
    private static final int KEY = 8;
    private static final int FLAG_EVENTFD = 1;
    private static final int KNOWN_FLAGS = 3;

    private final Kernel kernel;
    private final SysReadWrite readWrite;

    AioRequests(Kernel kernel) {
        this.kernel = kernel;
        this.readWrite = new SysReadWrite(kernel);
    }

    /** 0, or a negative errno: then there will be no event. */
    long submit(Thread self, AioContext context, long pointer) {
        long[] request = self.user().readLongs(pointer, WORDS);
        if (request == null) {
            return -Errno.EFAULT;
        }
        int flags = (int) request[7];
        if (request[6] != 0 || request[4] < 0 || (flags & ~KNOWN_FLAGS) != 0) {
            return -Errno.EINVAL;
        }
        if (!context.begin()) {
            return -Errno.EAGAIN;
        }
        long result = self.user().writeInt(pointer + KEY, 0) ? execute(self, request) : -Errno.EFAULT;
        if (result == -Errno.EBADF || result == -Errno.EINVAL || result == -Errno.EFAULT && !moves(request)) {
            context.abandon();
            return result;
        }
        AioContext.Event event = new AioContext.Event(request[0], pointer, result);
        for (KernelThread waiting : context.complete(event)) {
            kernel.scheduler().wake(self.cpu(), waiting);
        }
        if ((flags & FLAG_EVENTFD) != 0) {
            // The queue's own page holds the number to be added.
            self.user().writeLongs(context.address(), 1);
            delegate(self, SystemCallNumber.WRITE, (int) (request[7] >>> 32), context.address(), 8);
        }
        return 0;
    }

    private static int opcode(long[] request) {
        return (int) request[2] & 0xFFFF;
    }

    /** Of these a bad buffer is the event's result. */
    private static boolean moves(long[] request) {
        return opcode(request) <= PWRITE;
    }

    private long execute(Thread self, long[] request) {
        int fd = (int) (request[2] >>> 32);
        long buffer = request[3];
        long length = request[4];
        long offset = request[5];
        return switch (opcode(request)) {
            case PREAD -> move(self, SystemCallNumber.PREAD64, SystemCallNumber.READ, fd, buffer, length, offset);
            case PWRITE -> move(self, SystemCallNumber.PWRITE64, SystemCallNumber.WRITE, fd, buffer, length, offset);
            case PREADV -> move(self, SystemCallNumber.PREADV, SystemCallNumber.READV, fd, buffer, length, offset);
            case PWRITEV -> move(self, SystemCallNumber.PWRITEV, SystemCallNumber.WRITEV, fd, buffer, length, offset);
            case FSYNC -> delegate(self, SystemCallNumber.FSYNC, fd);
            case FDSYNC -> delegate(self, SystemCallNumber.FDATASYNC, fd);
            default -> -Errno.EINVAL;
        };
    }

    /** What has no offset is read and written as it is. */
    private long move(Thread self, int atOffset, int plain, int fd, long buffer, long length, long offset) {
        long result = readWrite(self, atOffset, fd, buffer, length, offset);
        return result == -Errno.ESPIPE ? readWrite(self, plain, fd, buffer, length) : result;
    }

    private long readWrite(Thread self, int number, long... arguments) {
        return uninterrupted(readWrite.call(self, new Transfer(number, Arrays.copyOf(arguments, 6))));
    }

    private long delegate(Thread self, int number, long... arguments) {
        return uninterrupted(SyscallDispatch.delegate(kernel, self, number, Arrays.copyOf(arguments, 6)));
    }

    private static long uninterrupted(long result) {
        return Restart.isRestart(result) ? -Errno.EINTR : result;
    }
}
