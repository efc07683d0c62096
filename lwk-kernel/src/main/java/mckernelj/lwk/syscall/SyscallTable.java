// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import mckernelj.lwk.proc.Kernel;

/**
 * The fate of every x86-64 system call number: handled by the LWK, delegated to Linux, or ENOSYS, silently where
 * libraries probe for it and with a kernel message where a program may miss it. One line each, in numeric order.
 */
public final class SyscallTable {
    /** Numbers are 0..461; 335..423 are not assigned. */
    public static final int SIZE = 462;

    public enum Fate {
        HANDLED,
        DELEGATED,
        SILENT,
        ABSENT
    }

    /** {@code constructor}: null unless HANDLED. */
    public record Entry(int number, String name, Fate fate, Function<Kernel, Syscall> constructor) {}

    private static final List<Entry> ENTRIES = Collections.unmodifiableList(new SyscallTable().fill());

    private final List<Entry> table = new ArrayList<>();

    private SyscallTable() {}

    /** All assigned numbers in ascending order. */
    public static List<Entry> entries() {
        return ENTRIES;
    }

    /** Name of a number, or "?". */
    public static String name(int number) {
        for (Entry entry : ENTRIES) {
            if (entry.number() == number) {
                return entry.name();
            }
        }
        return "?";
    }

    private void handled(int number, String name, Function<Kernel, Syscall> constructor) {
        table.add(new Entry(number, name, Fate.HANDLED, constructor));
    }

    private void delegated(int number, String name) {
        table.add(new Entry(number, name, Fate.DELEGATED, null));
    }

    private void silent(int number, String name) {
        table.add(new Entry(number, name, Fate.SILENT, null));
    }

    private void absent(int number, String name) {
        table.add(new Entry(number, name, Fate.ABSENT, null));
    }

    private List<Entry> fill() {
        handled(0, "read", SysReadWrite::new);
        handled(1, "write", SysReadWrite::new);
        delegated(2, "open");
        delegated(3, "close");
        handled(4, "stat", SysStat::new);
        handled(5, "fstat", SysStat::new);
        handled(6, "lstat", SysStat::new);
        delegated(7, "poll");
        delegated(8, "lseek");
        handled(9, "mmap", SysMmap::new);
        handled(10, "mprotect", SysMprotect::new);
        handled(11, "munmap", SysMunmap::new);
        handled(12, "brk", SysBrk::new);
        handled(13, "rt_sigaction", SysRtSigaction::new);
        handled(14, "rt_sigprocmask", SysRtSigprocmask::new);
        handled(15, "rt_sigreturn", SysRtSigreturn::new);
        delegated(16, "ioctl");
        handled(17, "pread64", SysReadWrite::new);
        handled(18, "pwrite64", SysReadWrite::new);
        handled(19, "readv", SysReadWrite::new);
        handled(20, "writev", SysReadWrite::new);
        delegated(21, "access");
        delegated(22, "pipe");
        delegated(23, "select");
        handled(24, "sched_yield", SysSchedYield::new);
        handled(25, "mremap", SysMremap::new);
        handled(26, "msync", SysMsync::new);
        handled(27, "mincore", SysMincore::new);
        handled(28, "madvise", SysMadvise::new);
        handled(29, "shmget", SysShm::new);
        handled(30, "shmat", SysShm::new);
        handled(31, "shmctl", SysShm::new);
        delegated(32, "dup");
        delegated(33, "dup2");
        handled(34, "pause", SysRtSigsuspend::new);
        handled(35, "nanosleep", SysNanosleep::new);
        handled(36, "getitimer", SysItimer::new);
        handled(37, "alarm", SysItimer::new);
        handled(38, "setitimer", SysItimer::new);
        handled(39, "getpid", SysGetpid::new);
        handled(40, "sendfile", SysReadWrite::new);
        delegated(41, "socket");
        delegated(42, "connect");
        delegated(43, "accept");
        delegated(44, "sendto");
        delegated(45, "recvfrom");
        delegated(46, "sendmsg");
        delegated(47, "recvmsg");
        delegated(48, "shutdown");
        delegated(49, "bind");
        delegated(50, "listen");
        delegated(51, "getsockname");
        delegated(52, "getpeername");
        delegated(53, "socketpair");
        delegated(54, "setsockopt");
        delegated(55, "getsockopt");
        handled(56, "clone", SysClone::new);
        handled(57, "fork", SysFork::new);
        handled(58, "vfork", SysFork::new);
        handled(59, "execve", SysExecve::new);
        handled(60, "exit", SysExit::new);
        handled(61, "wait4", SysWait4::new);
        handled(62, "kill", SysKill::new);
        delegated(63, "uname");
        delegated(64, "semget");
        delegated(65, "semop");
        delegated(66, "semctl");
        handled(67, "shmdt", SysShm::new);
        delegated(68, "msgget");
        delegated(69, "msgsnd");
        delegated(70, "msgrcv");
        delegated(71, "msgctl");
        delegated(72, "fcntl");
        delegated(73, "flock");
        delegated(74, "fsync");
        delegated(75, "fdatasync");
        delegated(76, "truncate");
        handled(77, "ftruncate", SysFileLength::new);
        delegated(78, "getdents");
        delegated(79, "getcwd");
        delegated(80, "chdir");
        delegated(81, "fchdir");
        delegated(82, "rename");
        delegated(83, "mkdir");
        delegated(84, "rmdir");
        delegated(85, "creat");
        delegated(86, "link");
        delegated(87, "unlink");
        delegated(88, "symlink");
        delegated(89, "readlink");
        delegated(90, "chmod");
        delegated(91, "fchmod");
        delegated(92, "chown");
        delegated(93, "fchown");
        delegated(94, "lchown");
        delegated(95, "umask");
        handled(96, "gettimeofday", SysGettimeofday::new);
        handled(97, "getrlimit", SysPrlimit64::new);
        handled(98, "getrusage", SysGetrusage::new);
        handled(99, "sysinfo", SysSysinfo::new);
        handled(100, "times", SysTimes::new);
        handled(101, "ptrace", SysPtrace::new);
        delegated(102, "getuid");
        delegated(103, "syslog");
        delegated(104, "getgid");
        handled(105, "setuid", SysSetid::new);
        handled(106, "setgid", SysSetid::new);
        delegated(107, "geteuid");
        delegated(108, "getegid");
        handled(109, "setpgid", SysSetpgid::new);
        delegated(110, "getppid");
        delegated(111, "getpgrp");
        delegated(112, "setsid");
        handled(113, "setreuid", SysSetid::new);
        handled(114, "setregid", SysSetid::new);
        delegated(115, "getgroups");
        delegated(116, "setgroups");
        handled(117, "setresuid", SysSetid::new);
        delegated(118, "getresuid");
        handled(119, "setresgid", SysSetid::new);
        delegated(120, "getresgid");
        delegated(121, "getpgid");
        delegated(122, "setfsuid");
        delegated(123, "setfsgid");
        delegated(124, "getsid");
        delegated(125, "capget");
        delegated(126, "capset");
        handled(127, "rt_sigpending", SysRtSigpending::new);
        handled(128, "rt_sigtimedwait", SysRtSigtimedwait::new);
        handled(129, "rt_sigqueueinfo", SysRtSigqueueinfo::new);
        handled(130, "rt_sigsuspend", SysRtSigsuspend::new);
        handled(131, "sigaltstack", SysSigaltstack::new);
        delegated(132, "utime");
        delegated(133, "mknod");
        silent(134, "uselib");
        delegated(135, "personality");
        delegated(136, "ustat");
        delegated(137, "statfs");
        delegated(138, "fstatfs");
        delegated(139, "sysfs");
        delegated(140, "getpriority");
        delegated(141, "setpriority");
        handled(142, "sched_setparam", SysSchedPolicy::new);
        handled(143, "sched_getparam", SysSchedPolicy::new);
        handled(144, "sched_setscheduler", SysSchedPolicy::new);
        handled(145, "sched_getscheduler", SysSchedPolicy::new);
        handled(146, "sched_get_priority_max", SysSchedPolicy::new);
        handled(147, "sched_get_priority_min", SysSchedPolicy::new);
        handled(148, "sched_rr_get_interval", SysSchedPolicy::new);
        handled(149, "mlock", SysMlock::new);
        handled(150, "munlock", SysMlock::new);
        handled(151, "mlockall", SysMlockall::new);
        handled(152, "munlockall", SysMlockall::new);
        delegated(153, "vhangup");
        silent(154, "modify_ldt");
        delegated(155, "pivot_root");
        silent(156, "_sysctl");
        handled(157, "prctl", SysPrctl::new);
        handled(158, "arch_prctl", SysArchPrctl::new);
        delegated(159, "adjtimex");
        handled(160, "setrlimit", SysPrlimit64::new);
        delegated(161, "chroot");
        delegated(162, "sync");
        delegated(163, "acct");
        delegated(164, "settimeofday");
        delegated(165, "mount");
        delegated(166, "umount2");
        delegated(167, "swapon");
        delegated(168, "swapoff");
        delegated(169, "reboot");
        delegated(170, "sethostname");
        delegated(171, "setdomainname");
        absent(172, "iopl");
        absent(173, "ioperm");
        silent(174, "create_module");
        delegated(175, "init_module");
        delegated(176, "delete_module");
        silent(177, "get_kernel_syms");
        silent(178, "query_module");
        delegated(179, "quotactl");
        silent(180, "nfsservctl");
        silent(181, "getpmsg");
        silent(182, "putpmsg");
        silent(183, "afs_syscall");
        silent(184, "tuxcall");
        silent(185, "security");
        handled(186, "gettid", SysGettid::new);
        delegated(187, "readahead");
        delegated(188, "setxattr");
        delegated(189, "lsetxattr");
        delegated(190, "fsetxattr");
        delegated(191, "getxattr");
        delegated(192, "lgetxattr");
        delegated(193, "fgetxattr");
        delegated(194, "listxattr");
        delegated(195, "llistxattr");
        delegated(196, "flistxattr");
        delegated(197, "removexattr");
        delegated(198, "lremovexattr");
        delegated(199, "fremovexattr");
        handled(200, "tkill", SysTgkill::new);
        handled(201, "time", SysTime::new);
        handled(202, "futex", SysFutex::new);
        handled(203, "sched_setaffinity", SysSchedAffinity::new);
        handled(204, "sched_getaffinity", SysSchedAffinity::new);
        silent(205, "set_thread_area");
        handled(206, "io_setup", SysAio::new);
        handled(207, "io_destroy", SysAio::new);
        handled(208, "io_getevents", SysAio::new);
        handled(209, "io_submit", SysAio::new);
        handled(210, "io_cancel", SysAio::new);
        silent(211, "get_thread_area");
        delegated(212, "lookup_dcookie");
        delegated(213, "epoll_create");
        silent(214, "epoll_ctl_old");
        silent(215, "epoll_wait_old");
        handled(216, "remap_file_pages", SysRemapFilePages::new);
        delegated(217, "getdents64");
        handled(218, "set_tid_address", SysSetTidAddress::new);
        handled(219, "restart_syscall", SysRestartSyscall::new);
        delegated(220, "semtimedop");
        delegated(221, "fadvise64");
        handled(222, "timer_create", SysPosixTimer::new);
        handled(223, "timer_settime", SysPosixTimer::new);
        handled(224, "timer_gettime", SysPosixTimer::new);
        handled(225, "timer_getoverrun", SysPosixTimer::new);
        handled(226, "timer_delete", SysPosixTimer::new);
        delegated(227, "clock_settime");
        handled(228, "clock_gettime", SysClockGettime::new);
        handled(229, "clock_getres", SysClockGetres::new);
        handled(230, "clock_nanosleep", SysNanosleep::new);
        handled(231, "exit_group", SysExitGroup::new);
        delegated(232, "epoll_wait");
        delegated(233, "epoll_ctl");
        handled(234, "tgkill", SysTgkill::new);
        delegated(235, "utimes");
        silent(236, "vserver");
        handled(237, "mbind", SysMempolicy::new);
        handled(238, "set_mempolicy", SysMempolicy::new);
        handled(239, "get_mempolicy", SysMempolicy::new);
        delegated(240, "mq_open");
        delegated(241, "mq_unlink");
        delegated(242, "mq_timedsend");
        delegated(243, "mq_timedreceive");
        delegated(244, "mq_notify");
        delegated(245, "mq_getsetattr");
        delegated(246, "kexec_load");
        handled(247, "waitid", SysWait4::new);
        delegated(248, "add_key");
        delegated(249, "request_key");
        delegated(250, "keyctl");
        delegated(251, "ioprio_set");
        delegated(252, "ioprio_get");
        delegated(253, "inotify_init");
        delegated(254, "inotify_add_watch");
        delegated(255, "inotify_rm_watch");
        absent(256, "migrate_pages");
        delegated(257, "openat");
        delegated(258, "mkdirat");
        delegated(259, "mknodat");
        delegated(260, "fchownat");
        delegated(261, "futimesat");
        handled(262, "newfstatat", SysStat::new);
        delegated(263, "unlinkat");
        delegated(264, "renameat");
        delegated(265, "linkat");
        delegated(266, "symlinkat");
        delegated(267, "readlinkat");
        delegated(268, "fchmodat");
        delegated(269, "faccessat");
        handled(270, "pselect6", SysPollWithMask::new);
        handled(271, "ppoll", SysPollWithMask::new);
        handled(272, "unshare", SysUnshare::new);
        handled(273, "set_robust_list", SysSetRobustList::new);
        handled(274, "get_robust_list", SysGetRobustList::new);
        handled(275, "splice", SysReadWrite::new);
        delegated(276, "tee");
        delegated(277, "sync_file_range");
        delegated(278, "vmsplice");
        absent(279, "move_pages");
        delegated(280, "utimensat");
        handled(281, "epoll_pwait", SysPollWithMask::new);
        handled(282, "signalfd", SysSignalfd::new);
        delegated(283, "timerfd_create");
        delegated(284, "eventfd");
        handled(285, "fallocate", SysFileLength::new);
        delegated(286, "timerfd_settime");
        delegated(287, "timerfd_gettime");
        delegated(288, "accept4");
        handled(289, "signalfd4", SysSignalfd::new);
        delegated(290, "eventfd2");
        delegated(291, "epoll_create1");
        delegated(292, "dup3");
        delegated(293, "pipe2");
        delegated(294, "inotify_init1");
        handled(295, "preadv", SysReadWrite::new);
        handled(296, "pwritev", SysReadWrite::new);
        handled(297, "rt_tgsigqueueinfo", SysRtSigqueueinfo::new);
        silent(298, "perf_event_open");
        delegated(299, "recvmmsg");
        delegated(300, "fanotify_init");
        delegated(301, "fanotify_mark");
        handled(302, "prlimit64", SysPrlimit64::new);
        delegated(303, "name_to_handle_at");
        delegated(304, "open_by_handle_at");
        delegated(305, "clock_adjtime");
        delegated(306, "syncfs");
        delegated(307, "sendmmsg");
        delegated(308, "setns");
        handled(309, "getcpu", SysGetcpu::new);
        handled(310, "process_vm_readv", SysProcessVm::new);
        handled(311, "process_vm_writev", SysProcessVm::new);
        handled(312, "kcmp", SysKcmp::new);
        delegated(313, "finit_module");
        handled(314, "sched_setattr", SysSchedAttributes::new);
        handled(315, "sched_getattr", SysSchedAttributes::new);
        delegated(316, "renameat2");
        handled(317, "seccomp", SysSeccomp::new);
        handled(318, "getrandom", SysGetrandom::new);
        delegated(319, "memfd_create");
        delegated(320, "kexec_file_load");
        delegated(321, "bpf");
        handled(322, "execveat", SysExecve::new);
        silent(323, "userfaultfd");
        handled(324, "membarrier", SysMembarrier::new);
        handled(325, "mlock2", SysMlock::new);
        handled(326, "copy_file_range", SysReadWrite::new);
        handled(327, "preadv2", SysReadWrite::new);
        handled(328, "pwritev2", SysReadWrite::new);
        handled(329, "pkey_mprotect", SysMprotect::new);
        silent(330, "pkey_alloc");
        silent(331, "pkey_free");
        handled(332, "statx", SysStat::new);
        handled(333, "io_pgetevents", SysAio::new);
        handled(334, "rseq", SysRseq::new);
        delegated(424, "pidfd_send_signal");
        silent(425, "io_uring_setup");
        silent(426, "io_uring_enter");
        silent(427, "io_uring_register");
        delegated(428, "open_tree");
        delegated(429, "move_mount");
        delegated(430, "fsopen");
        delegated(431, "fsconfig");
        delegated(432, "fsmount");
        delegated(433, "fspick");
        delegated(434, "pidfd_open");
        handled(435, "clone3", SysClone3::new);
        handled(436, "close_range", SysUnshare::new);
        delegated(437, "openat2");
        delegated(438, "pidfd_getfd");
        delegated(439, "faccessat2");
        silent(440, "process_madvise");
        handled(441, "epoll_pwait2", SysPollWithMask::new);
        delegated(442, "mount_setattr");
        delegated(443, "quotactl_fd");
        delegated(444, "landlock_create_ruleset");
        delegated(445, "landlock_add_rule");
        delegated(446, "landlock_restrict_self");
        silent(447, "memfd_secret");
        silent(448, "process_mrelease");
        handled(449, "futex_waitv", SysFutex2::new);
        silent(450, "set_mempolicy_home_node");
        delegated(451, "cachestat");
        delegated(452, "fchmodat2");
        silent(453, "map_shadow_stack");
        handled(454, "futex_wake", SysFutex2::new);
        handled(455, "futex_wait", SysFutex2::new);
        handled(456, "futex_requeue", SysFutex2::new);
        delegated(457, "statmount");
        delegated(458, "listmount");
        delegated(459, "lsm_get_self_attr");
        delegated(460, "lsm_set_self_attr");
        delegated(461, "lsm_list_modules");
        return table;
    }
}
