// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.launch;

/**
 * The memory that the node and its servants share, and the fixed addresses of a servant's address space. The servant's
 * machine code (mcexec) and the node's side (linux-host) are both written against these numbers.
 *
 * <p>All servants of a node share one sealed memfd: first the slots, one per servant thread, then the transfer areas, which
 * are lent to one servant at a time for bulk data. A slot:
 * <pre>
 * 0x000 u32 request    sequence, written by the node, last     0x040 u32 reply       sequence, written by the servant, last
 * 0x004 u32 servant sleeps                                     0x044 u32 node sleeps (each flag is written by its owner)
 * 0x008 u32 number of records                                  0x048 u64 address of the doorbell word
 * 0x00c u32 servant's spin count                               0x080 u32 ring head (servant)
 * 0x084 u32 interrupt: sequence to cancel (node)               0x088 u32 wake: counts wake-ups of the waiting node thread
 * 0x08c u32 tid: cleared by the kernel when the thread ends    0x0a0 timespec of the waiting node thread
 * 0x0c0 hello: u64 stack pointer, 3 x u32 fd, u64 RLIMIT_AS
 * 0x100 records of 64 bytes: number, 6 arguments, result       0x2000 ring: 64 entries, the first 64 bytes of siginfo
 * 0x3000 argument area                                         0x8000 downwards: signal frames
 * </pre>
 */
public final class MailboxLayout {
    /** Version of this layout; the first word that the node sends to a client. */
    public static final int VERSION = 1;

    public static final int REQUEST = 0x000;
    public static final int SERVANT_SLEEPS = 0x004;
    public static final int RECORD_COUNT = 0x008;
    public static final int SPIN_COUNT = 0x00c;
    public static final int REPLY = 0x040;
    public static final int NODE_SLEEPS = 0x044;
    public static final int DOORBELL_ADDRESS = 0x048;
    public static final int RING_HEAD = 0x080;
    public static final int INTERRUPT = 0x084;

    /**
     * Result of a call that was cancelled before it began: it must be issued again. An error number that Linux itself never returns
     * (ERESTARTNOINTR), since EINTR would be wrong for calls that do not block.
     */
    public static final long NOT_BEGUN = -513;

    public static final int WAKE = 0x088;
    public static final int TID = 0x08c;
    public static final int NODE_TIMEOUT = 0x0a0;
    public static final int HELLO_STACK = 0x0c0;
    public static final int HELLO_SOCKET = 0x0c8;
    public static final int HELLO_MAILBOX_FD = 0x0cc;
    public static final int HELLO_MEMORY_FD = 0x0d0;
    public static final int HELLO_RLIMIT_AS = 0x0d8;
    public static final int RECORDS = 0x100;
    public static final int RECORD_BYTES = 64;
    public static final int RECORD_RESULT = 56;
    public static final int MAX_RECORDS = 124;
    public static final int RING = 0x2000;
    public static final int RING_ENTRIES = 64;
    public static final int RING_ENTRY_BYTES = 64;
    public static final int ARGUMENTS = 0x3000;
    /** End of the argument area: 6 KiB remain for one signal frame with AVX-512 state. */
    public static final int ARGUMENTS_END = 0x6800;

    public static final int SLOT_SHIFT = 15;
    public static final int SLOT_BYTES = 1 << SLOT_SHIFT;
    public static final int SLOT_COUNT = 16384;
    public static final int TRANSFER_AREA_BYTES = 16 << 20;
    public static final int TRANSFER_AREA_COUNT = 16;
    public static final long TRANSFER_AREAS = (long) SLOT_COUNT * SLOT_BYTES;
    /** The doorbell word follows the transfer areas in a page of its own. */
    public static final long DOORBELL = TRANSFER_AREAS + (long) TRANSFER_AREA_COUNT * TRANSFER_AREA_BYTES;

    public static final long MAILBOX_BYTES = DOORBELL + 4096;

    /** End of guest addresses in a servant; the window on the machine's physical memory begins here. */
    public static final long USER_END = 0x7000_0000_0000L;

    public static final long WINDOW = USER_END;
    /** The servant's one page of machine code. */
    public static final long IMAGE = 0x7d00_0000_0000L;

    public static final long MAILBOX = 0x7e00_0000_0000L;

    // Constant data at the beginning of the image, for rt_sigaction and rt_sigprocmask records.
    public static final long IMAGE_DATA = IMAGE + 0x80;
    /** struct sigaction: report to the node, restart the interrupted call. */
    public static final long SIGACTION_REPORT_RESTART = IMAGE_DATA;
    /** struct sigaction: report to the node, the interrupted call returns EINTR. */
    public static final long SIGACTION_REPORT = IMAGE_DATA + 0x20;

    public static final long SIGACTION_IGNORE = IMAGE_DATA + 0x40;
    public static final long SIGACTION_DEFAULT = IMAGE_DATA + 0x60;
    /** The handler of {@link #PRIVATE_SIGNAL} is installed by the image itself, from this struct. */
    public static final long SIGACTION_PRIVATE = IMAGE_DATA + 0x80;

    public static final long SIGSET_ALL = IMAGE_DATA + 0xa0;
    public static final long SIGSET_NONE = IMAGE_DATA + 0xa8;
    public static final int IMAGE_DATA_BYTES = 0xb0;

    /** Reserved by glibc: no program sends it. From the node: cancel the call; from the kernel: the node died. */
    public static final int PRIVATE_SIGNAL = 33;

    private MailboxLayout() {}
}
