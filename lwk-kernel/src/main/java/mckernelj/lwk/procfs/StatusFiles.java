// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.procfs;

import java.util.BitSet;
import java.util.Locale;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.mm.ProgramArea;
import mckernelj.lwk.mm.VmRange;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Rlimits;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.proc.Usage;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.seccomp.SeccompFilter;
import mckernelj.lwk.signal.Signals;

/**
 * /proc/PID/status and /proc/PID/stat: what Linux says of the servant, which has pid, name, parent, credentials and terminal, with what the LWK knows of
 * the program put over it.
 */
final class StatusFiles {
    private static final int USER_HZ = 100;
    private static final int MASK_WIDTH = 1024;

    /** Fields of stat, counted as in proc(5), from the third one on; the first two are before the closing parenthesis. */
    private static final int FIRST_FIELD = 3;

    private final Kernel kernel;

    StatusFiles(Kernel kernel) {
        this.kernel = kernel;
    }

    // ---- status

    /** {@code thread} null: the first one stands for the process. Null: nothing is known. */
    String status(Thread self, Process process, Thread thread, String linux) {
        if (linux == null) {
            return null;
        }
        Thread subject = thread != null ? thread : first(process);
        MemorySummary memory = process.vm() == null ? null : new MemorySummary(process.vm(), process.executable());
        Signals.Sets sets = subject == null ? null : kernel.signals().sets(subject);
        StringBuilder text = new StringBuilder();
        for (String line : linux.split("\n")) {
            String name = line.substring(0, Math.max(0, line.indexOf(':')));
            String value = memory == null ? null : memory.line(name);
            if (value == null && subject != null) {
                value = value(self, subject, sets, name, line);
            } else if (value == null && memory != null && name.equals("State")) {
                value = stateName('Z'); // the first thread has ended, others have not
            }
            text.append(value == null ? line : name + ":\t" + value).append('\n');
        }
        return text.toString();
    }

    private String value(Thread self, Thread thread, Signals.Sets sets, String name, String line) {
        Process process = thread.process();
        return switch (name) {
            case "State" ->
                stateName(state(
                        self, thread, line.substring(line.indexOf('\t') + 1).charAt(0)));
            case "TracerPid" -> String.valueOf(tracer(thread));
            case "Threads" -> String.valueOf(process.threadCount());
            case "SigQ" ->
                sets.queued() + "/" + Long.toUnsignedString(process.rlimits().soft(Rlimits.RLIMIT_SIGPENDING));
            case "SigPnd" -> hex(sets.pending());
            case "ShdPnd" -> hex(sets.shared());
            case "SigBlk" -> hex(sets.blocked());
            case "SigIgn" -> hex(sets.ignored());
            case "SigCgt" -> hex(sets.caught());
            case "Seccomp" -> String.valueOf(SeccompFilter.mode(thread.seccomp()));
            case "Seccomp_filters" -> String.valueOf(SeccompFilter.count(thread.seccomp()));
            case "voluntary_ctxt_switches" -> String.valueOf(thread.voluntarySwitches());
            case "nonvoluntary_ctxt_switches" -> String.valueOf(thread.involuntarySwitches());
            case "CoreDumping" -> process.dumpedThreads() == null ? "0" : "1";
            case "THP_enabled" -> process.hugePagesDisabled() ? "0" : "1";
            case "Cpus_allowed" -> BitLists.mask(allowed(thread), kernel.cpus().size());
            case "Cpus_allowed_list" -> BitLists.list(allowed(thread));
            case "Mems_allowed" -> BitLists.mask(BitLists.first(kernel.pages().nodeCount()), MASK_WIDTH);
            case "Mems_allowed_list" ->
                BitLists.list(BitLists.first(kernel.pages().nodeCount()));
            default -> null;
        };
    }

    private static BitSet allowed(Thread thread) {
        return BitSet.valueOf(thread.affinity().words(1));
    }

    private static String hex(long set) {
        return String.format(Locale.ROOT, "%016x", set);
    }

    private static int tracer(Thread thread) {
        return thread.tracee() == null ? 0 : thread.tracee().tracerPid();
    }

    private static Thread first(Process process) {
        for (Thread thread : process.threads()) {
            if (thread.tid() == process.pid()) {
                return thread;
            }
        }
        return null;
    }

    /** As ps prints it; {@code servant}: the state of the servant's thread, which tells how a delegated call waits. */
    private static char state(Thread self, Thread thread, char servant) {
        if (thread == self) {
            return 'R';
        }
        if (thread.tracee() != null && thread.tracee().isStopped()) {
            return 't';
        }
        if (thread.process().isStopped()) {
            return 'T';
        }
        if (thread.isInCall()) {
            return servant;
        }
        return switch (thread.state()) {
            case KernelThread.RUNNING -> 'R';
            case KernelThread.UNINTERRUPTIBLE -> 'D';
            case KernelThread.ZOMBIE, KernelThread.EXITED -> 'Z';
            default -> 'S';
        };
    }

    private static String stateName(char state) {
        return state
                + switch (state) {
                    case 'R' -> " (running)";
                    case 'S' -> " (sleeping)";
                    case 'D' -> " (disk sleep)";
                    case 'T' -> " (stopped)";
                    case 't' -> " (tracing stop)";
                    case 'Z' -> " (zombie)";
                    default -> " (dead)";
                };
    }

    // ---- stat

    String stat(Thread self, Process process, Thread thread, String linux) {
        int comm = linux == null ? -1 : linux.lastIndexOf(')');
        if (comm < 0) {
            return null;
        }
        String[] fields = linux.substring(comm + 2).trim().split(" ");
        Thread subject = thread != null ? thread : first(process);
        if (subject != null) {
            ofThread(fields, self, subject);
        } else if (process.vm() != null) {
            set(fields, 3, "Z");
        }
        ofUsage(fields, thread == null ? process.usage() : Usage.of(thread), process.childUsage());
        set(fields, 22, ticks(process.startCycles()));
        if (process.vm() != null) {
            ofMemory(fields, process);
        }
        return linux.substring(0, comm + 2) + String.join(" ", fields) + "\n";
    }

    private void ofThread(String[] fields, Thread self, Thread thread) {
        Signals.Sets sets = kernel.signals().sets(thread);
        long low = 0x7FFF_FFFF;
        set(fields, 3, String.valueOf(state(self, thread, fields[0].charAt(0))));
        set(fields, 31, (sets.pending() | sets.shared()) & low);
        set(fields, 32, sets.blocked() & low);
        set(fields, 33, sets.ignored() & low);
        set(fields, 34, sets.caught() & low);
        set(fields, 35, 0);
        set(fields, 39, thread.cpu() == null ? 0 : thread.cpu().id());
        set(fields, 40, thread.schedulingPriority());
        set(fields, 41, thread.schedulingPolicy() & 0xFF);
        set(fields, 20, thread.process().threadCount());
    }

    private void ofUsage(String[] fields, Usage own, Usage children) {
        set(fields, 10, own.minorFaults());
        set(fields, 11, children.minorFaults());
        set(fields, 12, own.majorFaults());
        set(fields, 13, children.majorFaults());
        set(fields, 14, ticks(own.userCycles()));
        set(fields, 15, ticks(own.systemCycles()));
        set(fields, 16, ticks(children.userCycles()));
        set(fields, 17, ticks(children.systemCycles()));
    }

    private long ticks(long cycles) {
        return kernel.clock().nanosOf(cycles) / (1_000_000_000 / USER_HZ);
    }

    private static void ofMemory(String[] fields, Process process) {
        ProcessVm vm = process.vm();
        ProgramArea area = vm.programArea();
        set(fields, 23, vm.totalBytes());
        set(fields, 24, new MemorySummary(vm, process.executable()).residentPages());
        set(fields, 25, Long.toUnsignedString(process.rlimits().soft(Rlimits.RLIMIT_RSS)));
        if (fields[26 - FIRST_FIELD].equals("0")) {
            return; // the reader may not know addresses
        }
        ofProgram(fields, vm, process.executable());
        set(fields, 28, area.argumentsStart());
        set(fields, 47, vm.brkStart());
        set(fields, 48, area.argumentsStart());
        set(fields, 49, area.argumentsEnd());
        set(fields, 50, area.environmentStart());
        set(fields, 51, area.environmentEnd());
    }

    private static void ofProgram(String[] fields, ProcessVm vm, String executable) {
        long[] code = {0, 0};
        long[] data = {0, 0};
        for (VmRange range : vm.snapshot()) {
            if (range.object() != null && range.object().name().equals(executable)) {
                boolean executes = (range.prot() & VmRange.PROT_EXEC) != 0;
                long[] part = executes ? code : data;
                if (executes || (range.prot() & VmRange.PROT_WRITE) != 0) {
                    part[0] = part[0] == 0 ? range.start() : part[0];
                    part[1] = range.end();
                }
            }
        }
        set(fields, 26, code[0]);
        set(fields, 27, code[1]);
        set(fields, 45, data[0]);
        set(fields, 46, data[1]);
    }

    private static void set(String[] fields, int number, long value) {
        set(fields, number, String.valueOf(value));
    }

    private static void set(String[] fields, int number, String value) {
        if (number - FIRST_FIELD < fields.length) {
            fields[number - FIRST_FIELD] = value;
        }
    }
}
