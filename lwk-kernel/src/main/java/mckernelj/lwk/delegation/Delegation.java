// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.delegation;

import java.util.concurrent.ConcurrentHashMap;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.Errno;
import mckernelj.ihk.ikc.IkcMessage;
import mckernelj.ihk.ikc.IkcPacket;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.ihk.layout.MonitorArea;
import mckernelj.ihk.layout.RemotePageFault;
import mckernelj.ihk.layout.SyscallResponse;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.ikc.IkcDispatch;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.sched.Scheduler;

/**
 * System calls that Linux executes: a SYSCALL_ONESIDE packet goes to mcctrl, the thread waits for the {@link SyscallResponse} in its
 * own kernel memory. Alone on its processor it waits in place, else it sleeps and Linux sends WAKE_UP_SYSCALL_THREAD. No Java
 * lock may be held across a call.
 */
public final class Delegation {
    /** Cycles for filling in and queueing a request, and for taking the response (0.2 us and 0.1 us). */
    private static final int REQUEST_CYCLES = 500;

    private static final int RESPONSE_CYCLES = 250;

    /** Most calls are over sooner than two context switches take: so long a thread waits in place though others want to run. */
    private static final long PATIENCE_CYCLES = 80_000;

    /** The same for a real-time thread, about 1 ms: threads of lower priority should not run because of a call that does not block. */
    private static final long REALTIME_PATIENCE_CYCLES = 2_600_000;

    private final PhysicalMemory memory;
    private final Scheduler scheduler;
    private final IkcDispatch ikc;

    /** Threads inside {@link #call}, by tid: whom messages from Linux may mean. */
    private final ConcurrentHashMap<Integer, ResponseWait> waits = new ConcurrentHashMap<>();

    private volatile RemoteFaultHandler remoteFaults = (cpu, fault) -> -Errno.EFAULT;

    public Delegation(PhysicalMemory memory, Scheduler scheduler, IkcDispatch ikc) {
        this.memory = memory;
        this.scheduler = scheduler;
        this.ikc = ikc;
        ikc.on(IkcMessage.WAKE_UP_SYSCALL_THREAD, this::wakeUp);
        ikc.on(IkcMessage.REMOTE_PAGE_FAULT, this::remotePageFault);
    }

    public void setRemoteFaultHandler(RemoteFaultHandler handler) {
        this.remoteFaults = handler;
    }

    /**
     * Lets Linux execute call {@code number} for process {@code pid} and returns its result, 0 or more or a negative errno. Must be
     * called on {@code thread}, which may be on another processor afterwards. Pager requests and the like are
     * {@code InKernelRequest} numbers.
     */
    public long call(KernelThread thread, int pid, int number, long a0, long a1, long a2, long a3, long a4, long a5) {
        SyscallResponse response = new SyscallResponse(memory, thread.acquireResponse());
        response.clear();
        ResponseWait wait = new ResponseWait(thread, response, waits.get(thread.tid()));
        waits.put(thread.tid(), wait);
        try {
            send(thread, pid, number, response, a0, a1, a2, a3, a4, a5);
            await(wait, patience(thread, number));
            thread.cpu().hw().charge(RESPONSE_CYCLES);
            return response.ret();
        } finally {
            if (wait.outer == null) {
                waits.remove(thread.tid());
            } else {
                waits.put(thread.tid(), wait.outer);
            }
            thread.releaseResponse();
        }
    }

    /** A request that is not answered; {@code thread} is the one that runs here. */
    public void tell(KernelThread thread, int pid, int number, long arg, long... args) {
        IkcPacket packet = packet(thread, pid, number, args);
        packet.arg = arg;
        ikc.send(thread.cpu(), packet);
    }

    private static IkcPacket packet(KernelThread thread, int pid, int number, long... args) {
        IkcPacket packet = new IkcPacket(IkcMessage.SYSCALL_ONESIDE);
        packet.ref = thread.cpu().id();
        packet.pid = pid;
        packet.rtid = thread.tid();
        packet.valid = 1;
        packet.number = number;
        System.arraycopy(args, 0, packet.args, 0, args.length);
        return packet;
    }

    private void send(KernelThread thread, int pid, int number, SyscallResponse response, long... args) {
        IkcPacket packet = packet(thread, pid, number, args);
        packet.respPa = response.physical();
        thread.cpu().hw().charge(REQUEST_CYCLES);
        ikc.send(thread.cpu(), packet);
    }

    private static long patience(KernelThread thread, int number) {
        if (thread.priority() == 0) {
            return PATIENCE_CYCLES;
        }
        return switch (number) {
            case InKernelRequest.CLONE,
                    InKernelRequest.PAGER,
                    InKernelRequest.PROTECT,
                    InKernelRequest.CLEAR_PTES,
                    InKernelRequest.REPLACE_PTES,
                    InKernelRequest.SIGACTION,
                    InKernelRequest.SIGMASK -> Long.MAX_VALUE / 2;
            default -> REALTIME_PATIENCE_CYCLES;
        };
    }

    private void await(ResponseWait wait, long patienceCycles) {
        long patience = wait.thread.cpu().hw().cycles() + patienceCycles;
        while (!wait.completed()) {
            if (wait.runDeferred()) {
                continue;
            }
            // Each time: a signal may have come, and its kick been used up, before this call began.
            if (interrupted(wait)) {
                wait.thread.interruptCall();
            }
            CpuLocal cpu = wait.thread.cpu();
            if (wait.completed()) {
                break;
            } else if (!scheduler.mustYield(cpu)) {
                waitInPlace(wait.thread, cpu, Long.MAX_VALUE);
            } else if (cpu.hw().cycles() < patience) {
                waitInPlace(wait.thread, cpu, patience);
            } else {
                sleep(wait);
            }
        }
        // A fault that was handed to this thread must be answered even if the response overtook it.
        while (wait.runDeferred()) {}
    }

    private static boolean interrupted(ResponseWait wait) {
        return wait.outer == null && wait.thread.mustInterruptCall();
    }

    private static void waitInPlace(KernelThread thread, CpuLocal cpu, long deadlineCycles) {
        long begin = cpu.hw().cycles();
        cpu.waitForInterrupt(deadlineCycles, MonitorArea.KERNEL_OFFLOAD);
        long waited = cpu.hw().cycles() - begin;
        thread.excludeWait(waited);
        if (waited > PATIENCE_CYCLES) {
            thread.countSwitch(true);
        }
    }

    private void sleep(ResponseWait wait) {
        SyscallResponse response = wait.response;
        if (!response.compareAndSetThreadStatus(SyscallResponse.THREAD_SPINNING, SyscallResponse.THREAD_DESCHEDULED)) {
            return;
        }
        wait.thread.setState(KernelThread.INTERRUPTIBLE);
        // State first, then the conditions: whoever makes one true wakes the thread afterwards.
        if (wait.completed() || wait.hasDeferred() || interrupted(wait)) {
            wait.thread.setState(KernelThread.RUNNING);
        } else {
            scheduler.schedule(wait.thread.cpu());
        }
        wait.thread.setState(KernelThread.RUNNING);
        response.compareAndSetThreadStatus(SyscallResponse.THREAD_DESCHEDULED, SyscallResponse.THREAD_SPINNING);
    }

    private void wakeUp(CpuLocal cpu, IkcPacket packet) {
        ResponseWait wait = waits.get(packet.ttid);
        if (wait != null) {
            scheduler.wake(cpu, wait.thread);
        }
    }

    /** Done by the thread concerned if it waits here, since that may sleep; else at once. */
    private void remotePageFault(CpuLocal cpu, IkcPacket packet) {
        IkcPacket request = packet.copy();
        ResponseWait wait = waits.get(packet.ttid);
        if (wait == null || !wait.defer(() -> answerFault(wait.thread.cpu(), request))) {
            answerFault(cpu, request);
        } else {
            scheduler.wake(cpu, wait.thread);
        }
    }

    private void answerFault(CpuLocal cpu, IkcPacket packet) {
        KernelThread self = scheduler.current(cpu);
        packet.err = remoteFaults.resolve(cpu, RemotePageFault.of(packet));
        packet.msg = IkcMessage.REMOTE_PAGE_FAULT_ANSWER.number();
        ikc.send(self.cpu(), packet);
    }
}
