// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.CloneFlags;
import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.ikc.IkcPacket;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.ihk.launch.MailboxLayout;
import mckernelj.ihk.launch.ProxyArena;
import mckernelj.ihk.layout.PagerObject;
import mckernelj.linuxhost.proxy.CloneRequest;
import mckernelj.linuxhost.proxy.MapRecords;
import mckernelj.linuxhost.proxy.RecordList;
import mckernelj.linuxhost.proxy.Servant;
import mckernelj.linuxhost.proxy.ServantSlot;
import mckernelj.linuxhost.proxy.SignalRecords;

/** The LWK's requests that are not for Linux: {@link InKernelRequest}. In interrupt context of a Linux processor. */
final class InKernelRequests {
    private static final long USER_START = 0x1000;
    private static final int STANDARD_ERROR = 2;
    private static final int SIG_IGN = 1;
    private static final int SIG_HANDLER = 2;
    private static final int SA_NOCLDWAIT = 2;

    private final Delegator delegator;
    private final ExecveRequests execve;
    private final CoreFiles core;
    private final OverlayRequests overlay;

    InKernelRequests(Delegator delegator) {
        this.delegator = delegator;
        execve = new ExecveRequests(delegator);
        core = new CoreFiles(delegator);
        overlay = new OverlayRequests(delegator);
    }

    /** Pager requests that need no process: they are done even after its end. False: not such a request. */
    boolean pagerWithoutProcess(LogicalCpu linux, IkcPacket packet) {
        long[] a = packet.args;
        PagerFiles pager = delegator.pager();
        long result;
        switch ((int) a[0]) {
            case InKernelRequest.PAGER_RELEASE -> result = pager.release(a[1], a[2]);
            case InKernelRequest.PAGER_READ -> result = pager.read(a[1], a[2], a[3], a[4]);
            case InKernelRequest.PAGER_WRITE -> result = pager.write(a[1], a[2], a[3], a[4]);
            case InKernelRequest.PAGER_STAT -> result = pager.stat(a[1], pagerObject(a[2]));
            default -> {
                return false;
            }
        }
        delegator.responder().respond(linux, packet, result);
        return true;
    }

    /** A thread that waits for a call may send these: while it resolves a fault for Linux, or when it is to die. */
    boolean mayBeNested(long number) {
        return number == InKernelRequest.PROTECT
                || number == InKernelRequest.CLEAR_PTES
                || number == InKernelRequest.REPLACE_PTES
                || number == InKernelRequest.EXIT_GROUP
                || number == InKernelRequest.CONTINUE;
    }

    private PagerObject pagerObject(long physical) {
        PhysicalMemory memory = delegator.partition().memory();
        if (!memory.isRam(physical, PagerObject.SIZE)) {
            throw new IllegalArgumentException("no memory at 0x" + Long.toHexString(physical));
        }
        return new PagerObject(memory, physical);
    }

    /** False: the call is one for Linux. */
    boolean handle(LogicalCpu linux, ProcessData process, PendingCall call, IkcPacket packet) {
        long[] a = packet.args;
        switch ((int) packet.number) {
            case InKernelRequest.PAGER -> respond(linux, packet, pager(process, a));
            case InKernelRequest.PROTECT, InKernelRequest.CLEAR_PTES -> clearPtes(linux, process, call, packet);
            case InKernelRequest.REPLACE_PTES -> replacePtes(linux, process, call, packet);
            case InKernelRequest.SIGACTION -> setDisposition(linux, call, packet);
            case InKernelRequest.SIGMASK -> setMask(linux, call, packet);
            case InKernelRequest.CLONE -> {
                if (a[0] == InKernelRequest.CLONE_THREAD) {
                    newThread(linux, process, call, packet);
                } else {
                    fork(linux, process, call, packet);
                }
            }
            case InKernelRequest.EXECVE -> respond(linux, packet, execve.handle(process, call, a));
            case InKernelRequest.EXIT -> exitThread(linux, process, call, packet);
            case InKernelRequest.EXIT_GROUP -> exitGroup(linux, process, call, packet);
            case InKernelRequest.STOP -> stop(linux, process, call, packet);
            case InKernelRequest.CONTINUED -> call.begin(packet, linux, () -> {}, () -> continued(process, call));
            case InKernelRequest.CONTINUE -> {
                ProcessData target = delegator.process((int) a[0]);
                if (target != null) {
                    target.continueServant();
                }
                respond(linux, packet, 0);
            }
            case InKernelRequest.SIGNALFD -> respond(linux, packet, signalFile(process, call, a));
            case InKernelRequest.OVERLAY -> respond(linux, packet, overlay.handle(process, a));
            case InKernelRequest.ARGUMENTS -> {
                ArgumentArea.set(process, call.slot(), a[0], a[1], a[2]);
                respond(linux, packet, 0);
            }
            case InKernelRequest.CORE_FILE -> respond(linux, packet, core.handle(call.slot(), a));
            case InKernelRequest.ERROR_TEXT -> respond(linux, packet, writeError(call.slot(), a[0], (int) a[1]));
            case InKernelRequest.KILL -> {
                packet.number = SystemCallNumber.KILL;
                return false;
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void respond(LogicalCpu linux, IkcPacket packet, long result) {
        delegator.responder().respond(linux, packet, result);
    }

    private long pager(ProcessData process, long[] a) {
        if (a[0] == InKernelRequest.PAGER_FIND) {
            return delegator.pager().find(process.pid(), (int) a[1]);
        }
        if (a[0] != InKernelRequest.PAGER_CREATE) {
            return -Errno.EINVAL;
        }
        return delegator.pager().create(process.pid(), (int) a[1], (int) a[2], (int) a[3], pagerObject(a[4]));
    }

    private long signalFile(ProcessData process, PendingCall call, long[] a) {
        return a[0] == InKernelRequest.SIGNALFD_CREATE
                ? delegator.signalPipes().create(call.slot(), a[1], a[2])
                : delegator.signalPipes().find(process.pid(), (int) a[1]);
    }

    private long writeError(ServantSlot slot, long physical, int lengthBytes) {
        PhysicalMemory memory = delegator.partition().memory();
        if (lengthBytes < 0 || !memory.isRam(physical, Math.max(1, lengthBytes))) {
            return -Errno.EINVAL;
        }
        byte[] bytes = new byte[lengthBytes];
        memory.read(physical, bytes, 0, lengthBytes);
        try (ProxyArena arena = slot.arguments()) {
            long text = arena.place(bytes);
            return slot.call(SystemCallNumber.WRITE, STANDARD_ERROR, text, lengthBytes);
        }
    }

    /** Restricted pages are unmapped too: the next call that names them maps them as they are then. */
    private void clearPtes(LogicalCpu linux, ProcessData process, PendingCall call, IkcPacket packet) {
        long start = Math.max(packet.args[0], USER_START);
        long end = Math.min(packet.args[0] + packet.args[1], MailboxLayout.USER_END);
        if (start >= end || !process.mirror().remove(start, end)) {
            respond(linux, packet, 0);
            return;
        }
        ServantSlot slot = call.slot();
        if (call.busy()) {
            ServantSlot idle = call.atServant() ? process.idleSlot() : slot;
            if (idle != null) {
                idle.call(SystemCallNumber.MUNMAP, start, end - start);
            }
            respond(linux, packet, 0);
            return;
        }
        MapRecords.unmap(slot.records(), start, end - start);
        call.begin(packet, linux, slot::submit, () -> call.respond(0));
    }

    /** Maps the new frames over the old ones: a call of another thread that uses the pages never finds a hole. */
    private void replacePtes(LogicalCpu linux, ProcessData process, PendingCall call, IkcPacket packet) {
        long start = Math.max(packet.args[0], USER_START);
        long end = Math.min(packet.args[0] + packet.args[1], MailboxLayout.USER_END);
        if (start < end && process.mirror().remove(start, end)) {
            ServantSlot slot = call.atServant() ? process.idleSlot() : call.slot();
            if (slot != null) {
                RecordList list = slot.records();
                MappedRuns runs = new MappedRuns();
                if (process.mirror().map(start, end, false, list, runs) < end) {
                    throw new IllegalStateException("too many pages to replace at once: " + (end - start));
                }
                slot.execute();
                process.mirror().confirm(runs, i -> slot.result(runs.records[i]) == runs.users[i]);
                process.mirror().settle(slot::records, slot::execute);
            }
        }
        respond(linux, packet, 0);
    }

    private void setDisposition(LogicalCpu linux, PendingCall call, IkcPacket packet) {
        int signal = (int) packet.args[0];
        if (signal < 1
                || signal > SignalRecords.SIGNAL_COUNT
                || signal == SignalRecords.SIGKILL
                || signal == SignalRecords.SIGSTOP
                || signal == MailboxLayout.PRIVATE_SIGNAL) {
            respond(linux, packet, 0);
            return;
        }
        RecordList list = call.slot().records();
        boolean quiet =
                signal == SignalRecords.SIGCHLD || signal == SignalRecords.SIGURG || signal == SignalRecords.SIGWINCH;
        boolean reaps = signal == SignalRecords.SIGCHLD && (packet.args[2] & SA_NOCLDWAIT) != 0;
        if (packet.args[1] == SIG_IGN || reaps) {
            SignalRecords.ignore(list, signal);
        } else if (quiet && packet.args[1] != SIG_HANDLER || signal == SignalRecords.SIGCHLD) {
            SignalRecords.standard(list, signal);
        } else {
            SignalRecords.report(list, signal);
        }
        call.begin(packet, linux, call.slot()::submit, () -> call.respond(0));
    }

    private void setMask(LogicalCpu linux, PendingCall call, IkcPacket packet) {
        ServantSlot slot = call.slot();
        SignalRecords.mask(slot.records(), slot, packet.args[0]);
        call.begin(packet, linux, slot::submit, () -> call.respond(0));
    }

    private void newThread(LogicalCpu linux, ProcessData process, PendingCall call, IkcPacket packet) {
        Servant servant = process.servant();
        Submission<ServantSlot> submission = new Submission<>();
        call.begin(packet, linux, () -> submission.request = servant.beginThread(call.slot()), () -> {
            long tid = submission.request.complete();
            if (tid > 0) {
                process.addThread(submission.request.child());
            }
            call.respond(tid);
        });
    }

    private void fork(LogicalCpu linux, ProcessData process, PendingCall call, IkcPacket packet) {
        Servant servant = process.servant();
        boolean othersWork = process.othersAtServant(call);
        boolean mapped = process.mirror().clear();
        if (mapped && !othersWork) {
            unmapAll(call.slot());
        }
        int childCpu = (int) packet.args[3];
        long childTable = packet.args[2];
        long flags = packet.args[1];
        Submission<Servant> submission = new Submission<>();
        call.begin(packet, linux, () -> submission.request = servant.beginFork(call.slot(), flags), () -> {
            long pid = submission.request.complete();
            if (pid > 0) {
                Servant child = submission.request.child();
                if (mapped && othersWork) {
                    unmapAll(child.mainSlot());
                }
                if ((flags & CloneFlags.CLONE_FILES) == 0) {
                    delegator.signalPipes().forked(process.pid(), child.mainSlot());
                }
                delegator.addProcess(child, true, childCpu, childTable).inheritProgram(process);
            }
            call.respond(pid);
        });
    }

    private static void unmapAll(ServantSlot slot) {
        slot.call(SystemCallNumber.MUNMAP, USER_START, MailboxLayout.USER_END - USER_START);
    }

    private void exitThread(LogicalCpu linux, ProcessData process, PendingCall call, IkcPacket packet) {
        if (call.slot() != process.servant().mainSlot()) {
            process.removeThread(call.slot().tid());
            call.slot().exitThread();
        }
        respond(linux, packet, 0);
    }

    /** Nothing tells that a process has stopped; a host thread looks. */
    private void stop(LogicalCpu linux, ProcessData process, PendingCall call, IkcPacket packet) {
        IkcPacket request = packet.copy();
        process.beginStop(call.slot(), (int) packet.args[0]);
        delegator.waiters().execute(() -> {
            boolean stopped = process.awaitStop(call.slot());
            delegator.partition().post(linux.index(), cpu -> respond(cpu, request, stopped ? 1 : 0));
        });
    }

    private static void continued(ProcessData process, PendingCall call) {
        process.endStop();
        call.respond(0);
    }

    private void exitGroup(LogicalCpu linux, ProcessData process, PendingCall call, IkcPacket packet) {
        IkcPacket request = packet.copy();
        process.expectEnd(() -> delegator.responder().respond(linux, request, 0));
        int status = (int) packet.args[0];
        int signal = status & 0x7F;
        Servant servant = process.servant();
        if (!servant.alive()) {
            return; // its death is on the way
        }
        if (call.atServant() || signal == SignalRecords.SIGKILL) {
            servant.kill(); // in a call that cannot be interrupted, or perhaps stopped
        } else if (signal == 0) {
            servant.exitGroup(call.slot(), status >> 8 & 0xFF);
        } else {
            boolean tells = !process.forked() && servant.start().standardErrorIsTerminal();
            servant.killSelf(call.slot(), signal, tells ? "Terminate by signal " + signal + "\n" : "");
        }
    }

    /** Holds a clone request from its submission to its completion. */
    private static final class Submission<T> {
        CloneRequest<T> request;
    }
}
