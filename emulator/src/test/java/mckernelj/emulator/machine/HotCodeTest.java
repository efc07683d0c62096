// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDI;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.emulator.hw.asm.Reg.RSI;
import static mckernelj.emulator.hw.asm.Reg.RSP;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Cond;
import mckernelj.emulator.hw.asm.Label;
import mckernelj.emulator.hw.asm.Mem;
import mckernelj.emulator.translate.HostCompiler;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loops that run long enough to be translated. */
class HotCodeTest {
    private static final int PORT = 0x600;
    private static final int VECTOR = 0x40;
    private static final int DIVIDE_ERROR = 0;
    private static final int ROUNDS = 3_000_000;
    private static final int PATCH_EVERY = 1 << 18;
    private static final int MOST_PASSES = 2000;
    private static final long DATA = 0x40000;

    /** What the program wrote to the port. */
    private final BlockingQueue<Integer> results = new LinkedBlockingQueue<>();

    private BareMachine machine(boolean deterministic) {
        BareMachine bare = new BareMachine(MachineConfig.builder().cores(1).deterministic(deterministic));
        bare.machine.attachPort(PORT, (cpu, port, width, value) -> results.add(value));
        return bare;
    }

    private void start(BareMachine bare, Consumer<Assembler> program) {
        bare.start(0, bare.program(BareMachine.CODE, 0, program));
    }

    /** Those up to ROUNDS, to RBX. */
    private static void addEvenNumbers(Assembler a) {
        Label odd = a.label();
        a.movImm(RCX, ROUNDS);
        Label again = a.here();
        a.test(RCX, 1).j(Cond.NE, odd);
        a.add(RBX, RCX);
        a.bind(odd).dec(RCX).j(Cond.NE, again);
    }

    private int result() throws InterruptedException {
        return results.poll(20, TimeUnit.SECONDS);
    }

    /** The store is in the block that it changes, right before the changed instruction. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_hot_loop_that_changes_itself_executes_what_it_has_written(boolean deterministic)
            throws InterruptedException {
        try (BareMachine bare = machine(deterministic)) {
            start(bare, a -> {
                Label again = a.label();
                Label patched = a.label();
                a.movImm(RCX, ROUNDS).xor(RBX, RBX).movImm(RDI, patched);
                a.bind(again).movImm(RSI, DATA);
                a.test(RCX, PATCH_EVERY - 1).cmov(Cond.E, RSI, RDI).store32(RSI, 1, RCX);
                a.bind(patched).db(0xB8).dd(0); // mov eax, 0
                a.add(RBX, RAX).dec(RCX).j(Cond.NE, again);
                a.mov(RAX, RBX);
                BareMachine.out(a, PORT);
                a.cli().hlt();
            });
            int immediate = 0;
            int sum = 0;
            for (int i = ROUNDS; i > 0; i--) {
                immediate = (i & PATCH_EVERY - 1) == 0 ? i : immediate;
                sum += immediate;
            }
            assertThat(result()).isEqualTo(sum);
        }
    }

    @Test
    void the_same_code_in_other_frames_is_not_translated_again() throws InterruptedException {
        Consumer<Assembler> loop = a -> {
            a.movImm(RCX, ROUNDS).xor(RAX, RAX);
            Label again = a.here();
            a.add(RAX, RCX).dec(RCX).j(Cond.NE, again).ret();
        };
        int sum = (int) ((long) ROUNDS * (ROUNDS + 1) / 2);
        try (BareMachine bare = new BareMachine(MachineConfig.builder().cores(2))) {
            bare.machine.attachPort(PORT, (cpu, port, width, value) -> results.add(value));
            for (int cpu = 0; cpu < 2; cpu++) {
                long function = bare.code(0x30000 + 0x10000L * cpu, loop);
                bare.start(cpu, bare.program(BareMachine.CODE + 0x1000L * cpu, cpu, a -> {
                    a.movImm(RBX, function).call(RBX);
                    BareMachine.out(a, PORT);
                    a.cli().hlt();
                }));
                assertThat(result()).isEqualTo(sum);
                for (int i = 0; i < 1000 && bare.machine.translations() == 0; i++) {
                    Thread.sleep(10);
                }
                Thread.sleep(200); // a second one would be ready by then
                assertThat(bare.machine.translations()).isEqualTo(1);
            }
        }
    }

    /** A quick region, one on trial, the quick one again while the other one is compiled, and that one: the sum tells if one of them went wrong. */
    @Test
    void code_that_stays_hot_is_compiled_by_the_second_compiler() throws InterruptedException {
        Assumptions.assumeTrue(HostCompiler.find() != null, "this JVM is not told what to compile");
        try (BareMachine bare = machine(false)) {
            start(bare, a -> {
                Label pass = a.here();
                addEvenNumbers(a);
                a.mov(RAX, RBX);
                BareMachine.out(a, PORT);
                a.jmp(pass);
            });
            long evenNumbers = ROUNDS / 2 * (ROUNDS / 2 + 1L);
            int passes = 0;
            for (int last = MOST_PASSES; passes < last; ) {
                passes++;
                assertThat(result()).isEqualTo((int) (passes * evenNumbers));
                if (last == MOST_PASSES && bare.machine.optimisations() > 0) {
                    last = passes + 10;
                }
            }
            assertThat(passes).isLessThan(MOST_PASSES);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_fault_in_a_hot_loop_has_the_state_of_its_instruction(boolean deterministic) throws InterruptedException {
        try (BareMachine bare = machine(deterministic)) {
            long handler = bare.code(0x20000, a -> {
                a.load64(RAX, RSP, 0).sub(RAX, RDI);
                BareMachine.out(a, PORT);
                a.mov(RAX, RBX);
                BareMachine.out(a, PORT);
                a.mov(RAX, RSI);
                BareMachine.out(a, PORT);
                a.cli().hlt();
            });
            bare.gate(DIVIDE_ERROR, handler, 0, 0);
            start(bare, a -> {
                Label division = a.label();
                a.movImm(RCX, ROUNDS).xor(RBX, RBX).xor(RSI, RSI).movImm(RDI, division);
                Label again = a.here();
                a.add(RBX, 3).xor(RDX, RDX).movImm(RAX, 5);
                a.bind(division).div(RCX).add(RSI, 1).dec(RCX).jmp(again);
            });
            assertThat(result()).isZero();
            assertThat(result()).isEqualTo(3 * (ROUNDS + 1));
            assertThat(result()).isEqualTo(ROUNDS);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_hot_endless_loop_takes_interrupts(boolean deterministic) throws InterruptedException {
        try (BareMachine bare = machine(deterministic)) {
            long handler = bare.code(0x20000, a -> {
                a.mov(RAX, RBX);
                BareMachine.out(a, PORT);
                a.movImm(RCX, 0xFEE000B0L).movImm(RAX, 0).w32().mov(Mem.at(RCX), RAX); // EOI
                a.iretq();
            });
            bare.gate(VECTOR, handler, 0, 0);
            start(bare, a -> {
                a.xor(RBX, RBX).sti();
                Label again = a.here();
                a.inc(RBX).jmp(again);
            });
            int rounds = 0;
            while (rounds < ROUNDS) {
                bare.machine.cpu(0).raiseInterrupt(VECTOR);
                rounds = result();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_hot_loop_takes_interrupts_where_it_allows_them(boolean deterministic) throws InterruptedException {
        try (BareMachine bare = machine(deterministic)) {
            long handler = bare.code(0x20000, a -> {
                a.mov(RAX, RBX);
                BareMachine.out(a, PORT);
                a.movImm(RCX, 0xFEE000B0L).movImm(RAX, 0).w32().mov(Mem.at(RCX), RAX); // EOI
                a.iretq();
            });
            bare.gate(VECTOR, handler, 0, 0);
            start(bare, a -> {
                a.xor(RBX, RBX);
                Label again = a.here();
                a.sti().inc(RBX).inc(RSI).cli().jmp(again);
            });
            int rounds = 0;
            while (rounds < ROUNDS / 10) {
                bare.machine.cpu(0).raiseInterrupt(VECTOR);
                rounds = result();
            }
        }
    }

    @Test
    void a_deterministic_machine_counts_the_same_cycles_whenever_the_translation_comes() throws InterruptedException {
        assertThat(cyclesOfALoop()).isEqualTo(cyclesOfALoop());
    }

    private long cyclesOfALoop() throws InterruptedException {
        BlockingQueue<Long> cycles = new LinkedBlockingQueue<>();
        try (BareMachine bare = new BareMachine(MachineConfig.builder().cores(1).deterministic(true))) {
            bare.machine.attachPort(PORT, (cpu, port, width, value) -> cycles.add(cpu.cycles()));
            start(bare, a -> {
                addEvenNumbers(a);
                BareMachine.out(a, PORT);
                a.cli().hlt();
            });
            return cycles.poll(20, TimeUnit.SECONDS);
        }
    }
}
