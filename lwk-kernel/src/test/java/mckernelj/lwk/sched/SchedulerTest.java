// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import mckernelj.ihk.layout.MonitorArea;
import mckernelj.ihk.layout.RusageArea;
import mckernelj.lwk.cpu.CpuAccounting;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.cpu.PerCpuArea;
import mckernelj.lwk.fake.FakeCpu;
import mckernelj.lwk.fake.FakeMachine;
import mckernelj.lwk.phys.PageAllocator;
import mckernelj.lwk.time.TimerQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private static final long RETURN_TO_USER = 0x1234;

    private final FakeMachine machine = new FakeMachine(2);
    private final PageAllocator pages = new PageAllocator(machine.memory(), new int[][] {{10}});
    private final List<String> events = new ArrayList<>();
    private Scheduler scheduler;
    private CpuLocal cpu;
    private FakeCpu hw;

    @BeforeEach
    void boot() {
        pages.addMemory(0, 1 << 20, 16 << 20);
        scheduler = new Scheduler(machine, pages, 2, RETURN_TO_USER, true);
        hw = machine.boot(0);
        cpu = new CpuLocal(0, hw, new PerCpuArea(machine.memory(), 0x10000), 0, accounting());
        TimerQueue timers = new TimerQueue(cpu);
        scheduler.addCpu(cpu, timers, hw.stack(), 0x5000);
        hw.interruptHandler = vector -> {
            if (vector == 0xEF) {
                timers.interrupt();
            }
        };
    }

    private CpuAccounting accounting() {
        MonitorArea monitor = new MonitorArea(machine.memory(), 0x8000);
        return new CpuAccounting(monitor, new RusageArea(machine.memory(), 0x9000), 0, machine.tscHz());
    }

    /** A thread whose kernel code is {@code body}; it exits afterwards. */
    private final class TestThread extends KernelThread {
        private final int tid;
        private final Runnable body;

        TestThread(int tid, Runnable body) {
            super(scheduler, "test " + tid);
            this.tid = tid;
            this.body = body;
        }

        @Override
        public int tid() {
            return tid;
        }

        @Override
        public long addressSpace() {
            return 0x1000L * tid;
        }

        @Override
        protected void start() {
            body.run();
            scheduler.exitCurrent(this);
        }

        @Override
        protected void released() {
            events.add("released " + tid);
        }
    }

    private TestThread thread(int tid, Runnable body) {
        return new TestThread(tid, body);
    }

    @Test
    void threads_take_turns_and_their_memory_is_freed_when_they_end() {
        long free = pages.freePages(0);
        for (int tid = 1; tid <= 2; tid++) {
            String name = "thread " + tid;
            scheduler.addThread(
                    cpu,
                    thread(tid, () -> {
                        events.add(name + " first");
                        scheduler.schedule(cpu);
                        events.add(name + " second");
                    }),
                    cpu);
        }
        scheduler.schedule(cpu);
        assertThat(events)
                .containsExactly(
                        "thread 1 first",
                        "thread 2 first",
                        "thread 1 second",
                        "released 1",
                        "thread 2 second",
                        "released 2");
        assertThat(pages.freePages(0)).isEqualTo(free);
        assertThat(scheduler.isIdle(cpu)).isTrue();
    }

    @Test
    void a_switch_loads_address_space_stack_and_registers_of_the_thread() {
        TestThread thread = thread(3, () -> {
            events.add("cr3 " + Long.toHexString(hw.controlRegister(3)));
            events.add("rip " + Long.toHexString(hw.rip()));
        });
        long frame = thread.kernelStackTopLinear() - 168;
        scheduler.addThread(cpu, thread, cpu);
        scheduler.schedule(cpu);
        assertThat(events).startsWith("cr3 3000", "rip " + Long.toHexString(RETURN_TO_USER));
        assertThat(thread.registers().registers[4]).isEqualTo(frame);
        assertThat(hw.controlRegister(3)).as("idle thread").isEqualTo(0x5000);
    }

    @Test
    void a_sleeper_that_is_alone_keeps_the_processor_until_its_time_is_over() {
        scheduler.addThread(
                cpu,
                thread(1, () -> {
                    KernelThread self = scheduler.current(cpu);
                    boolean woken =
                            scheduler.sleepUntil(self, KernelThread.INTERRUPTIBLE, () -> false, hw.cycles() + 5000);
                    events.add("woken " + woken + (hw.cycles() >= 5000 ? " in time" : " early"));
                }),
                cpu);
        scheduler.schedule(cpu);
        assertThat(events).startsWith("woken false in time");
    }

    @Test
    void a_sleeper_gives_the_processor_to_others_and_comes_back_when_woken() {
        boolean[] flag = new boolean[1];
        TestThread sleeper = thread(1, () -> {
            KernelThread self = scheduler.current(cpu);
            scheduler.sleep(self, KernelThread.INTERRUPTIBLE, () -> flag[0]);
            events.add("woken");
        });
        scheduler.addThread(cpu, sleeper, cpu);
        scheduler.addThread(
                cpu,
                thread(2, () -> {
                    events.add("other runs");
                    flag[0] = true;
                    scheduler.wake(cpu, sleeper);
                    events.add("other ends");
                }),
                cpu);
        scheduler.schedule(cpu);
        assertThat(events).containsExactly("other runs", "other ends", "released 2", "woken", "released 1");
    }

    @Test
    void a_woken_thread_runs_before_those_that_wait_for_their_turn() {
        boolean[] flag = new boolean[1];
        TestThread sleeper = thread(1, () -> {
            scheduler.sleep(scheduler.current(cpu), KernelThread.INTERRUPTIBLE, () -> flag[0]);
            events.add("woken");
        });
        // 2 runs behind 3, which lets it wake the sleeper while 3 is at the head of the queue.
        scheduler.addThread(cpu, thread(3, () -> computeTwice("3")), cpu);
        scheduler.addThread(cpu, sleeper, cpu);
        scheduler.addThread(
                cpu,
                thread(2, () -> {
                    flag[0] = true;
                    scheduler.wake(cpu, sleeper);
                    scheduler.schedule(cpu);
                }),
                cpu);
        scheduler.schedule(cpu);
        assertThat(events).startsWith("3 first", "woken", "released 1", "3 second");
    }

    private void computeTwice(String name) {
        events.add(name + " first");
        scheduler.schedule(cpu);
        events.add(name + " second");
    }

    @Test
    void threads_that_wake_each_other_give_the_processor_away_after_a_tick() {
        TestThread[] pair = new TestThread[2];
        int[] turn = new int[1];
        boolean[] computed = new boolean[1];
        for (int i = 0; i < 2; i++) {
            int self = i;
            pair[i] = thread(i + 1, () -> {
                for (int round = 0; round < 2000 && !computed[0]; round++) {
                    scheduler.sleep(pair[self], KernelThread.INTERRUPTIBLE, () -> turn[0] == self || computed[0]);
                    hw.charge(50_000);
                    cpu.serviceInterrupts();
                    turn[0] = 1 - self;
                    scheduler.wake(cpu, pair[1 - self]);
                }
                events.add("pair " + computed[0]);
                computed[0] = true;
            });
            scheduler.addThread(cpu, pair[i], cpu);
        }
        scheduler.addThread(cpu, thread(3, () -> computed[0] = true), cpu);
        scheduler.schedule(cpu);
        assertThat(events).contains("pair true").doesNotContain("pair false");
    }

    @Test
    void the_tick_asks_for_a_reschedule_only_while_several_threads_want_the_processor() {
        scheduler.addThread(
                cpu,
                thread(1, () -> {
                    scheduler.addThread(cpu, thread(2, () -> {}), cpu);
                    scheduler.schedule(cpu);
                    events.add("alone " + tickWithin(30_000_000));
                    scheduler.addThread(cpu, thread(3, this::yieldOnce), cpu);
                    scheduler.addThread(cpu, thread(4, this::yieldOnce), cpu);
                    scheduler.schedule(cpu);
                    events.add("shared " + tickWithin(30_000_000));
                }),
                cpu);
        scheduler.schedule(cpu);
        assertThat(events).contains("alone false", "shared true");
    }

    private void yieldOnce() {
        scheduler.schedule(cpu);
    }

    private boolean tickWithin(long cycles) {
        cpu.setNeedReschedule(false);
        long end = hw.cycles() + cycles;
        while (hw.cycles() < end && !cpu.needReschedule()) {
            cpu.waitForInterrupt(end);
        }
        return cpu.needReschedule();
    }
}
