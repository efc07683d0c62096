// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RSI;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mckernelj.emulator.hw.asm.Cond;
import mckernelj.emulator.hw.asm.Label;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelfModifyingCodeTest {
    private static final int PORT = 0x600;
    private static final int ROUNDS = 2000;
    private static final long FUNCTIONS = 0x50FF8;

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
}
