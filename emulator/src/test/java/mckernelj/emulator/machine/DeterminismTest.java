// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.emulator.hw.asm.Reg.RSI;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Cond;
import mckernelj.emulator.hw.asm.Label;
import mckernelj.emulator.hw.asm.Mem;
import org.junit.jupiter.api.Test;

class DeterminismTest {
    private static final int CORES = 3;
    private static final int TICK = 0x50;
    private static final int DONE_PORT = 0x600;
    private static final long COUNTER = 0x50000;

    /** Busy processors add to one counter, ticked by timers of different periods; what each saw last depends on every turn. */
    @Test
    void busy_processors_with_timers_see_the_same_interleaving_each_time() throws InterruptedException {
        List<String> first = run();
        assertThat(first).hasSize(CORES);
        assertThat(run()).isEqualTo(first);
    }

    private static List<String> run() throws InterruptedException {
        List<String> result = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(CORES);
        try (BareMachine bare =
                new BareMachine(MachineConfig.builder().cores(CORES).deterministic(true))) {
            bare.machine.attachPort(DONE_PORT, (cpu, port, width, value) -> {
                result.add(cpu.index() + " at " + cpu.cycles() + " saw " + value);
                done.countDown();
            });
            bare.gate(
                    TICK,
                    bare.code(0x20000, a -> {
                        a.inc(RBX).push(RAX).push(RCX);
                        a.movImm(RCX, 0xFEE000B0L).movImm(RAX, 0).w32().mov(Mem.at(RCX), RAX);
                        a.pop(RCX).pop(RAX).iretq();
                    }),
                    0,
                    0);
            bare.machine.attachPort(0x601, (cpu, port, width, value) -> {
                for (int other = 1; other < CORES; other++) {
                    bare.start(other, program(bare, other));
                }
            });
            bare.start(0, program(bare, 0));
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        }
        return result;
    }

    private static long program(BareMachine bare, int cpu) {
        return bare.program(BareMachine.CODE + 0x1000 * cpu, cpu, a -> {
            if (cpu == 0) {
                BareMachine.out(a, 0x601);
            }
            apic(a, 0x3E0, 0xB);
            apic(a, 0x320, 1 << 17 | TICK);
            apic(a, 0x380, 30_000 + 7_001 * cpu);
            a.xor(RBX, RBX).movImm(RSI, COUNTER).sti();
            Label again = a.here();
            a.movImm(RAX, 1).lock().xadd(Mem.at(RSI), RAX);
            a.cmp(RBX, 40).j(Cond.B, again);
            a.cli().movImm(RDX, DONE_PORT).outDx().hlt();
        });
    }

    private static void apic(Assembler a, int offset, int value) {
        a.movImm(RCX, 0xFEE00000L + offset).movImm(RAX, value).w32().mov(Mem.at(RCX), RAX);
    }
}
