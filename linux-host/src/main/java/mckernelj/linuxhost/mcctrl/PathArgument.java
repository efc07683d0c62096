// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import static java.util.Map.entry;

import java.util.Map;
import mckernelj.ihk.SystemCallNumber;

/**
 * Where a system call that looks at a file by name has that name.
 *
 * @param directory position of the descriptor that a relative name begins at; -1: the working directory
 * @param path position of the name
 * @param flags position of AT_ flags; -1: none
 */
record PathArgument(int directory, int path, int flags) {
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final PathArgument FIRST = new PathArgument(-1, 0, -1);
    private static final PathArgument SECOND = new PathArgument(0, 1, -1);

    private static final Map<Integer, PathArgument> CALLS = Map.ofEntries(
            entry(SystemCallNumber.OPEN, FIRST),
            entry(SystemCallNumber.STAT, FIRST),
            entry(SystemCallNumber.LSTAT, FIRST),
            entry(SystemCallNumber.ACCESS, FIRST),
            entry(SystemCallNumber.CHDIR, FIRST),
            entry(SystemCallNumber.READLINK, FIRST),
            entry(SystemCallNumber.GETXATTR, FIRST),
            entry(SystemCallNumber.LGETXATTR, FIRST),
            entry(SystemCallNumber.LISTXATTR, FIRST),
            entry(SystemCallNumber.LLISTXATTR, FIRST),
            entry(SystemCallNumber.OPENAT, SECOND),
            entry(SystemCallNumber.OPENAT2, SECOND),
            entry(SystemCallNumber.READLINKAT, SECOND),
            entry(SystemCallNumber.FACCESSAT, SECOND),
            entry(SystemCallNumber.FACCESSAT2, new PathArgument(0, 1, 3)),
            entry(SystemCallNumber.NEWFSTATAT, new PathArgument(0, 1, 3)),
            entry(SystemCallNumber.STATX, new PathArgument(0, 1, 2)));

    /** Null: the call is not one of these. */
    static PathArgument of(long number) {
        return number < 0 || number > SystemCallNumber.FACCESSAT2 ? null : CALLS.get((int) number);
    }

    static boolean isReadLink(long number) {
        return number == SystemCallNumber.READLINK || number == SystemCallNumber.READLINKAT;
    }

    /** lstat and its like show a link itself. */
    boolean showsLink(long number, long[] arguments) {
        return switch ((int) number) {
            case SystemCallNumber.LSTAT, SystemCallNumber.LGETXATTR, SystemCallNumber.LLISTXATTR -> true;
            default -> flags >= 0 && (arguments[flags] & AT_SYMLINK_NOFOLLOW) != 0;
        };
    }
}
