// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mckernelj.emulator.hw.Msr;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Label;
import mckernelj.emulator.hw.asm.Mem;
import mckernelj.emulator.hw.asm.Sreg;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModeSwitchTest {
    private static final int PORT = 0x600;
    private static final int TRAMPOLINE = 0x8000;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_startup_ipi_runs_a_trampoline_from_real_mode_to_64_bit_mode(boolean deterministic) throws Exception {
        CompletableFuture<String> report = new CompletableFuture<>();
        try (BareMachine bare = new BareMachine(MachineConfig.builder().cores(2).deterministic(deterministic))) {
            bare.machine.attachPort(
                    PORT,
                    (cpu, port, width, value) -> report.complete(String.format(
                            "cpu%d %x cr0=%x efer=%x",
                            cpu.index(), value, cpu.controlRegister(0), cpu.msr(Msr.IA32_EFER))));
            bare.code(TRAMPOLINE, ModeSwitchTest::trampoline);
            long first = bare.program(BareMachine.CODE, 0, a -> {
                command(a, 0x4500); // INIT, assert
                command(a, 0x4600 | TRAMPOLINE >> 12);
                command(a, 0x4600 | TRAMPOLINE >> 12); // the second one is ignored
                a.cli().hlt();
            });
            bare.start(0, first);
            assertThat(report.get(10, TimeUnit.SECONDS)).isEqualTo("cpu1 cafe cr0=e0000011 efer=500");
        }
    }

    private static void command(Assembler a, int low) {
        a.movImm(RCX, 0xFEE00310L).movImm(RAX, 1L << 24).w32().mov(Mem.at(RCX), RAX);
        a.movImm(RCX, 0xFEE00300L).movImm(RAX, low).w32().mov(Mem.at(RCX), RAX);
    }

    /** 16-bit code at 0800:0000, which becomes 32-bit and then 64-bit code. */
    private static void trampoline(Assembler a) {
        Label protectedMode = a.label();
        Label longMode = a.label();
        a.bits(16).cli();
        a.mov(RAX, Sreg.CS).mov(Sreg.DS, RAX);
        a.db(0x66, 0x0F, 0x01, 0x16).dw(0x100); // lgdt [0x100], 32-bit operand size
        a.movFromCr(RAX, 0).w32().or(RAX, 1).movToCr(0, RAX);
        a.jmpFar(0x08, protectedMode);
        a.org(0x40).bind(protectedMode).bits(32);
        a.movImm(RAX, 0x10).mov(Sreg.DS, RAX).mov(Sreg.SS, RAX);
        a.movImm(RAX, 0x20).movToCr(4, RAX);
        a.movImm(RAX, BareMachine.PML4).movToCr(3, RAX);
        a.movImm(RCX, 0xC0000080L).rdmsr().or(RAX, 0x100).wrmsr();
        a.movFromCr(RAX, 0).movImm(RBX, 0x80000000L).or(RAX, RBX).movToCr(0, RAX);
        a.jmpFar(0x18, longMode);
        a.org(0xC0).bind(longMode).bits(64);
        a.movImm(RAX, 0xCAFE).movImm(RDX, PORT).outDx().hlt();
        a.org(0x100).dw(0x1F).dd(TRAMPOLINE + 0x110);
        a.org(0x110).dq(0).dq(0x00CF9B000000FFFFL).dq(0x00CF93000000FFFFL).dq(0x00AF9B000000FFFFL);
    }
}
