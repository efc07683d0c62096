// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.emulator.hw.asm.Reg.RSI;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.ExtendedState;
import mckernelj.emulator.hw.asm.Assembler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExtendedStateTest {
    private static final int PORT = 0x600;
    private static final long AREA = 0x50000;

    private final BareMachine bare = new BareMachine(MachineConfig.builder());

    @AfterEach
    void close() {
        bare.close();
    }

    /** Runs {@code body} on a processor whose state {@code prepare} has set; returns it. */
    private Cpu run(Consumer<Cpu> prepare, Consumer<Assembler> body) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        Cpu cpu = bare.machine.core(0).cpu;
        bare.machine.attachPort(PORT, (c, port, width, value) -> prepare.accept(cpu));
        bare.machine.attachPort(PORT + 1, (c, port, width, value) -> done.countDown());
        bare.start(0, bare.program(BareMachine.CODE, 0, a -> {
            a.movFromCr(RAX, 4).or(RAX, 1 << 18).movToCr(4, RAX);
            a.movImm(RCX, 0).movImm(RDX, 0).movImm(RAX, 3).db(0x0F, 0x01, 0xD1); // xsetbv
            BareMachine.out(a, PORT);
            a.movImm(RSI, AREA).movImm(RDX, 0).movImm(RAX, -1);
            body.accept(a);
            BareMachine.out(a, PORT + 1);
            a.cli().hlt();
        }));
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        return cpu;
    }

    private static void fill(Cpu cpu) {
        for (int i = 0; i < 32; i++) {
            cpu.xmm[i] = 0x1111111111111111L * (i % 15 + 1);
        }
        for (int i = 0; i < 8; i++) {
            cpu.x87.significand[i] = 0x8000000000000000L | i;
            cpu.x87.signExponent[i] = 0x3FFF + i;
        }
        cpu.x87.top = 5;
        cpu.x87.empty = 0x0F;
        cpu.x87.status = 0x4100;
        cpu.x87.control = 0x27F;
        cpu.mxcsr = 0x1FA0;
    }

    private static void clear(Assembler a) {
        BareMachine.out(a, PORT + 2);
        a.movImm(RSI, AREA).movImm(RDX, 0).movImm(RAX, -1);
    }

    private void clearOn(int port) {
        bare.machine.attachPort(port, (c, p, width, value) -> {
            Cpu cpu = bare.machine.core(0).cpu;
            Arrays.fill(cpu.xmm, 77);
            ExtendedState.initX87(cpu);
            cpu.mxcsr = 0x1F80;
        });
    }

    @Test
    void fxsave_writes_the_documented_layout_relative_to_the_stack_top() throws InterruptedException {
        run(ExtendedStateTest::fill, a -> a.db(0x48, 0x0F, 0xAE, 0x06)); // fxsave64 [rsi]
        assertThat(bare.get(AREA) & 0xFFFFFFFFFFL).isEqualTo(0xF0L << 32 | (0x4100L | 5 << 11) << 16 | 0x27F);
        assertThat(bare.get(AREA + 24)).isEqualTo(0xFFFFL << 32 | 0x1FA0);
        assertThat(bare.get(AREA + 32)).as("ST0").isEqualTo(0x8000000000000005L);
        assertThat(bare.get(AREA + 40)).isEqualTo(0x3FFF + 5);
        assertThat(bare.get(AREA + 160)).as("xmm0").isEqualTo(0x1111111111111111L);
        assertThat(bare.get(AREA + 160 + 15 * 16 + 8)).as("xmm15").isEqualTo(0x2222222222222222L);
    }

    @Test
    void fxrstor_restores_what_fxsave_wrote() throws InterruptedException {
        clearOn(PORT + 2);
        Cpu expected = new Cpu();
        fill(expected);
        Cpu cpu = run(ExtendedStateTest::fill, a -> {
            a.db(0x48, 0x0F, 0xAE, 0x06);
            clear(a);
            a.db(0x48, 0x0F, 0xAE, 0x0E);
        });
        assertSame(cpu, expected);
    }

    @Test
    void xrstor_restores_what_xsave_wrote() throws InterruptedException {
        clearOn(PORT + 2);
        Cpu expected = new Cpu();
        fill(expected);
        Cpu cpu = run(ExtendedStateTest::fill, a -> {
            a.db(0x48, 0x0F, 0xAE, 0x26);
            clear(a);
            a.db(0x48, 0x0F, 0xAE, 0x2E);
        });
        assertThat(bare.get(AREA + 512)).isEqualTo(3);
        assertSame(cpu, expected);
    }

    private static void assertSame(Cpu cpu, Cpu expected) {
        assertThat(Arrays.copyOf(cpu.xmm, 32)).isEqualTo(Arrays.copyOf(expected.xmm, 32));
        assertThat(cpu.mxcsr).isEqualTo(expected.mxcsr);
        assertThat(cpu.x87).usingRecursiveComparison().isEqualTo(expected.x87);
    }

    @Test
    void xrstor_of_an_empty_header_gives_the_initial_state_but_loads_mxcsr() throws InterruptedException {
        bare.put(AREA + 24, 0x1F00);
        Cpu cpu = run(ExtendedStateTest::fill, a -> a.db(0x48, 0x0F, 0xAE, 0x2E));
        assertThat(cpu.xmm).containsOnly(0);
        assertThat(cpu.x87.control).isEqualTo(0x37F);
        assertThat(cpu.mxcsr).isEqualTo(0x1F00);
    }

    @Test
    void the_kernel_interface_saves_and_restores_and_knows_the_all_zero_area() throws InterruptedException {
        Cpu expected = new Cpu();
        fill(expected);
        Cpu cpu = run(ExtendedStateTest::fill, a -> {
            BareMachine.out(a, PORT + 3);
        });
        fill(cpu);
        Core core = bare.machine.core(0);
        core.saveExtendedState(AREA);
        Arrays.fill(cpu.xmm, 1);
        core.restoreExtendedState(AREA);
        assertSame(cpu, expected);
        core.restoreExtendedState(AREA + 0x1000);
        assertThat(cpu.mxcsr).isEqualTo(0x1F80);
        assertThat(cpu.xmm).containsOnly(0);
    }
}
