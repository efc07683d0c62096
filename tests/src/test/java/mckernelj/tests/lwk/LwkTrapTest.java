// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.lwk;

import static mckernelj.emulator.hw.asm.Reg.R11;
import static mckernelj.emulator.hw.asm.Reg.R12;
import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDI;
import static mckernelj.emulator.hw.asm.Reg.RSI;
import static mckernelj.emulator.hw.asm.Reg.RSP;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.Msr;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Cond;
import mckernelj.emulator.hw.asm.Label;
import mckernelj.emulator.hw.asm.Mem;
import mckernelj.emulator.hw.asm.Reg;
import mckernelj.ihk.Errno;
import mckernelj.ihk.ikc.IkcMessage;
import mckernelj.ihk.ikc.IkcPacket;
import mckernelj.ihk.layout.RemotePageFault;
import mckernelj.ihk.layout.SyscallResponse;
import mckernelj.ihk.os.InterruptVectors;
import mckernelj.ihk.os.OsStatus;
import mckernelj.linuxhost.ihk.IhkException;
import mckernelj.linuxhost.ihk.OsInstance;
import mckernelj.linuxhost.ihk.OsListener;
import mckernelj.lwk.cpu.CpuLocal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** User programs on a real machine under a test's upper half: entries, exits, scheduling, delegation. Parallel and deterministic. */
class LwkTrapTest {
    private final TestHandlers handlers = new TestHandlers();
    private LwkFixture node;

    @AfterEach
    void close() throws IhkException {
        if (node != null) {
            node.close();
        }
    }

    private void boot(boolean deterministic, int cpus, OsListener... listeners) throws IhkException {
        node = new LwkFixture(cpus, 1, deterministic);
        node.boot(
                kernel -> {
                    handlers.kernel = kernel;
                    // Any vector that the kernel does not use: the test's way to run code on an LWK processor.
                    kernel.interrupts().on(START_VECTOR, cpu -> work.accept(cpu));
                    return handlers;
                },
                listeners);
    }

    private static final int START_VECTOR = 0x90;
    private volatile Consumer<CpuLocal> work = cpu -> {};

    /** Runs {@code action} in interrupt context of LWK processor {@code id}. */
    private void onCpu(int id, Consumer<CpuLocal> action) {
        work = action;
        node.machine.cpu(id + 1).raiseInterrupt(START_VECTOR);
    }

    private void start(int tid, Consumer<Assembler> program) {
        onCpu(0, cpu -> handlers.kernel.scheduler().addThread(cpu, new UserThread(handlers.kernel, tid, program), cpu));
    }

    private static void exit(Assembler asm, Reg status) {
        asm.mov(RDI, status).movImm(RAX, TestHandlers.EXIT).syscall();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_system_call_keeps_all_registers_but_rax_rcx_and_r11(boolean deterministic) throws IhkException {
        boot(deterministic, 1);
        handlers.call = (thread, cpu, regs) -> regs.argument(0) + regs.argument(5);
        start(7, asm -> {
            Label wrong = asm.label();
            for (Reg register : Reg.values()) {
                if (register != RSP) {
                    asm.movImm(register, 0x1111_0000L + register.ordinal());
                }
            }
            asm.movImm(RAX, 39).syscall();
            asm.movImm(R11, 0x1111_0007L + 0x1111_0009L).cmp(RAX, R11).j(Cond.NE, wrong);
            for (Reg register : Reg.values()) {
                if (register != RSP && register != RAX && register != RCX && register != R11) {
                    asm.movImm(RCX, 0x1111_0000L + register.ordinal())
                            .cmp(register, RCX)
                            .j(Cond.NE, wrong);
                }
            }
            asm.movImm(RCX, UserThread.CODE + UserThread.PAGE).cmp(RSP, RCX).j(Cond.NE, wrong);
            exit(asm.movImm(RBX, 42), RBX);
            asm.bind(wrong);
            exit(asm, RCX);
        });
        assertThat(handlers.next()).isEqualTo("exit 7 42");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void interrupts_do_not_change_a_running_program(boolean deterministic) throws IhkException {
        boot(deterministic, 1);
        int[] interrupts = new int[1];
        handlers.call = (thread, cpu, regs) -> {
            again(cpu, interrupts);
            return 0;
        };
        start(7, asm -> {
            asm.movImm(RAX, 39).syscall(); // starts the timer
            asm.movImm(RCX, 300_000).movImm(RBX, 0).movImm(R12, 0);
            Label loop = asm.here();
            asm.add(RBX, 3).add(R12, RBX).sub(RCX, 1).j(Cond.NE, loop);
            exit(asm, R12);
        });
        long expected = 3L * 300_000 * 300_001 / 2;
        assertThat(handlers.next()).isEqualTo("exit 7 " + expected);
        assertThat(interrupts[0]).isGreaterThan(10);
    }

    private void again(CpuLocal cpu, int[] count) {
        handlers.kernel.scheduler().timers(cpu).callAt(cpu.hw().cycles() + 20_000, c -> {
            count[0]++;
            again(c, count);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void the_user_keeps_its_own_gs_base_across_calls_and_switches(boolean deterministic) throws IhkException {
        boot(deterministic, 1);
        long word = UserThread.CODE + 0x1000;
        handlers.call = (thread, cpu, regs) -> {
            if (regs.origRax() == 158) {
                cpu.hw().setMsr(Msr.IA32_KERNEL_GS_BASE, regs.argument(0));
            } else {
                handlers.kernel.scheduler().schedule(cpu);
            }
            return 0;
        };
        // both at once: the first must not end before the second is there
        onCpuAndWait(cpu -> {
            for (int tid = 1; tid <= 2; tid++) {
                int id = tid;
                UserThread thread = new UserThread(handlers.kernel, id, asm -> {
                    asm.movImm(RBX, word).movImm(RAX, 100 + id).store64(RBX, 8, RAX);
                    asm.movImm(RDI, word).movImm(RAX, 158).syscall();
                    asm.movImm(RBX, 10);
                    Label loop = asm.here();
                    asm.movImm(RAX, 24).syscall().sub(RBX, 1).j(Cond.NE, loop);
                    asm.load64(RSI, Mem.gs(8));
                    exit(asm, RSI);
                });
                handlers.kernel.scheduler().addThread(cpu, thread, cpu);
            }
        });
        assertThat(new String[] {handlers.next(), handlers.next()})
                .containsExactlyInAnyOrder("exit 1 101", "exit 2 102");
    }

    private void onCpuAndWait(Consumer<CpuLocal> action) {
        onCpu(0, cpu -> {
            action.accept(cpu);
            handlers.events.add("done");
        });
        assertThat(handlers.next()).isEqualTo("done");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void two_busy_threads_share_a_processor_by_the_tick(boolean deterministic) throws IhkException {
        boot(deterministic, 1);
        onCpu(0, cpu -> {
            Consumer<Assembler> forEver = asm -> asm.jmp(asm.here());
            UserThread first = new UserThread(handlers.kernel, 1, forEver);
            UserThread second = new UserThread(handlers.kernel, 2, forEver);
            handlers.kernel.scheduler().addThread(cpu, first, cpu);
            handlers.kernel.scheduler().addThread(cpu, second, cpu);
            long end = cpu.hw().cycles() + node.machine.tscHz() / 40;
            handlers.kernel
                    .scheduler()
                    .timers(cpu)
                    .callAt(
                            end,
                            c -> handlers.events.add(
                                    first.userCycles() > 0 && second.userCycles() > 0 ? "both" : "one"));
        });
        assertThat(handlers.next()).isEqualTo("both");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void exceptions_carry_vector_error_code_and_address(boolean deterministic) throws IhkException {
        boot(deterministic, 1);
        start(1, asm -> asm.movImm(RBX, 0x1234_5000).store64(RBX, 0, RAX));
        assertThat(handlers.next()).isEqualTo("exception 14 error 6 cr2 12345000");
        start(2, Assembler::ud2);
        assertThat(handlers.next()).isEqualTo("exception 6 error 0 cr2 0");
        start(3, asm -> asm.interrupt(0x80));
        assertThat(handlers.next()).isEqualTo("exception 13 error 1026 cr2 0");
        start(4, Assembler::int3);
        assertThat(handlers.next()).isEqualTo("exception 3 error 0 cr2 0");
        start(5, asm -> asm.hlt());
        assertThat(handlers.next()).isEqualTo("exception 13 error 0 cr2 0");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_return_to_a_non_canonical_address_is_the_programs_fault(boolean deterministic) throws IhkException {
        boot(deterministic, 1);
        handlers.call = (thread, cpu, regs) -> {
            regs.setRip(1L << 60);
            return 0;
        };
        start(1, asm -> asm.movImm(RAX, 39).syscall());
        assertThat(handlers.next()).isEqualTo("exception 13 error 0 cr2 0");
    }

    /** Linux answers a delegated call with 1000 + its first argument. */
    private OsListener linux(boolean withFault) {
        return new OsListener() {
            @Override
            public void booting(OsInstance os) {
                os.endpoint().on(IkcMessage.SYSCALL_ONESIDE, (cpu, packet) -> {
                    if (withFault) {
                        os.endpoint()
                                .send(
                                        cpu,
                                        packet.ref,
                                        new RemotePageFault(packet.ref, packet.pid, packet.rtid, 0x7000, 1, 6)
                                                .toPacket(packet.respPa));
                    } else {
                        answer(os, cpu, packet.respPa, packet.ref, packet.rtid, 1000 + packet.args[0]);
                    }
                });
                os.endpoint()
                        .on(
                                IkcMessage.REMOTE_PAGE_FAULT_ANSWER,
                                (cpu, packet) -> answer(os, cpu, packet.reply, packet.ref, packet.ttid, packet.err));
            }

            private void answer(OsInstance os, LogicalCpu cpu, long response, int lwkCpu, int tid, long value) {
                if (new SyscallResponse(node.machine.memory(), response).complete(value)) {
                    IkcPacket wake = new IkcPacket(IkcMessage.WAKE_UP_SYSCALL_THREAD);
                    wake.ref = lwkCpu;
                    wake.ttid = tid;
                    os.endpoint().send(cpu, lwkCpu, wake);
                } else {
                    cpu.sendIpi(node.machine.cpu(lwkCpu + 1).apicId(), InterruptVectors.IKC);
                }
            }
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void delegated_calls_are_answered_alone_and_beside_other_threads(boolean deterministic) throws IhkException {
        boot(deterministic, 2, linux(false));
        handlers.call = (thread, cpu, regs) ->
                handlers.kernel.delegation().call(thread, 77, (int) regs.origRax(), regs.argument(0), 0, 0, 0, 0, 0);
        Consumer<Assembler> program = asm -> {
            asm.movImm(R12, 0).movImm(RBX, 50);
            Label loop = asm.here();
            asm.movImm(RDI, 1).movImm(RAX, 39).syscall();
            asm.add(R12, RAX).sub(RBX, 1).j(Cond.NE, loop);
            exit(asm, R12);
        };
        start(7, program);
        assertThat(handlers.next()).isEqualTo("exit 7 50050");
        onCpu(0, cpu -> {
            for (int tid = 1; tid <= 3; tid++) {
                handlers.kernel.scheduler().addThread(cpu, new UserThread(handlers.kernel, tid, program), cpu);
            }
        });
        assertThat(new String[] {handlers.next(), handlers.next(), handlers.next()})
                .containsExactlyInAnyOrder("exit 1 50050", "exit 2 50050", "exit 3 50050");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_remote_page_fault_is_resolved_by_the_thread_that_waits(boolean deterministic) throws IhkException {
        boot(deterministic, 1, linux(true));
        handlers.kernel.delegation().setRemoteFaultHandler((cpu, fault) -> {
            boolean right = fault.faultAddress() == 0x7000
                    && handlers.kernel.scheduler().current(cpu).tid() == fault.faultTid();
            return right ? -Errno.EFAULT : -Errno.EINVAL;
        });
        handlers.call = (thread, cpu, regs) -> handlers.kernel.delegation().call(thread, 77, 39, 0, 0, 0, 0, 0, 0);
        start(7, asm -> {
            asm.movImm(RAX, 39).syscall();
            exit(asm, RAX);
        });
        assertThat(handlers.next()).isEqualTo("exit 7 " + -Errno.EFAULT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_thread_migrates_to_another_processor_and_goes_on_there(boolean deterministic) throws IhkException {
        boot(deterministic, 2);
        handlers.call = (thread, cpu, regs) -> {
            CpuLocal other = handlers.kernel.cpu(1 - cpu.id());
            handlers.kernel.scheduler().migrate(cpu, thread, other);
            handlers.kernel.scheduler().schedule(cpu);
            return thread.cpu().id();
        };
        start(7, asm -> {
            asm.movImm(R12, 0).movImm(RBX, 21);
            Label loop = asm.here();
            asm.movImm(RAX, 39).syscall().add(R12, RAX).sub(RBX, 1).j(Cond.NE, loop);
            exit(asm, R12);
        });
        assertThat(handlers.next()).as("every other time on processor 1").isEqualTo("exit 7 11");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void processors_that_call_each_other_both_finish(boolean deterministic) throws IhkException {
        boot(deterministic, 3);
        handlers.call = (thread, cpu, regs) -> {
            int[] done = new int[3];
            handlers.kernel.crossCalls().run(cpu, handlers.kernel.cpus(), c -> done[c.id()]++);
            return IntStream.of(done).sum();
        };
        onCpu(0, cpu -> {
            for (int id = 0; id < 3; id++) {
                UserThread thread = new UserThread(handlers.kernel, id, asm -> {
                    asm.movImm(R12, 0).movImm(RBX, 20);
                    Label loop = asm.here();
                    asm.movImm(RAX, 39).syscall().add(R12, RAX).sub(RBX, 1).j(Cond.NE, loop);
                    exit(asm, R12);
                });
                handlers.kernel.scheduler().addThread(cpu, thread, handlers.kernel.cpu(id));
            }
        });
        assertThat(new String[] {handlers.next(), handlers.next(), handlers.next()})
                .containsExactlyInAnyOrder("exit 0 60", "exit 1 60", "exit 2 60");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_bug_of_the_kernel_halts_its_processor_and_shows_in_the_log(boolean deterministic) throws IhkException {
        boot(deterministic, 2);
        node.os.addEventListener(type -> handlers.events.add("event " + type));
        handlers.call = (thread, cpu, regs) -> {
            throw new IllegalStateException("deliberate");
        };
        start(1, asm -> asm.movImm(RAX, 39).syscall());
        assertThat(handlers.next()).isEqualTo("event " + OsInstance.EVENT_STATUS);
        onCpu(1, cpu -> handlers.events.add("alive"));
        assertThat(handlers.next()).isEqualTo("alive");
        assertThat(node.os.status()).isEqualTo(OsStatus.PANIC);
        assertThat(node.os.kmsgText()).contains("kernel panic: java.lang.IllegalStateException: deliberate");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_frozen_processor_stands_still_until_it_is_thawed(boolean deterministic) throws IhkException {
        boot(deterministic, 2);
        long word = UserThread.CODE + 0x1000;
        UserThread[] counter = new UserThread[1];
        onCpuAndWait(cpu -> {
            counter[0] = new UserThread(handlers.kernel, 1, asm -> {
                asm.movImm(RBX, word);
                Label loop = asm.here();
                asm.add(Mem.at(RBX, 0), 1).jmp(loop);
            });
            handlers.kernel.scheduler().addThread(cpu, counter[0], cpu);
        });
        long physical = counter[0].physical(word);
        await(() -> node.machine.memory().getLong(physical) > 0);
        node.os.freeze();
        await(() -> node.os.status() == OsStatus.FROZEN);
        long frozen = node.machine.memory().getLong(physical);
        onCpu(1, cpu -> handlers.events.add("interrupts are taken"));
        assertThat(handlers.next()).isEqualTo("interrupts are taken");
        assertThat(node.machine.memory().getLong(physical)).isEqualTo(frozen);
        node.os.thaw();
        await(() -> node.machine.memory().getLong(physical) > frozen);
        await(() -> node.os.status() == OsStatus.RUNNING);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
