// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import static mckernelj.ihk.launch.MailboxLayout.SIGACTION_DEFAULT;
import static mckernelj.ihk.launch.MailboxLayout.SIGACTION_IGNORE;
import static mckernelj.ihk.launch.MailboxLayout.SIGACTION_REPORT;
import static mckernelj.ihk.launch.MailboxLayout.SIGACTION_REPORT_RESTART;
import static mckernelj.ihk.launch.MailboxLayout.SIGSET_NONE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import mckernelj.ihk.SystemCallNumber;

/**
 * Records that set what a servant does with a signal. What the guest ignores must be ignored in the servant too: otherwise
 * calls would be interrupted which natively are not, and the terminal's rules would differ. The structures are constant
 * data of the servant's image.
 */
public final class SignalRecords {
    public static final int SIGKILL = 9;
    public static final int SIGCHLD = 17;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;
    public static final int SIGTSTP = 20;
    public static final int SIGTTIN = 21;
    public static final int SIGTTOU = 22;
    public static final int SIGURG = 23;
    public static final int SIGWINCH = 28;
    public static final int SIGNAL_COUNT = 64;

    static final int SIG_SETMASK = 2;
    private static final int SIGSET_BYTES = 8;
    private static final int RLIMIT_CORE = 4;

    /** The si_value of a SIGCONT that the node itself sends. */
    static final long RESUME_VALUE = 0x6D63_6B65_726E_656CL;

    private static final int SI_CODE = 8;
    private static final int SI_VALUE = 24;
    private static final int SI_QUEUE = -1;

    private SignalRecords() {}

    /** True for a SIGCONT of {@link Servant#resume}. */
    static boolean isResumption(byte[] siginfo) {
        ByteBuffer info = ByteBuffer.wrap(siginfo).order(ByteOrder.LITTLE_ENDIAN);
        return info.getInt(0) == SIGCONT && info.getInt(SI_CODE) == SI_QUEUE && info.getLong(SI_VALUE) == RESUME_VALUE;
    }

    /** The signal is told to the listener. After a terminal's stop signal the interrupted call is not restarted. */
    public static int report(RecordList list, int signal) {
        boolean stops = signal >= SIGTSTP && signal <= SIGTTOU;
        return action(list, signal, stops ? SIGACTION_REPORT : SIGACTION_REPORT_RESTART);
    }

    public static int ignore(RecordList list, int signal) {
        return action(list, signal, SIGACTION_IGNORE);
    }

    /** The kernel's own default action: for signals whose default is to be ignored, and before a stop or a death. */
    public static int standard(RecordList list, int signal) {
        return action(list, signal, SIGACTION_DEFAULT);
    }

    private static int action(RecordList list, int signal, long sigaction) {
        return list.add(SystemCallNumber.RT_SIGACTION, signal, sigaction, 0, SIGSET_BYTES);
    }

    /** Sets the calling thread's mask to one of the image's constant sets. */
    static int mask(RecordList list, long sigset) {
        return list.add(SystemCallNumber.RT_SIGPROCMASK, SIG_SETMASK, sigset, 0, SIGSET_BYTES);
    }

    /** Sets the calling thread's mask to any set, which is kept in the slot's argument area. */
    public static int mask(RecordList list, ServantSlot slot, long set) {
        byte[] bytes = ByteBuffer.allocate(SIGSET_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0, set)
                .array();
        return mask(list, slot.arguments().place(bytes));
    }

    static void stop(RecordList list, int pid, int signal) {
        mask(list, SIGSET_NONE);
        standard(list, signal);
        list.add(SystemCallNumber.KILL, pid, signal);
        if (signal != SIGSTOP) {
            report(list, signal);
        }
    }

    /** Ends the process by {@code signal}; by exit_group if the signal turns out not to be deadly. */
    static void die(RecordList list, int pid, int tid, int signal) {
        // The default action is 32 zero bytes: as a struct rlimit, no core file (it would hold the machine's memory).
        list.add(SystemCallNumber.PRLIMIT64, 0, RLIMIT_CORE, SIGACTION_DEFAULT, 0);
        standard(list, signal);
        mask(list, SIGSET_NONE);
        list.add(SystemCallNumber.TGKILL, pid, tid, signal);
        list.add(SystemCallNumber.EXIT_GROUP, 128 + signal);
    }

    static boolean reportedFromTheStart(int signal) {
        return switch (signal) {
            case SIGKILL, SIGSTOP, SIGCHLD, SIGURG, SIGWINCH, mckernelj.ihk.launch.MailboxLayout.PRIVATE_SIGNAL ->
                false;
            default -> true;
        };
    }
}
