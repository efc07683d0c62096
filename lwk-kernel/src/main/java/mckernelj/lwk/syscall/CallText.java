// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import mckernelj.ihk.Errno;
import mckernelj.lwk.mm.UserAccess;
import mckernelj.lwk.signal.Restart;

/** A system call as a line of text, in the manner of strace(1): name, arguments by their kinds, result. */
final class CallText {
    private static final int MAX_STRING = 32;

    /**
     * Kinds of arguments: d decimal, x hexadecimal, o octal, s string, w bytes to be written (their number is the next
     * argument), r bytes that were read (their number is the result). The last letter of {@code >x} is the result's kind.
     */
    private static final String KINDS = """
            read drd; write dwd; open sxo; close d; stat sx; fstat dx; lstat sx; poll xdd; lseek ddd
            mmap xdxxdx>x; mprotect xdx; munmap xd; brk x>x; rt_sigaction dxxd; rt_sigprocmask dxxd; rt_sigreturn
            ioctl dxx; pread64 drdd; pwrite64 dwdd; readv dxd; writev dxd; access sx; pipe x; select dxxxx; sched_yield
            mremap xddxx>x; msync xdx; mincore xdx; madvise xdd; shmget ddo; shmat dxx>x; shmctl ddx; dup d; dup2 dd
            pause; nanosleep xx; getitimer dx; alarm d; setitimer dxx; getpid; sendfile ddxd; socket ddd; connect dxd
            accept dxx; sendto dwdxxd; recvfrom drdxxx; sendmsg dxx; recvmsg dxx; shutdown dd; bind dxd; listen dd
            getsockname dxx; getpeername dxx; socketpair dddx; setsockopt dddxd; getsockopt dddxx; clone xxxxx; fork
            vfork; execve sxx; exit d; wait4 dxxx; kill dd; uname x; shmdt x; fcntl ddx; flock dd; fsync d; fdatasync d
            truncate sd; ftruncate dd; getdents dxd; getcwd xd; chdir s; fchdir d; rename ss; mkdir so; rmdir s; creat so
            link ss; unlink s; symlink ss; readlink sxd; chmod so; fchmod do; chown sdd; fchown ddd; umask o
            gettimeofday xx; getrlimit dx; getrusage dx; sysinfo x; times x; ptrace xdxx; getuid; getgid; setuid d; setgid d
            geteuid; getegid; setpgid dd; getppid; getpgrp; setsid; getgroups dx; sigaltstack xx; arch_prctl xx; prctl dxxxx
            gettid; tkill dd; time x; futex xxdxxd; sched_setaffinity ddx; sched_getaffinity ddx; getdents64 dxd
            set_tid_address x; clock_gettime dx; clock_getres dx; clock_nanosleep dxxx; exit_group d; epoll_wait dxdd
            epoll_ctl dddx; tgkill ddd; openat dsxo; mkdirat dso; newfstatat dsxx; unlinkat dsx; renameat dsds
            readlinkat dsxd; faccessat dsx; pselect6 dxxxxx; ppoll xdxxd; set_robust_list xd; get_robust_list dxx
            eventfd2 dx; epoll_create1 x; dup3 ddx; pipe2 xx; prlimit64 ddxx; process_vm_readv dxdxdd
            process_vm_writev dxdxdd; renameat2 dsdsx; getrandom xdx; execveat dsxxx; membarrier dxd; statx dsxxx
            rseq xdxx; clone3 xd; faccessat2 dsxx; fadvise64 dddd
            """;

    private final Map<String, String> kinds = new HashMap<>();

    CallText() {
        for (String call : KINDS.split("[;\n]")) {
            String[] words = call.strip().split(" ");
            kinds.put(words[0], words.length > 1 ? words[1] : "");
        }
    }

    /** {@code returned}: what it read is there. */
    String call(UserAccess user, int number, long[] values, boolean returned, long result) {
        String name = SyscallTable.name(number);
        String shape = kinds.getOrDefault(name, "xxxxxx");
        StringBuilder text = new StringBuilder("?".equals(name) ? "syscall_" + number : name).append('(');
        for (int i = 0; i < shape.length() && shape.charAt(i) != '>'; i++) {
            long size = i + 1 < values.length ? values[i + 1] : 0;
            text.append(i == 0 ? "" : ", ");
            switch (shape.charAt(i)) {
                case 'd' -> text.append((int) values[i]);
                case 'o' -> text.append('0').append(Long.toOctalString(values[i] & 0xFFFF_FFFFL));
                case 's' -> text.append(string(user, values[i]));
                case 'w' -> text.append(bytes(user, values[i], size));
                case 'r' ->
                    text.append(returned && result >= 0 ? bytes(user, values[i], result) : hexadecimal(values[i]));
                default -> text.append(hexadecimal(values[i]));
            }
        }
        return text.append(") = ")
                .append(returned ? result(result, shape.endsWith(">x")) : "?")
                .toString();
    }

    private static String hexadecimal(long value) {
        return value == 0 ? "0" : "0x" + Long.toHexString(value);
    }

    private static String result(long result, boolean address) {
        if (Restart.isRestart(result)) {
            return "? (to be restarted)";
        }
        if (result < 0 && result >= -4095) {
            return "-1 " + Errno.name((int) -result);
        }
        return address ? hexadecimal(result) : Long.toString(result);
    }

    private static String string(UserAccess user, long pointer) {
        byte[] bytes = user.readString(pointer, 4096);
        return bytes == null ? hexadecimal(pointer) : quoted(bytes, bytes.length);
    }

    private static String bytes(UserAccess user, long pointer, long length) {
        byte[] bytes = length < 0 ? null : user.read(pointer, (int) Math.min(length, MAX_STRING));
        return bytes == null ? hexadecimal(pointer) : quoted(bytes, length);
    }

    private static String quoted(byte[] bytes, long length) {
        StringBuilder text = new StringBuilder("\"");
        for (char c :
                new String(bytes, 0, Math.min(bytes.length, MAX_STRING), StandardCharsets.ISO_8859_1).toCharArray()) {
            switch (c) {
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '\r' -> text.append("\\r");
                case '"', '\\' -> text.append('\\').append(c);
                default ->
                    text.append(
                            c >= ' ' && c < 127 ? String.valueOf(c) : String.format(Locale.ROOT, "\\x%02x", (int) c));
            }
        }
        return text.append(length > MAX_STRING ? "\"..." : "\"").toString();
    }
}
