// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBP;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RSI;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mckernelj.emulator.hw.asm.Cond;
import mckernelj.emulator.hw.asm.Label;
import mckernelj.emulator.hw.asm.Mem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelfModifyingCodeTest {
    private static final int PORT = 0x600;
    private static final int ROUNDS = 2000;
    private static final long FUNCTIONS = 0x50FF8;
    private static final int WRITTEN = 0x60000;
    private static final int READ = 0x61000;

    /**
     * Each processor patches the immediate of its own "mov eax, n; ret" and calls it; the functions lie side by side,
     * so that marking a page and storing to it race, and one crosses a page.
     */
    @ParameterizedTest
    @CsvSource({"1, false", "4, false", "4, true"})
    void a_processor_executes_what_it_has_just_written(int cores, boolean deterministic) throws InterruptedException {
        List<Integer> results = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(cores);
        try (BareMachine bare =
                new BareMachine(MachineConfig.builder().cores(cores).deterministic(deterministic))) {
            bare.machine.attachPort(PORT, (cpu, port, width, value) -> {
                results.add(value);
                done.countDown();
            });
            for (int cpu = 0; cpu < cores; cpu++) {
                long function = FUNCTIONS + 6 * cpu;
                bare.code(function, a -> a.db(0xB8).dd(0).ret());
                long program = bare.program(BareMachine.CODE + 0x1000 * cpu, cpu, a -> {
                    Label again = a.label();
                    Label stale = a.label();
                    a.movImm(RSI, function).movImm(RBX, 1);
                    a.bind(again).store32(RSI, 1, RBX);
                    a.call(RSI).cmp(RAX, RBX).j(Cond.NE, stale);
                    a.inc(RBX).cmp(RBX, ROUNDS).j(Cond.BE, again);
                    a.bind(stale).mov(RCX, RAX).mov(RAX, RBX);
                    BareMachine.out(a, PORT);
                    a.cli().hlt();
                });
                bare.start(cpu, program);
            }
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(results).hasSize(cores).containsOnly(ROUNDS + 1);
    }

    /**
     * Processor 0 writes "mov eax, n; ret" and then n to a flag; processor 1 waits for the flag, executes CPUID and
     * calls: SDM vol. 3, 9.1.3, cross-modifying code.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_processor_executes_what_another_one_wrote_before_it_said_so(boolean deterministic)
            throws InterruptedException {
        long function = FUNCTIONS + 3;
        try (BareMachine bare = new BareMachine(MachineConfig.builder().cores(2).deterministic(deterministic))) {
            bare.code(function, a -> a.db(0xB8).dd(0).ret());
            long writer = bare.program(BareMachine.CODE, 0, a -> {
                Label again = a.label();
                Label wait = a.label();
                a.movImm(RSI, function).movImm(RBX, 1);
                a.bind(again).store32(RSI, 1, RBX).store32(Mem.absolute(WRITTEN), RBX);
                a.bind(wait).pause().cmp(Mem.absolute(READ), RBX).j(Cond.NE, wait);
                a.inc(RBX).cmp(RBX, ROUNDS).j(Cond.BE, again).cli().hlt();
            });
            long reader = bare.program(BareMachine.CODE + 0x1000, 1, a -> {
                Label again = a.label();
                Label wait = a.label();
                Label stale = a.label();
                a.movImm(RSI, function).movImm(RBP, 1);
                a.bind(again).bind(wait).pause().cmp(Mem.absolute(WRITTEN), RBP).j(Cond.NE, wait);
                a.movImm(RAX, 0).cpuid().call(RSI).cmp(RAX, RBP).j(Cond.NE, stale);
                a.store32(Mem.absolute(READ), RBP).inc(RBP).cmp(RBP, ROUNDS).j(Cond.BE, again);
                a.bind(stale).mov(RAX, RBP);
                BareMachine.out(a, PORT);
                a.cli().hlt();
            });
            assertThat(valueReported(bare, writer, reader)).isEqualTo(ROUNDS + 1);
        }
    }

    /** The loop is one block that jumps to itself: it must be left although its processor never looks for a block. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_processor_leaves_a_loop_that_another_one_overwrites(boolean deterministic) throws InterruptedException {
        long[] loop = new long[1];
        try (BareMachine bare = new BareMachine(MachineConfig.builder().cores(2).deterministic(deterministic))) {
            long waiter = bare.program(BareMachine.CODE + 0x1000, 1, a -> {
                a.movImm(RAX, 1).store32(Mem.absolute(READ), RAX);
                Label here = a.here();
                a.db(0xEB, 0xFE); // jmp to itself
                a.movImm(RAX, 7);
                BareMachine.out(a, PORT);
                a.cli().hlt();
                loop[0] = a.addressOf(here);
            });
            long writer = bare.program(BareMachine.CODE, 0, a -> {
                Label wait = a.label();
                a.movImm(RSI, loop[0]).movImm(RCX, 100_000);
                a.bind(wait).pause().cmp(Mem.absolute(READ), 1).j(Cond.NE, wait);
                a.dec(RCX).j(Cond.NE, wait);
                a.movImm(RAX, 0x9090).store16(RSI, 0, RAX).cli().hlt();
            });
            assertThat(valueReported(bare, writer, waiter)).isEqualTo(7);
        }
    }

    private static int valueReported(BareMachine bare, long program0, long program1) throws InterruptedException {
        BlockingQueue<Integer> values = new ArrayBlockingQueue<>(1);
        bare.machine.attachPort(PORT, (cpu, port, width, value) -> values.add(value));
        bare.start(0, program0);
        bare.start(1, program1);
        Integer value = values.poll(20, TimeUnit.SECONDS);
        return value == null ? -1 : value;
    }
}
