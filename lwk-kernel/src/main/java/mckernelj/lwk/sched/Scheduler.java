// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.sched;

import java.util.function.BooleanSupplier;
import mckernelj.emulator.hw.KernelStack;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.Machine;
import mckernelj.ihk.layout.MonitorArea;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.phys.PageAllocator;
import mckernelj.lwk.time.KernelTimer;
import mckernelj.lwk.time.TimerQueue;

/**
 * Round robin per processor (McKernel's scheduler), tickless unless processors are shared by several runnable threads; real-time threads
 * (SCHED_FIFO, SCHED_RR) of a processor run before all others, by priority, and a woken thread before those that wait for their turn ({@link
 * RunQueue}). A thread that sleeps keeps its processor, waiting in place, as long as nobody else wants it: that saves the switch to the idle
 * thread. No balancing: a thread stays where it was put until {@link #migrate}.
 */
public final class Scheduler {
    /** Period of the time-sharing tick, in Hz (McKernel: about 10 ms). */
    private static final int TICK_HZ = 100;

    /** Cycles charged for a context switch (measured for McKernel: about 0.2 us). */
    private static final int SWITCH_CYCLES = 500;

    private final Machine machine;
    private final PageAllocator pages;
    private final long returnToUserLinear;
    private final boolean timeSharing;

    /** Indexed by LWK processor number; filled as processors come up. */
    private final RunQueue[] queues;

    /** {@code returnToUserLinear}: the stub that a new thread starts in, with RSP at its trap frame. */
    public Scheduler(Machine machine, PageAllocator pages, int cpuCount, long returnToUserLinear, boolean timeSharing) {
        this.machine = machine;
        this.pages = pages;
        this.returnToUserLinear = returnToUserLinear;
        this.timeSharing = timeSharing;
        this.queues = new RunQueue[cpuCount];
    }

    /** Makes a processor known; {@code bootStack} becomes its idle thread and is current. Runs on the processor itself. */
    public void addCpu(CpuLocal cpu, TimerQueue timers, KernelStack bootStack, long kernelPageTable) {
        RunQueue queue = new RunQueue(cpu, timers, new RealtimeShare(machine.tscHz()));
        queue.idle = new IdleThread(this, bootStack, kernelPageTable);
        queue.idle.cpu = cpu;
        cpu.setCurrent(queue.idle);
        cpu.area().setKernelStackTop(queue.idle.kernelStackTopLinear());
        queues[cpu.id()] = queue;
    }

    /** The thread that {@code cpu} runs. */
    public KernelThread current(CpuLocal cpu) {
        return (KernelThread) cpu.current();
    }

    public boolean isIdle(CpuLocal cpu) {
        return cpu.current() == queue(cpu).idle;
    }

    /** Number of threads that live on {@code cpu}, sleeping ones included. */
    public int runQueueLength(CpuLocal cpu) {
        return queue(cpu).length();
    }

    /** The timers of {@code cpu}. */
    public TimerQueue timers(CpuLocal cpu) {
        return queue(cpu).timers;
    }

    // ---- threads come and go
    // ---------------------------------------------------------------------------------------------

    /** Puts a new thread on {@code target}; if it is RUNNING it will run. */
    public void addThread(CpuLocal from, KernelThread thread, CpuLocal target) {
        thread.cpu = target;
        queue(target).add(thread);
        requestSchedule(from, target);
    }

    /** Ends the calling thread: its kernel memory is freed once another thread has the processor. Does not return. */
    public void exitCurrent(KernelThread self) {
        self.setState(KernelThread.EXITED);
        RunQueue queue = queue(self.cpu);
        queue.remove(self);
        KernelThread next = queue.rotate(self, false, queue.takeQuantumOver());
        queue.previous = self;
        queue.cpu.setCurrent(next);
        self.stack().exitTo(next.stack());
    }

    /** Frees a thread that was never added to a processor. */
    public void discard(KernelThread thread) {
        thread.discardStack();
        pages.free(thread.memory().physical(), ThreadMemory.PAGES);
    }

    /** After the processors were reset: ends the host stacks of all threads. From any host thread. */
    public void discardAll() {
        for (RunQueue queue : queues) {
            if (queue != null) {
                queue.all().forEach(KernelThread::discardStack);
            }
        }
    }

    /** Moves a thread, the calling one included, to another processor; a running one goes when it next enters the kernel. */
    public void migrate(CpuLocal from, KernelThread thread, CpuLocal target) {
        CpuLocal source = thread.cpu;
        thread.migrateTo = source == target ? null : target;
        if (source != target) {
            // The source processor does it: it alone knows that the thread is not on its way onto the processor.
            requestSchedule(from, source);
        }
    }

    // ---- sleeping and waking
    // ---------------------------------------------------------------------------------------------

    /** Sets {@code thread} RUNNING and makes its processor notice, wherever it waits. */
    public void wake(CpuLocal from, KernelThread thread) {
        boolean slept = thread.state() != KernelThread.RUNNING;
        if (slept) {
            thread.woken = true;
        }
        thread.setState(KernelThread.RUNNING);
        CpuLocal target = thread.cpu;
        if (slept && target != null && thread.priority() > 0) {
            queue(target).toTail(thread);
        }
        if (target != null) {
            requestSchedule(from, target);
        }
    }

    /**
     * Sleeps in {@code state} until {@code done}; the waker makes it true and then calls {@link #wake}. Other threads run meanwhile.
     * A signal's wake-up ends the sleep only if {@code done} says so.
     */
    public void sleep(KernelThread self, int state, BooleanSupplier done) {
        sleepUntil(self, state, done, Long.MAX_VALUE);
    }

    /** As {@link #sleep}, at most until the cycle count reaches {@code deadlineCycles}. Returns false if the time was over first. */
    public boolean sleepUntil(KernelThread self, int state, BooleanSupplier done, long deadlineCycles) {
        while (true) {
            // State first, then the condition: a waker does it the other way round, so that none is lost.
            self.setState(state);
            if (done.getAsBoolean()) {
                self.setState(KernelThread.RUNNING);
                return true;
            }
            if (self.cpu.hw().cycles() >= deadlineCycles) {
                self.setState(KernelThread.RUNNING);
                return false;
            }
            block(self, deadlineCycles);
        }
    }

    /** Gives the processor to others, or waits in place, until {@code self} is RUNNING or the time is over. */
    private void block(KernelThread self, long deadlineCycles) {
        boolean counted = false;
        while (self.state() != KernelThread.RUNNING && self.cpu.hw().cycles() < deadlineCycles) {
            CpuLocal cpu = self.cpu;
            if (mustYield(cpu)) {
                scheduleWithAlarm(self, deadlineCycles);
            } else {
                if (!counted) {
                    self.countSwitch(true);
                    counted = true;
                }
                long begin = cpu.hw().cycles();
                cpu.waitForInterrupt(deadlineCycles, MonitorArea.KERNEL_HEAVY);
                self.excludeWait(cpu.hw().cycles() - begin);
            }
        }
    }

    private void scheduleWithAlarm(KernelThread self, long deadlineCycles) {
        if (deadlineCycles == Long.MAX_VALUE) {
            schedule(self.cpu);
            return;
        }
        KernelTimer alarm = timers(self.cpu).callAt(deadlineCycles, cpu -> wake(cpu, self));
        schedule(self.cpu);
        alarm.cancel();
    }

    /** True if a waiting thread should give up the processor: another thread wants it, or it has to move. */
    public boolean mustYield(CpuLocal cpu) {
        KernelThread self = current(cpu);
        return self.mustMove() || queue(cpu).runnableBeside(self);
    }

    /** The processor of the thread looks who is to run now. */
    public void priorityChanged(CpuLocal from, KernelThread thread) {
        CpuLocal target = thread.cpu;
        if (target != null) {
            requestSchedule(from, target);
        }
    }

    private void requestSchedule(CpuLocal from, CpuLocal target) {
        target.setNeedReschedule(true);
        target.kick(from);
    }

    // ---- switching
    // -------------------------------------------------------------------------------------------------------

    /**
     * Lets the next runnable thread of {@code cpu} run. Returns when the calling thread is chosen again, which may be on another
     * processor; at once if nobody else is runnable and the caller is.
     */
    public void schedule(CpuLocal cpu) {
        KernelThread self = current(cpu);
        boolean turnOver = queue(cpu).quantumOver && self.takesTurns();
        schedule(cpu, self.priority() > 0 && self.state() == KernelThread.RUNNING && !turnOver);
    }

    /** sched_yield: as {@link #schedule}, and all others of the caller's priority run first. */
    public void giveWay(CpuLocal cpu) {
        schedule(cpu, false);
    }

    private void schedule(CpuLocal cpu, boolean keepsPlace) {
        RunQueue queue = queue(cpu);
        KernelThread self = current(cpu);
        cpu.setNeedReschedule(false);
        for (KernelThread leaving : queue.leaving(self)) {
            move(queue, leaving);
        }
        KernelThread next = queue.rotate(self, keepsPlace, queue.takeQuantumOver());
        updateTick(queue, next);
        if (next == self) {
            return;
        }
        if (self != queue.idle) {
            self.leaveKernel(cpu.hw().cycles());
            self.countSwitch(self.state() != KernelThread.RUNNING);
        }
        self.save(cpu.hw());
        cpu.hw().charge(SWITCH_CYCLES);
        queue.previous = self;
        cpu.setCurrent(next);
        LogicalCpu hw = self.stack().switchTo(next.stack());
        resume(self, hw);
    }

    /** First thing a thread does when it has got a processor. */
    private void resume(KernelThread self, LogicalCpu hw) {
        CpuLocal cpu = self.cpu;
        if (cpu.hw() != hw) {
            throw new IllegalStateException(self + " resumed on processor " + hw.index() + " instead of " + cpu.id());
        }
        self.load(cpu);
        self.startAccounting(hw.cycles());
        self.resumed();
        putAway(queue(cpu));
    }

    /** Finishes the switch for the thread that left: nobody may choose it before its registers are saved and its stack sleeps. */
    private void putAway(RunQueue queue) {
        KernelThread left = queue.previous;
        queue.previous = null;
        if (left == null) {
            return;
        }
        if (left.state() == KernelThread.EXITED) {
            pages.free(left.memory().physical(), ThreadMemory.PAGES);
            left.released();
        } else if (left.mustMove()) {
            move(queue, left);
        }
    }

    private void move(RunQueue source, KernelThread thread) {
        CpuLocal target = thread.migrateTo;
        if (target == null) {
            return; // called off meanwhile
        }
        source.remove(thread);
        thread.migrateTo = null;
        thread.cpu = target;
        queue(target).add(thread);
        requestSchedule(source.cpu, target);
    }

    private void updateTick(RunQueue queue, KernelThread next) {
        if (!timeSharing || queue.tick != null || !queue.runnableBeside(next)) {
            return;
        }
        long now = queue.cpu.hw().cycles();
        queue.tick = queue.timers.callAt(now + machine.tscHz() / TICK_HZ, cpu -> tick(queue, now));
    }

    private void tick(RunQueue queue, long sinceCycles) {
        queue.tick = null;
        if (queue.runnableBeside(current(queue.cpu))) {
            queue.quantumOver = true;
            boolean realtime = current(queue.cpu).priority() > 0;
            queue.realtimeShare.add(sinceCycles, queue.cpu.hw().cycles(), realtime);
            queue.cpu.setNeedReschedule(true);
        }
    }

    // ---- for KernelThread
    // ------------------------------------------------------------------------------------------------

    ThreadMemory newThreadMemory() {
        long physical = pages.allocate(ThreadMemory.PAGES, 1, 0);
        if (physical == -1) {
            throw new OutOfKernelMemory("no memory for a kernel stack");
        }
        return new ThreadMemory(machine.memory(), physical);
    }

    KernelStack newStack(String name, KernelThread thread) {
        return machine.newKernelStack(name, () -> {
            resume(thread, thread.stack().cpu());
            thread.start();
        });
    }

    long returnToUserLinear() {
        return returnToUserLinear;
    }

    private RunQueue queue(CpuLocal cpu) {
        return queues[cpu.id()];
    }
}
