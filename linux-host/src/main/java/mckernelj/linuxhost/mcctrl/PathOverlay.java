// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;

/**
 * Paths that must not mean the servant's own files (upstream: the userspace overlay of /proc and /sys). So far:
 * {@code /proc/self/exe} and its other spellings mean the program.
 */
final class PathOverlay {
    private static final String PROC = "/proc/";
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    /** Longest path that is looked at. */
    private static final int MAX_PATH = 64;

    /** Position of the path argument of the calls concerned. */
    private static final Map<Integer, Integer> PATH_ARGUMENT = Map.ofEntries(
            Map.entry(SystemCallNumber.OPEN, 0),
            Map.entry(SystemCallNumber.STAT, 0),
            Map.entry(SystemCallNumber.ACCESS, 0),
            Map.entry(SystemCallNumber.READLINK, 0),
            Map.entry(SystemCallNumber.OPENAT, 1),
            Map.entry(SystemCallNumber.NEWFSTATAT, 1),
            Map.entry(SystemCallNumber.FACCESSAT, 1),
            Map.entry(SystemCallNumber.READLINKAT, 1),
            Map.entry(SystemCallNumber.STATX, 1),
            Map.entry(SystemCallNumber.OPENAT2, 1),
            Map.entry(SystemCallNumber.FACCESSAT2, 1));

    private final Delegator delegator;

    PathOverlay(Delegator delegator) {
        this.delegator = delegator;
    }

    /** Position of the path argument, or -1 if this call is never concerned. */
    static int pathArgument(long number) {
        return number > SystemCallNumber.FACCESSAT2 ? -1 : PATH_ARGUMENT.getOrDefault((int) number, -1);
    }

    /** The path that Linux is to use instead of the one at {@code user}; null: that one is right. */
    String replacement(ProcessData process, long number, long user, long[] arguments) {
        byte[] bytes = new byte[MAX_PATH];
        int length = process.pages().read(user, bytes, PROC.length());
        if (length < PROC.length() || !new String(bytes, 0, length, StandardCharsets.ISO_8859_1).equals(PROC)) {
            return null;
        }
        length = process.pages().read(user, bytes, MAX_PATH);
        int end = 0;
        while (end < length && bytes[end] != 0) {
            end++;
        }
        String path = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
        ProcessData owner = end == length || staysLink(number, arguments) ? null : ownerOfExe(process, path);
        return owner == null || owner.program() == null ? null : owner.program().executable();
    }

    /** lstat shows the link itself. */
    private static boolean staysLink(long number, long[] arguments) {
        return number == SystemCallNumber.NEWFSTATAT && (arguments[3] & AT_SYMLINK_NOFOLLOW) != 0
                || number == SystemCallNumber.STATX && (arguments[2] & AT_SYMLINK_NOFOLLOW) != 0;
    }

    /** The program that a path like {@code /proc/self/exe} means, or null. */
    String program(ProcessData caller, String path) {
        ProcessData owner = path.startsWith(PROC) ? ownerOfExe(caller, path) : null;
        return owner == null || owner.program() == null ? null : owner.program().executable();
    }

    private ProcessData ownerOfExe(ProcessData caller, String path) {
        String[] words = path.substring(PROC.length()).split("/");
        if (words.length != 2 || !words[1].equals("exe")) {
            return null;
        }
        if (words[0].equals("self") || words[0].equals("thread-self")) {
            return caller;
        }
        boolean number =
                !words[0].isEmpty() && words[0].length() < 9 && words[0].chars().allMatch(Character::isDigit);
        return number ? delegator.process(Integer.parseInt(words[0])) : null;
    }

    /** readlink of a replaced path: writes the target itself. */
    static long readLink(ProcessData process, String target, long buffer, long size) {
        if (size <= 0) {
            return -Errno.EINVAL;
        }
        byte[] bytes = target.getBytes(StandardCharsets.ISO_8859_1);
        int length = (int) Math.min(bytes.length, size);
        return process.pages().write(buffer, bytes, length) ? length : -Errno.EFAULT;
    }
}
