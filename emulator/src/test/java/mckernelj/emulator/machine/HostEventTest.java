// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mckernelj.emulator.hw.HostEvent;
import mckernelj.emulator.hw.KernelStack;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.PortHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostEventTest {
    private static final int PORT = 0x600;
    private static final int VECTOR = 0x40;
    private static final long DELAY_CYCLES = 1_000_000;

    /** Completes when the test says so; then requests an interrupt at the processor. */
    private static final class TestEvent implements HostEvent {
        final Semaphore permit = new Semaphore(0);
        final AtomicInteger abandoned = new AtomicInteger();
        final CompletableFuture<Void> parked = new CompletableFuture<>();
        volatile boolean complete;
        volatile boolean asleep = true;
        private final LogicalCpu cpu;
        private final long readyAt;
        private boolean raised;

        TestEvent(LogicalCpu cpu) {
            this.cpu = cpu;
            readyAt = cpu.cycles() + DELAY_CYCLES;
        }

        @Override
        public boolean poll() {
            if (complete && !raised) {
                raised = true;
                cpu.raiseInterrupt(VECTOR);
            }
            return raised;
        }

        @Override
        public void park(long nanos) {
            parked.complete(null);
            try {
                permit.tryAcquire(nanos, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public boolean asleep() {
            return asleep;
        }

        @Override
        public void wake() {
            permit.release();
        }

        @Override
        public void abandon() {
            abandoned.incrementAndGet();
        }

        @Override
        public long readyAtCycles() {
            return readyAt;
        }
    }

    private static void boot(BareMachine bare, int cpu, PortHandler body) {
        bare.machine.attachPort(PORT + cpu, body);
        bare.start(cpu, bare.program(BareMachine.CODE + 0x1000 * cpu, cpu, a -> {
            BareMachine.out(a, PORT + cpu);
            a.cli().hlt();
        }));
    }

    private static BareMachine machine(int cores, boolean deterministic) {
        return new BareMachine(MachineConfig.builder().cores(cores).deterministic(deterministic));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_waiting_processor_blocks_on_its_host_event_and_gets_its_interrupt(boolean deterministic) throws Exception {
        CompletableFuture<TestEvent> waiting = new CompletableFuture<>();
        CompletableFuture<Boolean> report = new CompletableFuture<>();
        try (BareMachine bare = machine(1, deterministic)) {
            boot(bare, 0, (cpu, port, width, value) -> {
                TestEvent event = new TestEvent(cpu);
                cpu.setHostEvent(event);
                waiting.complete(event);
                report.complete(cpu.awaitInterrupt(Long.MAX_VALUE));
            });
            TestEvent event = waiting.get(10, TimeUnit.SECONDS);
            event.parked.get(10, TimeUnit.SECONDS);
            event.complete = true;
            event.wake();
            assertThat(report.get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(event.abandoned).hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_host_event_that_is_complete_is_seen_at_its_emulated_time(boolean deterministic) throws Exception {
        CompletableFuture<Long> report = new CompletableFuture<>();
        try (BareMachine bare = machine(1, deterministic)) {
            boot(bare, 0, (cpu, port, width, value) -> {
                TestEvent event = new TestEvent(cpu);
                event.complete = true;
                cpu.setHostEvent(event);
                cpu.awaitInterrupt(Long.MAX_VALUE);
                report.complete(cpu.cycles() - event.readyAt);
            });
            long late = report.get(10, TimeUnit.SECONDS);
            if (deterministic) {
                assertThat(late).isZero();
            }
        }
    }

    @Test
    void deterministic_time_stands_still_while_a_host_event_is_at_work() throws Exception {
        CompletableFuture<TestEvent> waiting = new CompletableFuture<>();
        CompletableFuture<Long> report = new CompletableFuture<>();
        CompletableFuture<Long> other = new CompletableFuture<>();
        try (BareMachine bare = machine(2, true)) {
            PortHandler waits = (cpu, port, width, value) -> {
                TestEvent event = new TestEvent(cpu);
                event.asleep = false;
                cpu.setHostEvent(event);
                waiting.complete(event);
                cpu.awaitInterrupt(Long.MAX_VALUE);
                report.complete(cpu.cycles() - event.readyAt);
            };
            boot(bare, 0, (cpu, port, width, value) -> {
                boot(bare, 1, waits); // by this processor, so that both begin at the same emulated time
                cpu.awaitInterrupt(cpu.cycles() + 10 * DELAY_CYCLES);
                other.complete(cpu.cycles());
            });
            TestEvent event = waiting.get(10, TimeUnit.SECONDS);
            event.parked.get(10, TimeUnit.SECONDS);
            assertThat(other.isDone()).isFalse();
            event.complete = true;
            event.wake();
            assertThat(report.get(10, TimeUnit.SECONDS)).isZero();
            other.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void deterministic_time_goes_on_while_a_host_event_is_asleep() throws Exception {
        CompletableFuture<TestEvent> waiting = new CompletableFuture<>();
        CompletableFuture<Long> report = new CompletableFuture<>();
        CompletableFuture<Long> other = new CompletableFuture<>();
        try (BareMachine bare = machine(2, true)) {
            PortHandler waits = (cpu, port, width, value) -> {
                TestEvent event = new TestEvent(cpu);
                cpu.setHostEvent(event);
                waiting.complete(event);
                cpu.awaitInterrupt(Long.MAX_VALUE);
                report.complete(cpu.cycles());
            };
            boot(bare, 0, (cpu, port, width, value) -> {
                boot(bare, 1, waits); // by this processor, so that both begin at the same emulated time
                cpu.awaitInterrupt(cpu.cycles() + 10 * DELAY_CYCLES);
                other.complete(cpu.cycles());
            });
            TestEvent event = waiting.get(10, TimeUnit.SECONDS);
            long reached = other.get(10, TimeUnit.SECONDS);
            event.complete = true;
            event.wake();
            assertThat(report.get(10, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(reached);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_raised_interrupt_ends_the_wait_for_a_host_event_and_a_switch_abandons_it(boolean deterministic)
            throws Exception {
        CompletableFuture<TestEvent> waiting = new CompletableFuture<>();
        CompletableFuture<Integer> report = new CompletableFuture<>();
        try (BareMachine bare = machine(1, deterministic)) {
            boot(bare, 0, (cpu, port, width, value) -> {
                TestEvent event = new TestEvent(cpu);
                cpu.setHostEvent(event);
                waiting.complete(event);
                cpu.awaitInterrupt(Long.MAX_VALUE);
                KernelStack next = bare.machine.newKernelStack("next", () -> report.complete(event.abandoned.get()));
                cpu.stack().switchTo(next);
            });
            TestEvent event = waiting.get(10, TimeUnit.SECONDS);
            event.parked.get(10, TimeUnit.SECONDS);
            bare.machine.cpu(0).raiseInterrupt(VECTOR);
            assertThat(report.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void other_processors_run_while_one_waits_for_a_late_host_event(boolean deterministic) throws Exception {
        CompletableFuture<TestEvent> waiting = new CompletableFuture<>();
        CompletableFuture<Boolean> report = new CompletableFuture<>();
        try (BareMachine bare = machine(2, deterministic)) {
            boot(bare, 0, (cpu, port, width, value) -> {
                TestEvent event = new TestEvent(cpu);
                cpu.setHostEvent(event);
                waiting.complete(event);
                report.complete(cpu.awaitInterrupt(Long.MAX_VALUE));
            });
            TestEvent event = waiting.get(10, TimeUnit.SECONDS);
            boot(bare, 1, (cpu, port, width, value) -> {
                cpu.awaitInterrupt(cpu.cycles() + 100 * DELAY_CYCLES);
                event.complete = true;
                event.wake();
            });
            assertThat(report.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void the_machine_can_be_closed_while_a_processor_waits_for_a_host_event(boolean deterministic) throws Exception {
        CompletableFuture<TestEvent> waiting = new CompletableFuture<>();
        BareMachine bare = machine(1, deterministic);
        boot(bare, 0, (cpu, port, width, value) -> {
            TestEvent event = new TestEvent(cpu);
            cpu.setHostEvent(event);
            waiting.complete(event);
            cpu.awaitInterrupt(Long.MAX_VALUE);
        });
        TestEvent event = waiting.get(10, TimeUnit.SECONDS);
        event.parked.get(10, TimeUnit.SECONDS);
        bare.close();
        assertThat(event.abandoned).hasValue(1);
    }
}
