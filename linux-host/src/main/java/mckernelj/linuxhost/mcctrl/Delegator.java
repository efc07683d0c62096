// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.ihk.Errno;
import mckernelj.ihk.ikc.IkcMessage;
import mckernelj.ihk.ikc.IkcPacket;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.ihk.launch.ProxyProcess;
import mckernelj.linuxhost.partition.LinuxPartition;
import mckernelj.linuxhost.proxy.Servant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The system-call delegator of one OS instance: finds the process of a request and lets its servant, or mcctrl itself, do the
 * work. Its methods run in interrupt context of Linux processors unless they say otherwise.
 */
final class Delegator {
    private static final Logger log = LoggerFactory.getLogger(Delegator.class);
    private static final int ERESTARTSYS = 512;

    private final LinuxPartition partition;
    private final LwkLink link;
    private final Responder responder;
    private final CallShapes shapes = new CallShapes();
    private final PagerFiles pager;
    private final SignalPipes signalPipes = new SignalPipes();
    private final InKernelRequests inKernel;
    private final SignalForwarder signals;
    private final PathOverlay overlay;
    private final SysfsDirectory sysfs;
    private final Map<Integer, ProcessData> processes = new ConcurrentHashMap<>();
    private final Map<Long, PendingCall> faultAnswers = new ConcurrentHashMap<>();
    private final AtomicLong lastAnswer = new AtomicLong();
    private final ExecutorService waiters;

    Delegator(LinuxPartition partition, LwkLink link, String name, SysfsDirectory sysfs) {
        this.partition = partition;
        this.link = link;
        this.sysfs = sysfs;
        responder = new Responder(partition.memory(), link);
        pager = new PagerFiles(partition.memory());
        inKernel = new InKernelRequests(this);
        signals = new SignalForwarder(this);
        overlay = new PathOverlay(this);
        waiters = Executors.newCachedThreadPool(body -> {
            Thread thread = new Thread(body, name + " waiter");
            thread.setDaemon(true);
            return thread;
        });
    }

    LinuxPartition partition() {
        return partition;
    }

    LwkLink link() {
        return link;
    }

    Responder responder() {
        return responder;
    }

    CallShapes shapes() {
        return shapes;
    }

    PagerFiles pager() {
        return pager;
    }

    SignalPipes signalPipes() {
        return signalPipes;
    }

    PathOverlay overlay() {
        return overlay;
    }

    SysfsDirectory sysfs() {
        return sysfs;
    }

    SignalForwarder signals() {
        return signals;
    }

    /** Host threads that block for calls on which no processor waits. */
    ExecutorService waiters() {
        return waiters;
    }

    /** The process of this pid, or null. Any thread. */
    ProcessData process(int pid) {
        return processes.get(pid);
    }

    /** All processes. Any thread. */
    List<ProxyProcess> servants() {
        return processes.values().stream()
                .<ProxyProcess>map(ProcessData::servant)
                .toList();
    }

    /** Takes a process over: from now on its servant's signals and death go to the LWK. Any thread. */
    ProcessData addProcess(Servant servant, boolean forked, int lwkCpu, long topPhysical) {
        ProcessData process = new ProcessData(this, servant, forked, lwkCpu);
        process.setPageTable(topPhysical);
        processes.put(servant.pid(), process);
        servant.setListener(new ServantEvents(this, process));
        return process;
    }

    void removeProcess(ProcessData process) {
        processes.remove(process.pid(), process);
        signalPipes.processEnded(process.pid());
    }

    /** SYSCALL_ONESIDE. */
    void handleCall(LogicalCpu linux, IkcPacket packet) {
        if (packet.number == InKernelRequest.PAGER && inKernel.pagerWithoutProcess(linux, packet)) {
            return;
        }
        if (packet.number == InKernelRequest.SIGNALFD_SHOW) {
            showSignal(linux, packet);
            return;
        }
        ProcessData process = processes.get(packet.pid);
        if (process == null) {
            boolean end = packet.number == InKernelRequest.EXIT_GROUP || packet.number == InKernelRequest.EXIT;
            responder.respond(linux, packet, end ? 0 : -ERESTARTSYS);
            return;
        }
        process.setLwkCpu(packet.ref);
        if (packet.number == InKernelRequest.INTERRUPT) {
            process.call((int) packet.args[0]).slot().interrupt();
            responder.respond(linux, packet, 0);
            return;
        }
        PendingCall call = process.call(packet.rtid);
        if (call.busy() && !inKernel.mayBeNested(packet.number)) {
            log.error("thread {} of process {} has two calls: {}", packet.rtid, packet.pid, packet);
            responder.respond(linux, packet, -Errno.EBUSY);
        } else if (!inKernel.handle(linux, process, call, packet)) {
            call.begin(packet, linux);
        }
    }

    /** SYSFS_REQ_SETUP. */
    void handleSysfs(LogicalCpu linux, IkcPacket packet) {
        sysfs.setUp(partition.memory(), packet.arg, packet.args[0]);
        IkcPacket answer = packet.copy();
        answer.msg = IkcMessage.SYSFS_RESP_SETUP.number();
        link.send(linux, packet.ref, answer);
    }

    private void showSignal(LogicalCpu linux, IkcPacket packet) {
        if (!signalPipes.show(packet.pid, packet.arg, packet.args[0] != 0, packet.args[1])) {
            IkcPacket cleanUp = new IkcPacket(IkcMessage.CLEANUP_FD);
            cleanUp.pid = packet.pid;
            cleanUp.arg = packet.arg;
            link.send(linux, packet.ref, cleanUp);
        }
    }

    /** A number for {@code reply} of a REMOTE_PAGE_FAULT whose answer lets this call go on. */
    long expectAnswer(PendingCall call) {
        long number = lastAnswer.incrementAndGet();
        faultAnswers.put(number, call);
        return number;
    }

    /** REMOTE_PAGE_FAULT_ANSWER. */
    void handleFaultAnswer(LogicalCpu linux, IkcPacket packet) {
        PendingCall call = faultAnswers.remove(packet.reply);
        if (call != null) {
            call.advance();
        }
    }

    /** The servant of a process is dead. */
    void servantDied(LogicalCpu linux, ProcessData process) {
        removeProcess(process);
        if (process.ending()) {
            process.ended();
        } else {
            IkcPacket cleanUp = new IkcPacket(IkcMessage.CLEANUP_PROCESS);
            cleanUp.pid = process.pid();
            cleanUp.ref = -1;
            link.send(linux, process.lwkCpu(), cleanUp);
        }
    }

    /** The LWK is stopping: its programs die. Host thread. */
    void close() {
        for (ProcessData process : processes.values()) {
            process.expectEnd(() -> {});
            process.servant().kill();
        }
    }

    /** The LWK is gone. Host thread. */
    void release() {
        waiters.shutdown();
        pager.close();
        signalPipes.close();
        sysfs.close();
    }
}
