// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.emulator.hw.asm.Reg.RSI;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.CpuidLeaves;
import mckernelj.emulator.hw.asm.Assembler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** State of the ymm registers on a machine that has them. */
class AvxStateTest {
    private static final int PORT = 0x600;
    private static final long AREA = 0x50000;
    private static final long HANDLER = 0x18000;

    private BareMachine bare;
    private boolean undefinedInstruction;

    @AfterEach
    void close() {
        bare.close();
    }

    /** Enables the states in XCR0, fills ymm1 with ones, runs {@code body}. */
    private Core run(Set<CpuFeature> features, int xcr0, Consumer<Assembler> body) throws InterruptedException {
        bare = new BareMachine(MachineConfig.builder().features(features));
        CountDownLatch done = new CountDownLatch(1);
        bare.machine.attachPort(PORT, (c, port, width, value) -> done.countDown());
        bare.machine.attachPort(PORT + 1, (c, port, width, value) -> {
            undefinedInstruction = true;
            done.countDown();
        });
        bare.gate(
                6,
                bare.code(HANDLER, a -> {
                    BareMachine.out(a, PORT + 1);
                    a.cli().hlt();
                }),
                0,
                0);
        bare.start(0, bare.program(BareMachine.CODE, 0, a -> {
            a.movFromCr(RAX, 4).or(RAX, 1 << 18).movToCr(4, RAX);
            a.movImm(RCX, 0).movImm(RDX, 0).movImm(RAX, xcr0).db(0x0F, 0x01, 0xD1); // xsetbv
            a.movImm(RSI, AREA).movImm(RDX, 0).movImm(RAX, -1);
            a.db(0xC5, 0xF5, 0x76, 0xC9); // vpcmpeqd ymm1, ymm1, ymm1
            body.accept(a);
            BareMachine.out(a, PORT);
            a.cli().hlt();
        }));
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        return bare.machine.core(0);
    }

    private static void assertOnes(Cpu cpu, int number) {
        for (int i = 0; i < 4; i++) {
            assertThat(cpu.ymm(number, i)).isEqualTo(-1);
        }
    }

    @Test
    void vex_is_undefined_on_an_x86_64_v2() throws InterruptedException {
        run(CpuidLeaves.X86_64_V2, 3, a -> {});
        assertThat(undefinedInstruction).isTrue();
    }

    @Test
    void vex_is_undefined_until_the_state_is_enabled() throws InterruptedException {
        run(CpuidLeaves.X86_64_V3, 3, a -> {});
        assertThat(undefinedInstruction).isTrue();
    }

    @Test
    void xrstor_restores_ymm_that_xsave_wrote() throws InterruptedException {
        Core core = run(CpuidLeaves.X86_64_V3, 7, a -> {
            a.db(0x48, 0x0F, 0xAE, 0x26); // xsave [rsi]
            a.db(0xC5, 0xFC, 0x77); // vzeroall
            a.db(0x48, 0x0F, 0xAE, 0x2E); // xrstor [rsi]
        });
        assertThat(undefinedInstruction).isFalse();
        assertThat(bare.get(AREA + 512)).isEqualTo(6);
        assertThat(bare.get(AREA + 576 + 16)).as("upper half of ymm1").isEqualTo(-1);
        assertOnes(core.cpu, 1);
    }

    @Test
    void the_kernel_interface_saves_and_restores_ymm() throws InterruptedException {
        Core core = run(CpuidLeaves.X86_64_V3, 7, a -> {});
        assertThat(core.extendedStateSize()).isEqualTo(832);
        core.saveExtendedState(AREA);
        Arrays.fill(core.cpu.xmm, 0);
        Arrays.fill(core.cpu.ymmHigh, 0);
        core.restoreExtendedState(AREA);
        assertOnes(core.cpu, 1);
        core.restoreExtendedState(AREA + 0x1000);
        assertThat(core.cpu.ymmHigh).containsOnly(0);
    }

    @Test
    void a_legacy_write_keeps_the_upper_half_and_a_vex_write_clears_it() throws InterruptedException {
        Core core = run(CpuidLeaves.X86_64_V3, 7, a -> {
            a.db(0xC5, 0xFD, 0x6F, 0xD1); // vmovdqa ymm2, ymm1
            a.db(0x66, 0x0F, 0xEF, 0xC9); // pxor xmm1, xmm1
            a.db(0xC5, 0xE9, 0xEF, 0xD2); // vpxor xmm2, xmm2, xmm2
        });
        assertThat(new long[] {core.cpu.ymm(1, 0), core.cpu.ymm(1, 1)}).containsOnly(0);
        assertThat(new long[] {core.cpu.ymm(1, 2), core.cpu.ymm(1, 3)}).containsOnly(-1);
        assertThat(new long[] {core.cpu.ymm(2, 0), core.cpu.ymm(2, 3)}).containsOnly(0);
    }
}
