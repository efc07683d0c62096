// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.ptrace;

import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.signal.SigInfo;

/** The part of wait4 and waitid that is about traced threads: their stops and ends. */
public final class TraceWait {
    private static final int GETPGID = 121;

    /** What wait tells about a thread. {@code status}: as wait4 gives it. */
    public record Report(int tid, int uid, int status, int code, Process process) {
        /** As waitid gives it. */
        public int plainStatus() {
            return code == SigInfo.CLD_EXITED || code == SigInfo.CLD_TRAPPED ? status >> 8 : status & 0x7F;
        }
    }

    private final Tracing tracing;

    public TraceWait(Tracing tracing) {
        this.tracing = tracing;
    }

    /** True if a traced thread, running or not, is meant by {@code pid} (as in wait4). */
    public boolean anyMeant(Thread self, int pid) {
        return self.process().tracees().all.stream().anyMatch(tracee -> isMeant(self, tracee.thread.tid(), pid));
    }

    /** The first report that waits; it is taken unless {@code keep}. Null: none. {@code ends}: ends count, too. */
    public Report poll(Thread self, int pid, boolean ends, boolean keep) {
        Tracees tracees = self.process().tracees();
        for (Tracees.Ended ended : tracees.ended) {
            if (ends && isMeant(self, ended.tid(), pid) && (keep || tracees.ended.remove(ended))) {
                return report(ended);
            }
        }
        for (Tracee tracee : tracees.all) {
            if (tracee.stop != null && isMeant(self, tracee.thread.tid(), pid)) {
                Report report = take(tracee, keep);
                if (report != null) {
                    return report;
                }
            }
        }
        return null;
    }

    private static Report report(Tracees.Ended ended) {
        int status = ended.waitStatus();
        int signal = status & 0x7F;
        int code = signal == 0 ? SigInfo.CLD_EXITED : (status & 0x80) != 0 ? SigInfo.CLD_DUMPED : SigInfo.CLD_KILLED;
        return new Report(ended.tid(), ended.process().uid(), status, code, null);
    }

    private Report take(Tracee tracee, boolean keep) {
        synchronized (tracing) {
            TraceStop stop = tracee.stop;
            if (stop == null || stop.reported || tracee.listening) {
                return null;
            }
            stop.reported = !keep;
            Process process = tracee.thread.process();
            return new Report(tracee.thread.tid(), process.uid(), stop.waitStatus(), SigInfo.CLD_TRAPPED, process);
        }
    }

    private static boolean isMeant(Thread self, int tid, int pid) {
        if (pid > 0) {
            return tid == pid;
        }
        if (pid == -1) {
            return true;
        }
        long wanted = pid == 0 ? self.delegate(GETPGID, 0) : -(long) pid;
        return self.delegate(GETPGID, tid) == wanted;
    }
}
