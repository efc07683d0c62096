// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

/**
 * Which memory each Linux system call touches: the one place where mcctrl knows system calls. A line is
 * {@code number name token...}; a token {@code NdS} says that argument N points to memory which Linux reads (d is {@code <}),
 * writes ({@code >}) or both ({@code =}), of size S: a constant, {@code aM} argument M, {@code K*aM+L}, {@code s} a C string,
 * {@code *aM} the u32 behind argument M, {@code iovM} that many iovecs, {@code msg} a msghdr, {@code mmsgM} that many mmsghdrs,
 * {@code fds} an fd_set. {@code N!} passes argument N as 0. {@code *} means nested pointers: everything may be touched.
 * {@code !} refuses the call. NULL and bad addresses need no word: they stay unmapped and Linux answers.
 *
 * <p>A call that is not listed may touch everything.
 */
final class CallShapes {
    private static final String TABLE = """
            0 read 1>a2
            1 write 1<a2
            2 open 0<s
            3 close
            4 stat 0<s 1>144
            5 fstat 1>144
            6 lstat 0<s 1>144
            7 poll 0=8*a1
            8 lseek
            12 brk !
            14 rt_sigprocmask !
            15 rt_sigreturn !
            16 ioctl 2=ioctl
            17 pread64 1>a2
            18 pwrite64 1<a2
            19 readv 1>iov2
            20 writev 1<iov2
            21 access 0<s
            22 pipe 0>8
            23 select 1=fds 2=fds 3=fds 4=16
            24 sched_yield
            25 mremap !
            26 msync !
            27 mincore !
            28 madvise !
            29 shmget
            30 shmat !
            31 shmctl 2=112
            32 dup
            33 dup2
            34 pause
            35 nanosleep 0<16 1>16
            36 getitimer 1>32
            37 alarm
            38 setitimer 1<32 2>32
            39 getpid
            40 sendfile 2=8
            41 socket
            42 connect 1<a2
            43 accept 1>*a2 2=4
            44 sendto 1<a2 4<a5
            45 recvfrom 1>a2 4>*a5 5=4
            46 sendmsg 1<msg
            47 recvmsg 1>msg
            48 shutdown
            49 bind 1<a2
            50 listen
            51 getsockname 1>*a2 2=4
            52 getpeername 1>*a2 2=4
            53 socketpair 3>8
            54 setsockopt 3<a4
            55 getsockopt 3>*a4 4=4
            57 fork !
            58 vfork !
            61 wait4 1>4 3>144
            62 kill
            63 uname 0>390
            64 semget
            65 semop 1<6*a2
            66 semctl *
            67 shmdt !
            68 msgget
            69 msgsnd 1<1*a2+8
            70 msgrcv 1>1*a2+8
            71 msgctl 2=120
            72 fcntl 2=fcntl
            73 flock
            74 fsync
            75 fdatasync
            76 truncate 0<s
            77 ftruncate
            78 getdents 1>a2
            79 getcwd 0>a1
            80 chdir 0<s
            81 fchdir
            82 rename 0<s 1<s
            83 mkdir 0<s
            84 rmdir 0<s
            85 creat 0<s
            86 link 0<s 1<s
            87 unlink 0<s
            88 symlink 0<s 1<s
            89 readlink 0<s 1>a2
            90 chmod 0<s
            91 fchmod
            92 chown 0<s
            93 fchown
            94 lchown 0<s
            95 umask
            96 gettimeofday 0>16 1>8
            97 getrlimit 1>16
            98 getrusage 1>144
            99 sysinfo 0>112
            100 times 0>32
            101 ptrace !
            102 getuid
            103 syslog 1>a2
            104 getgid
            105 setuid
            106 setgid
            107 geteuid
            108 getegid
            109 setpgid
            110 getppid
            111 getpgrp
            112 setsid
            113 setreuid
            114 setregid
            115 getgroups 1>4*a0
            116 setgroups 1<4*a0
            117 setresuid
            118 getresuid 0>4 1>4 2>4
            119 setresgid
            120 getresgid 0>4 1>4 2>4
            121 getpgid
            122 setfsuid
            123 setfsgid
            124 getsid
            125 capget 0=8 1>24
            126 capset 0=8 1<24
            127 rt_sigpending !
            128 rt_sigtimedwait !
            129 rt_sigqueueinfo 2<128
            130 rt_sigsuspend !
            131 sigaltstack !
            132 utime 0<s 1<16
            133 mknod 0<s
            134 uselib 0<s
            135 personality
            136 ustat 1>32
            137 statfs 0<s 1>120
            138 fstatfs 1>120
            139 sysfs *
            140 getpriority
            141 setpriority
            142 sched_setparam 1<4
            143 sched_getparam 1>4
            144 sched_setscheduler 2<4
            145 sched_getscheduler
            146 sched_get_priority_max
            147 sched_get_priority_min
            148 sched_rr_get_interval 1>16
            149 mlock !
            150 munlock !
            151 mlockall !
            152 munlockall !
            153 vhangup
            154 modify_ldt !
            155 pivot_root 0<s 1<s
            156 _sysctl *
            157 prctl 1=64 2=64 3=64
            158 arch_prctl !
            159 adjtimex 0=208
            160 setrlimit 1<16
            161 chroot 0<s
            162 sync
            163 acct 0<s
            164 settimeofday 0<16 1<8
            165 mount 0<s 1<s 2<s 4<4096
            166 umount2 0<s
            167 swapon 0<s
            168 swapoff 0<s
            169 reboot 3<s
            170 sethostname 0<a1
            171 setdomainname 0<a1
            172 iopl
            173 ioperm
            175 init_module 0<a1 2<s
            176 delete_module 0<s
            179 quotactl 1<s 3=4096
            186 gettid
            187 readahead
            188 setxattr 0<s 1<s 2<a3
            189 lsetxattr 0<s 1<s 2<a3
            190 fsetxattr 1<s 2<a3
            191 getxattr 0<s 1<s 2>a3
            192 lgetxattr 0<s 1<s 2>a3
            193 fgetxattr 1<s 2>a3
            194 listxattr 0<s 1>a2
            195 llistxattr 0<s 1>a2
            196 flistxattr 1>a2
            197 removexattr 0<s 1<s
            198 lremovexattr 0<s 1<s
            199 fremovexattr 1<s
            200 tkill
            201 time 0>8
            203 sched_setaffinity !
            204 sched_getaffinity !
            206 io_setup 1=8
            207 io_destroy
            208 io_getevents 3>32*a2 4<16
            209 io_submit *
            210 io_cancel 1=64 2>32
            212 lookup_dcookie 1>a2
            213 epoll_create
            216 remap_file_pages !
            217 getdents64 1>a2
            218 set_tid_address !
            220 semtimedop 1<6*a2 3<16
            221 fadvise64
            222 timer_create 1<64 2>4
            223 timer_settime 2<32 3>32
            224 timer_gettime 1>32
            225 timer_getoverrun
            226 timer_delete
            227 clock_settime 1<16
            228 clock_gettime 1>16
            229 clock_getres 1>16
            230 clock_nanosleep 2<16 3>16
            232 epoll_wait 1>12*a2
            233 epoll_ctl 3<12
            234 tgkill
            235 utimes 0<s 1<32
            240 mq_open 0<s 3<64
            241 mq_unlink 0<s
            242 mq_timedsend 1<a2 4<16
            243 mq_timedreceive 1>a2 3>4 4<16
            244 mq_notify 1<64
            245 mq_getsetattr 1<64 2>64
            246 kexec_load *
            247 waitid 2>128 4>144
            248 add_key 0<s 1<s 2<a3
            249 request_key 0<s 1<s 2<s
            250 keyctl *
            251 ioprio_set
            252 ioprio_get
            253 inotify_init
            254 inotify_add_watch 1<s
            255 inotify_rm_watch
            257 openat 1<s
            258 mkdirat 1<s
            259 mknodat 1<s
            260 fchownat 1<s
            261 futimesat 1<s 2<32
            262 newfstatat 1<s 2>144
            263 unlinkat 1<s
            264 renameat 1<s 3<s
            265 linkat 1<s 3<s
            266 symlinkat 0<s 2<s
            267 readlinkat 1<s 2>a3
            268 fchmodat 1<s
            269 faccessat 1<s
            270 pselect6 1=fds 2=fds 3=fds 4=16 5!
            271 ppoll 0=8*a1 2=16 3!
            272 unshare
            273 set_robust_list !
            274 get_robust_list !
            275 splice 1=8 3=8
            276 tee
            277 sync_file_range
            278 vmsplice 1<iov2
            280 utimensat 1<s 2<32
            281 epoll_pwait 1>12*a2 4!
            282 signalfd 1<a2
            283 timerfd_create
            284 eventfd
            285 fallocate
            286 timerfd_settime 2<32 3>32
            287 timerfd_gettime 1>32
            288 accept4 1>*a2 2=4
            289 signalfd4 1<a2
            290 eventfd2
            291 epoll_create1
            292 dup3
            293 pipe2 0>8
            294 inotify_init1
            295 preadv 1>iov2
            296 pwritev 1<iov2
            297 rt_tgsigqueueinfo 3<128
            298 perf_event_open 0<128
            299 recvmmsg 1>mmsg2 4=16
            300 fanotify_init
            301 fanotify_mark 4<s
            302 prlimit64 2<16 3>16
            303 name_to_handle_at 1<s 2=136 3>4
            304 open_by_handle_at 1<136
            305 clock_adjtime 1=208
            306 syncfs
            307 sendmmsg 1<mmsg2
            308 setns
            309 getcpu 0>4 1>4
            312 kcmp 4<12
            313 finit_module 1<s
            314 sched_setattr 1<56
            315 sched_getattr 1>a2
            316 renameat2 1<s 3<s
            317 seccomp !
            318 getrandom 0>a1
            319 memfd_create 0<s
            321 bpf *
            322 execveat !
            323 userfaultfd
            324 membarrier
            325 mlock2 !
            326 copy_file_range 1=8 3=8
            327 preadv2 1>iov2
            328 pwritev2 1<iov2
            329 pkey_mprotect !
            330 pkey_alloc
            331 pkey_free
            332 statx 1<s 4>256
            333 io_pgetevents 3>32*a2 4<16 5!
            334 rseq !
            424 pidfd_send_signal 2<128
            425 io_uring_setup !
            426 io_uring_enter *
            427 io_uring_register *
            428 open_tree 1<s
            429 move_mount 1<s 3<s
            430 fsopen 0<s
            431 fsconfig 2<s 3<s
            432 fsmount
            433 fspick 1<s
            434 pidfd_open
            435 clone3 !
            436 close_range
            437 openat2 1<s 2<a3
            438 pidfd_getfd
            439 faccessat2 1<s
            441 epoll_pwait2 1>12*a2 3<16 4!
            442 mount_setattr 1<s 2<a3
            447 memfd_secret
            448 process_mrelease
            452 fchmodat2 1<s
            453 map_shadow_stack !
            """;

    private final CallShape[] shapes = new CallShape[512];

    CallShapes() {
        for (String line : TABLE.split("\n")) {
            String[] words = line.split(" ");
            shapes[Integer.parseInt(words[0])] = CallShape.parse(words, 1);
        }
    }

    CallShape of(long number) {
        CallShape shape = number >= 0 && number < shapes.length ? shapes[(int) number] : null;
        return shape == null ? CallShape.UNKNOWN : shape;
    }
}
