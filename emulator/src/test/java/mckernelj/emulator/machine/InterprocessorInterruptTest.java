// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Cond;
import mckernelj.emulator.hw.asm.Label;
import mckernelj.emulator.hw.asm.Mem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterprocessorInterruptTest {
    private static final int VECTOR = 0x40;
    private static final int DONE_PORT = 0x600;
    private static final int ROUNDS = 200;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void two_halting_processors_pass_an_interrupt_to_and_fro(boolean deterministic) throws InterruptedException {
        assertThat(pingPong(deterministic)).hasSize(1);
    }

    @Test
    void a_deterministic_machine_counts_the_same_cycles_each_time() throws InterruptedException {
        assertThat(pingPong(true)).isEqualTo(pingPong(true));
    }

    /** Cycles of processor 0 when it has received the last interrupt. */
    private static List<Long> pingPong(boolean deterministic) throws InterruptedException {
        List<Long> result = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        try (BareMachine bare = new BareMachine(MachineConfig.builder().cores(2).deterministic(deterministic))) {
            bare.machine.attachPort(DONE_PORT, (cpu, port, width, value) -> {
                result.add(cpu.cycles());
                done.countDown();
            });
            long handler = bare.code(0x20000, a -> {
                a.inc(RBX);
                a.movImm(RCX, 0xFEE000B0L).movImm(RAX, 0).w32().mov(Mem.at(RCX), RAX); // EOI
                a.iretq();
            });
            bare.gate(VECTOR, handler, 0, 0);
            long first = bare.program(BareMachine.CODE, 0, a -> {
                a.xor(RBX, RBX);
                Label again = a.here();
                sendIpi(a, 1);
                a.sti().hlt().cli();
                a.cmp(RBX, ROUNDS).j(Cond.B, again);
                BareMachine.out(a, DONE_PORT);
                a.cli().hlt();
            });
            long second = bare.program(0x11000, 1, a -> {
                Label again = a.here();
                a.sti().hlt().cli();
                sendIpi(a, 0);
                a.jmp(again);
            });
            bare.start(1, second);
            bare.start(0, first);
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        }
        return result;
    }

    private static void sendIpi(Assembler a, int apicId) {
        a.movImm(RCX, 0xFEE00310L).movImm(RAX, (long) apicId << 24).w32().mov(Mem.at(RCX), RAX);
        a.movImm(RCX, 0xFEE00300L).movImm(RAX, 1 << 14 | VECTOR).w32().mov(Mem.at(RCX), RAX);
    }
}
