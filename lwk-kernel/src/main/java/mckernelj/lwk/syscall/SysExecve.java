// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import java.io.ByteArrayOutputStream;
import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.mm.UserAccess;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Rlimits;
import mckernelj.lwk.proc.Thread;

/** execve(2), execveat(2): collects arguments and environment. */
final class SysExecve implements Syscall {
    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int MAX_STRING = 32 * 4096;
    private static final int MAX_COUNT = 0x7FFF_FFFF;
    private static final long MINIMUM_ROOM = 128 << 10;
    private static final long MAXIMUM_ROOM = 6 << 20;

    private final Kernel kernel;

    SysExecve(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        boolean at = args.number() == SystemCallNumber.EXECVEAT;
        if (at && (args.intAt(4) & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW)) != 0) {
            return -Errno.EINVAL;
        }
        int first = at ? 1 : 0;
        Strings strings = new Strings(self.user(), room(self));
        byte[] arguments = strings.read(args.at(first + 1));
        byte[] environment = arguments == null ? null : strings.read(args.at(first + 2));
        if (environment == null) {
            return strings.error;
        }
        if (arguments.length == 0) {
            // Linux since 5.18: an empty argv becomes {""}.
            arguments = new byte[1];
        }
        return kernel.exec()
                .execute(
                        self,
                        at ? args.intAt(0) : AT_FDCWD,
                        args.at(first),
                        at ? args.intAt(4) : 0,
                        arguments,
                        environment);
    }

    private static long room(Thread self) {
        long stack = self.process().rlimits().soft(Rlimits.RLIMIT_STACK);
        return stack < 0 ? MAXIMUM_ROOM : Math.min(MAXIMUM_ROOM, Math.max(stack / 4, MINIMUM_ROOM));
    }

    /** Reads arrays of string pointers; {@code error} says why one could not be read. */
    private static final class Strings {
        private final UserAccess user;
        private long room;
        private long error;

        Strings(UserAccess user, long room) {
            this.user = user;
            this.room = room;
        }

        byte[] read(long array) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; array != 0 && i < MAX_COUNT; i++) {
                long[] pointer = user.readLongs(array + 8L * i, 1);
                if (pointer == null) {
                    error = -Errno.EFAULT;
                    return null;
                }
                if (pointer[0] == 0) {
                    break;
                }
                byte[] string = user.readString(pointer[0], MAX_STRING - 1);
                room -= string == null ? 0 : string.length + 9;
                if (string == null || room < 0) {
                    error = string == null && user.read(pointer[0], 1) == null ? -Errno.EFAULT : -Errno.E2BIG;
                    return null;
                }
                all.writeBytes(string);
                all.write(0);
            }
            return all.toByteArray();
        }
    }
}
