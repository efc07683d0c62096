// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.linuxhost.libc.HostFile;

/**
 * What a program finds at names of /proc and /sys (upstream: the overlay in mcexec). Linux itself opens files of /proc: the servant has the
 * program's pid, so names, links, permissions and directories are right, and only what is read comes from the LWK, which is told by
 * {@link InKernelRequest#OVERLAID} that a descriptor is one of those. {@code exe} links lead to the program instead of the client, and
 * the directories of processors and NUMA nodes to {@link SysfsDirectory}.
 */
final class PathOverlay {
    private static final String PROC = "/proc/";
    private static final Pattern EXE = Pattern.compile("/proc/(self|thread-self|[0-9]{1,8})(?:/task/[0-9]{1,8})?/exe");
    private static final int AT_FDCWD = -100;
    /** Longest name that is looked at. */
    private static final int MAX_PATH = 256;

    private static final int O_ACCMODE = 3;

    /**
     * A name for Linux instead of the program's.
     *
     * @param program it is what an {@code exe} link leads to: readlink has it as answer
     */
    record Replacement(String path, boolean program) {}

    private final Delegator delegator;

    PathOverlay(Delegator delegator) {
        this.delegator = delegator;
    }

    /** Null: the name is right for Linux. */
    Replacement replacement(ProcessData process, PathArgument where, long number, long[] arguments) {
        String path = path(process, arguments[where.path()]);
        String absolute = path == null ? null : absolute(process, directory(where, arguments), path);
        if (absolute == null) {
            return null;
        }
        if (absolute.startsWith(PROC)) {
            String program = where.showsLink(number, arguments) ? null : program(process, absolute);
            return program == null ? null : new Replacement(program, true);
        }
        String real = isWritten(number, arguments) ? null : delegator.sysfs().real(absolute);
        return real == null ? null : new Replacement(real, false);
    }

    /** sysfs' files of the LWK are not for writing: those of Linux then answer, which belong to root. */
    private static boolean isWritten(long number, long[] arguments) {
        return number == SystemCallNumber.OPEN && (arguments[1] & O_ACCMODE) != 0
                || number == SystemCallNumber.OPENAT && (arguments[2] & O_ACCMODE) != 0;
    }

    private static int directory(PathArgument where, long[] arguments) {
        return where.directory() < 0 ? AT_FDCWD : (int) arguments[where.directory()];
    }

    private static String path(ProcessData process, long user) {
        byte[] bytes = new byte[MAX_PATH];
        int length = process.pages().read(user, bytes, MAX_PATH);
        for (int end = 0; end < length; end++) {
            if (bytes[end] == 0) {
                return end == 0 ? null : new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
            }
        }
        return null;
    }

    /** The name from the root, without "." and ".."; null: it does not lead to /proc or /sys. Links are not followed. */
    private String absolute(ProcessData process, int directory, String path) {
        String base = "";
        if (path.charAt(0) != '/') {
            String link =
                    HostFile.readlink(PROC + process.pid() + (directory == AT_FDCWD ? "/cwd" : "/fd/" + directory));
            base = link == null ? null : delegator.sysfs().shown(link);
            if (base == null || !isRelevant(base) && !base.equals("/") && !path.startsWith("..")) {
                return null;
            }
        }
        String whole = normalised(base + "/" + path);
        return isRelevant(whole) ? whole : null;
    }

    private static boolean isRelevant(String path) {
        return path.startsWith("/proc") || path.startsWith("/sys");
    }

    private static String normalised(String path) {
        Deque<String> words = new ArrayDeque<>();
        for (String word : path.split("/")) {
            if (word.equals("..")) {
                words.pollLast();
            } else if (!word.isEmpty() && !word.equals(".")) {
                words.addLast(word);
            }
        }
        return "/" + String.join("/", words);
    }

    /** The program that a name like {@code /proc/self/exe} means, or null. */
    String program(ProcessData caller, String path) {
        Matcher matcher = EXE.matcher(path);
        if (!matcher.matches()) {
            return null;
        }
        String word = matcher.group(1);
        ProcessData owner = word.endsWith("self") ? caller : delegator.process(Integer.parseInt(word));
        return owner == null || owner.program() == null ? null : owner.program().executable();
    }

    /** readlink of an {@code exe} link: writes the target itself. */
    static long readLink(ProcessData process, String target, long buffer, long size) {
        if (size <= 0) {
            return -Errno.EINVAL;
        }
        byte[] bytes = target.getBytes(StandardCharsets.ISO_8859_1);
        int length = (int) Math.min(bytes.length, size);
        return process.pages().write(buffer, bytes, length) ? length : -Errno.EFAULT;
    }

    /** The name of the file of /proc or /sys that the descriptor is of, as the program knows it; null: it is of another one. */
    String name(int pid, long fd) {
        String link = HostFile.readlink(PROC + pid + "/fd/" + fd);
        if (link == null || link.startsWith(PROC)) {
            return link;
        }
        String shown = delegator.sysfs().shown(link);
        return shown.equals(link) ? null : shown;
    }

    /** What the LWK gets as result of a call: with {@link InKernelRequest#OVERLAID}, with names as the program knows them. */
    long result(ProcessData process, long number, long[] arguments, long result) {
        if (result < 0) {
            return result;
        }
        if (InKernelRequest.returnsDescriptor(number, arguments[1])) {
            return name(process.pid(), result) == null ? result : result | InKernelRequest.OVERLAID;
        }
        return switch ((int) number) {
            case SystemCallNumber.GETCWD -> shown(process, arguments[0], result, 1);
            case SystemCallNumber.READLINK -> shown(process, arguments[1], result, 0);
            case SystemCallNumber.READLINKAT -> shown(process, arguments[2], result, 0);
            default -> result;
        };
    }

    /** The name that Linux has written is one of {@link SysfsDirectory}: puts the program's over it, which is shorter. */
    private long shown(ProcessData process, long buffer, long length, int terminator) {
        byte[] bytes = new byte[(int) Math.min(length, 4096)];
        if (!delegator.sysfs().exists() || process.pages().read(buffer, bytes, bytes.length) < bytes.length) {
            return length;
        }
        String real = new String(bytes, 0, bytes.length - terminator, StandardCharsets.ISO_8859_1);
        String shown = delegator.sysfs().shown(real);
        byte[] text = (terminator == 0 ? shown : shown + "\0").getBytes(StandardCharsets.ISO_8859_1);
        return text.length < bytes.length && process.pages().write(buffer, text, text.length) ? text.length : length;
    }
}
