// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import mckernelj.emulator.hw.CpuContext;
import mckernelj.emulator.hw.KernelStack;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.PortHandler;
import mckernelj.emulator.hw.asm.Label;
import mckernelj.emulator.hw.asm.Mem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelStackTest {
    private static final int PORT = 0x600;
    private static final int LEAVE = 0x601;
    private static final int VECTOR = 0x40;

    private static BareMachine machine(int cores, boolean deterministic) {
        return new BareMachine(MachineConfig.builder().cores(cores).deterministic(deterministic));
    }

    /** Kernel code: {@code body} runs when processor {@code cpu} executes its first OUT. */
    private static void boot(BareMachine bare, int cpu, PortHandler body) {
        bare.machine.attachPort(PORT + 0x10 * cpu, body);
        bare.start(cpu, bare.program(BareMachine.CODE + 0x1000 * cpu, cpu, a -> {
            BareMachine.out(a, PORT + 0x10 * cpu);
            a.cli().hlt();
        }));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stacks_hand_a_processor_to_and_fro(boolean deterministic) throws Exception {
        List<String> log = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        try (BareMachine bare = machine(1, deterministic)) {
            boot(bare, 0, (cpu, port, width, value) -> {
                KernelStack first = cpu.stack();
                KernelStack[] second = new KernelStack[1];
                second[0] = bare.machine.newKernelStack("second", () -> {
                    for (int i = 0; i < 3; i++) {
                        log.add("second " + i);
                        second[0].switchTo(first);
                    }
                    log.add("end");
                    second[0].exitTo(first);
                });
                for (int i = 0; i < 4; i++) {
                    log.add("first " + i);
                    assertThat(first.switchTo(second[0])).isSameAs(cpu);
                }
                done.countDown();
            });
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(log)
                .containsExactly("first 0", "second 0", "first 1", "second 1", "first 2", "second 2", "first 3", "end");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_stack_is_resumed_on_another_processor(boolean deterministic) throws Exception {
        CompletableFuture<Integer> report = new CompletableFuture<>();
        try (BareMachine bare = machine(2, deterministic)) {
            CompletableFuture<KernelStack> sleeping = new CompletableFuture<>();
            boot(bare, 0, (cpu, port, width, value) -> {
                KernelStack mine = cpu.stack();
                KernelStack idle = bare.machine.newKernelStack("idle", () -> {
                    sleeping.complete(mine);
                    for (; ; ) {
                        bare.machine.cpu(0).awaitInterrupt(Long.MAX_VALUE);
                    }
                });
                mine.switchTo(idle);
                report.complete(mine.cpu().index());
            });
            KernelStack stack = sleeping.get(10, TimeUnit.SECONDS);
            boot(bare, 1, (cpu, port, width, value) -> cpu.stack().switchTo(stack));
            assertThat(report.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_handler_runs_a_stub_and_takes_the_interrupt_inside_it(boolean deterministic) throws Exception {
        List<String> log = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        try (BareMachine bare = machine(1, deterministic)) {
            long stub = bare.code(0x40000, a -> {
                a.sti().nop().cli();
                BareMachine.out(a, LEAVE);
            });
            bare.gate(VECTOR, interruptStub(bare, 0x20000, 0x602), 0, 0);
            bare.machine.attachPort(LEAVE, (cpu, port, width, value) -> cpu.leaveGuest());
            bare.machine.attachPort(0x602, (cpu, port, width, value) -> {
                log.add("interrupt");
                cpu.apicWrite(0xB0, 0);
            });
            boot(bare, 0, (cpu, port, width, value) -> {
                CpuContext saved = new CpuContext();
                cpu.raiseInterrupt(VECTOR);
                log.add("pending " + cpu.awaitInterrupt(Long.MAX_VALUE));
                cpu.saveContext(saved);
                cpu.setRip(stub);
                cpu.runGuest();
                cpu.loadContext(saved);
                log.add("back " + cpu.interruptPending());
                done.countDown();
            });
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(log).containsExactly("pending true", "interrupt", "back false");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_wait_ends_at_its_deadline_in_emulated_time(boolean deterministic) throws Exception {
        CompletableFuture<long[]> report = new CompletableFuture<>();
        try (BareMachine bare = machine(1, deterministic)) {
            boot(bare, 0, (cpu, port, width, value) -> {
                long deadline = cpu.cycles() + 1_000_000;
                boolean pending = cpu.awaitInterrupt(deadline);
                report.complete(new long[] {pending ? 1 : 0, cpu.cycles() - deadline});
            });
            assertThat(report.get(10, TimeUnit.SECONDS)).containsExactly(0, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void the_timer_of_a_waiting_processor_fires(boolean deterministic) throws Exception {
        CompletableFuture<Boolean> report = new CompletableFuture<>();
        try (BareMachine bare = machine(1, deterministic)) {
            boot(bare, 0, (cpu, port, width, value) -> {
                cpu.apicWrite(0x3E0, 0xB);
                cpu.apicWrite(0x320, VECTOR);
                cpu.apicWrite(0x380, 500_000);
                long start = cpu.cycles();
                report.complete(cpu.awaitInterrupt(Long.MAX_VALUE) && cpu.cycles() - start >= 500_000);
            });
            assertThat(report.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Processor 1 is passive and answers each request of processor 0 by an IPI. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_passive_processor_answers_while_the_sender_waits(boolean deterministic) throws Exception {
        int rounds = 1000;
        List<String> threads = new CopyOnWriteArrayList<>();
        CompletableFuture<Integer> report = new CompletableFuture<>();
        try (BareMachine bare = machine(2, deterministic)) {
            CountDownLatch idle = new CountDownLatch(1);
            bare.gate(VECTOR, interruptStub(bare, 0x20000, 0x602), 0, 0);
            bare.machine.attachPort(0x602, (cpu, port, width, value) -> {
                threads.add(Thread.currentThread().getName());
                cpu.apicWrite(0xB0, 0);
                cpu.sendIpi(0, VECTOR + 1);
            });
            bare.machine.attachPort(0x603, (cpu, port, width, value) -> {
                cpu.setPassive(true);
                idle.countDown();
            });
            bare.start(1, bare.program(BareMachine.CODE + 0x1000, 1, a -> {
                BareMachine.out(a, 0x603);
                Label again = a.here();
                a.sti().hlt().jmp(again);
            }));
            assertThat(idle.await(10, TimeUnit.SECONDS)).isTrue();
            boot(bare, 0, (cpu, port, width, value) -> {
                int answers = 0;
                for (int i = 0; i < rounds; i++) {
                    cpu.sendIpi(1, VECTOR);
                    if (cpu.awaitInterrupt(Long.MAX_VALUE)) {
                        answers++;
                    }
                    takeAndDrop(bare, cpu);
                }
                report.complete(answers);
            });
            assertThat(report.get(20, TimeUnit.SECONDS)).isEqualTo(rounds);
        }
        assertThat(threads).hasSize(rounds);
        if (!deterministic) {
            assertThat(threads.subList(10, rounds)).containsOnly("cpu0"); // the thread of the waiting processor
        }
    }

    /** Takes the pending interrupt in a stub, as a waiting kernel does. */
    private static void takeAndDrop(BareMachine bare, LogicalCpu cpu) {
        bare.gate(VECTOR + 1, 0x22000, 0, 0);
        if (bare.get(0x22000) == 0) {
            bare.code(0x22000, a -> {
                a.push(RAX).push(RCX);
                a.movImm(RCX, 0xFEE000B0L).movImm(RAX, 0);
                a.w32().mov(Mem.at(RCX), RAX);
                a.pop(RCX).pop(RAX).iretq();
            });
            bare.code(0x23000, a -> {
                a.sti().nop().cli();
                BareMachine.out(a, LEAVE);
            });
            bare.machine.attachPort(LEAVE, (c, port, width, value) -> c.leaveGuest());
        }
        CpuContext saved = new CpuContext();
        cpu.saveContext(saved);
        cpu.setRip(0x23000);
        cpu.runGuest();
        cpu.loadContext(saved);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void init_ends_the_stack_of_a_waiting_processor_and_it_can_be_started_again(boolean deterministic)
            throws Exception {
        CompletableFuture<String> ended = new CompletableFuture<>();
        CountDownLatch again = new CountDownLatch(1);
        try (BareMachine bare = machine(2, deterministic)) {
            CountDownLatch waiting = new CountDownLatch(1);
            boot(bare, 1, (cpu, port, width, value) -> {
                waiting.countDown();
                try {
                    cpu.awaitInterrupt(Long.MAX_VALUE);
                } finally {
                    ended.complete("unwound");
                }
            });
            assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
            boot(bare, 0, (cpu, port, width, value) -> {
                bare.machine.cpu(1).init();
                bare.machine.attachPort(PORT + 0x10, (c, p, w, v) -> again.countDown());
                bare.start(1, bare.code(0x15000, a -> BareMachine.out(a, PORT + 0x10)));
            });
            assertThat(again.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo("unwound");
        }
    }

    /** The passive processor's handler resets the processor on whose thread it is executed, and starts it again. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_passive_processor_resets_the_one_that_executes_it(boolean deterministic) throws Exception {
        CountDownLatch again = new CountDownLatch(1);
        CountDownLatch idle = new CountDownLatch(1);
        try (BareMachine bare = machine(2, deterministic)) {
            bare.gate(
                    VECTOR,
                    bare.code(0x20000, a -> {
                        BareMachine.out(a, 0x602);
                        a.iretq();
                    }),
                    0,
                    0);
            bare.machine.attachPort(0x602, (cpu, port, width, value) -> {
                cpu.apicWrite(0xB0, 0);
                bare.machine.cpu(0).init();
                bare.machine.attachPort(PORT, (c, p, w, v) -> again.countDown());
                bare.start(0, bare.code(0x15000, a -> BareMachine.out(a, PORT)));
            });
            bare.machine.attachPort(0x603, (cpu, port, width, value) -> {
                cpu.setPassive(true);
                idle.countDown();
            });
            bare.start(1, bare.program(BareMachine.CODE + 0x1000, 1, a -> {
                BareMachine.out(a, 0x603);
                Label loop = a.here();
                a.sti().hlt().jmp(loop);
            }));
            assertThat(idle.await(10, TimeUnit.SECONDS)).isTrue();
            boot(bare, 0, (cpu, port, width, value) -> {
                cpu.sendIpi(1, VECTOR);
                cpu.awaitInterrupt(Long.MAX_VALUE);
            });
            assertThat(again.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requests_of_a_host_thread_and_of_a_processor_both_reach_a_passive_one(boolean deterministic) throws Exception {
        int rounds = 2000;
        CountDownLatch idle = new CountDownLatch(1);
        CompletableFuture<Boolean> report = new CompletableFuture<>();
        Semaphore served = new Semaphore(0);
        try (BareMachine bare = machine(2, deterministic)) {
            bare.gate(VECTOR, interruptStub(bare, 0x20000, 0x602), 0, 0);
            bare.gate(VECTOR + 2, interruptStub(bare, 0x21000, 0x604), 0, 0);
            bare.machine.attachPort(0x602, (cpu, port, width, value) -> {
                cpu.apicWrite(0xB0, 0);
                cpu.sendIpi(0, VECTOR + 1);
            });
            bare.machine.attachPort(0x604, (cpu, port, width, value) -> {
                cpu.apicWrite(0xB0, 0);
                served.release();
            });
            bare.machine.attachPort(0x603, (cpu, port, width, value) -> {
                cpu.setPassive(true);
                idle.countDown();
            });
            bare.start(1, bare.program(BareMachine.CODE + 0x1000, 1, a -> {
                BareMachine.out(a, 0x603);
                Label loop = a.here();
                a.sti().hlt().jmp(loop);
            }));
            assertThat(idle.await(10, TimeUnit.SECONDS)).isTrue();
            boot(bare, 0, (cpu, port, width, value) -> {
                boolean all = true;
                for (int i = 0; i < rounds; i++) {
                    cpu.sendIpi(1, VECTOR);
                    all &= cpu.awaitInterrupt(Long.MAX_VALUE);
                    takeAndDrop(bare, cpu);
                }
                report.complete(all);
            });
            for (int i = 0; i < rounds; i++) {
                bare.machine.cpu(1).raiseInterrupt(VECTOR + 2);
                assertThat(served.tryAcquire(10, TimeUnit.SECONDS))
                        .as("request " + i)
                        .isTrue();
            }
            assertThat(report.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Interrupt entry that calls the handler of {@code port}. */
    private static long interruptStub(BareMachine bare, long address, int port) {
        return bare.code(address, a -> {
            a.push(RAX).push(RDX);
            BareMachine.out(a, port);
            a.pop(RDX).pop(RAX).iretq();
        });
    }
}
