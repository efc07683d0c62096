// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.decode.Decoder;
import mckernelj.emulator.isa.InstructionTable;
import mckernelj.emulator.isa.semantics.Semantics;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules of integer instructions that a run of user code on the host cannot show. */
class UserModeRulesTest {
    private static final InstructionTable TABLE = new InstructionTable(Semantics.classes(), Semantics.lookup());
    private static final int IOPL_3 = 3 << 12;

    private final Cpu cpu = new Cpu();
    private final TwoPageMmu memory = new TwoPageMmu(cpu);
    private final Decoder decoder = new Decoder(TABLE, EnumSet.allOf(CpuFeature.class));

    @BeforeEach
    void in_64_bit_user_mode() {
        cpu.mmu = memory;
        cpu.codeSize = 64;
        cpu.long64 = true;
        cpu.cpl = 3;
        Arrays.fill(cpu.segmentAttributes, 0x80F3);
        Arrays.fill(cpu.segmentLimit, 0xFFFFFFFFL);
        Arrays.fill(cpu.readTlb, -1);
        Arrays.fill(cpu.writeTlb, -1);
        memory.clear();
    }

    private void execute(int... code) {
        Op op = decoder.decode(offset -> code[offset], 0, cpu.codeSize);
        assertThat((int) op.nextOffset).isEqualTo(code.length);
        cpu.r[Cpu.BLOCK] = 0x1000;
        cpu.nextRip = 0x1000 + op.nextOffset;
        op.exec(cpu);
    }

    @Test
    void a_long_repetition_gives_way_after_4096_iterations_and_can_be_resumed() {
        cpu.r[Cpu.RCX] = 5000;
        cpu.r[Cpu.RDI] = MachineState.DATA;
        cpu.r[Cpu.RAX] = 0x5A;
        execute(0xF3, 0xAA);
        assertThat(cpu.nextRip).isEqualTo(0x1000);
        assertThat(cpu.r[Cpu.RCX]).isEqualTo(5000 - 4096);
        execute(0xF3, 0xAA);
        assertThat(cpu.nextRip).isEqualTo(0x1002);
        assertThat(cpu.r[Cpu.RCX]).isZero();
        assertThat(memory.getByte(4999)).isEqualTo((byte) 0x5A);
        assertThat(memory.getByte(5000)).isZero();
    }

    @Test
    void single_stepping_stops_after_each_iteration() {
        cpu.r[Cpu.RCX] = 2;
        cpu.r[Cpu.RDI] = MachineState.DATA;
        cpu.systemFlags |= Cpu.TF;
        execute(0xF3, 0xAB);
        assertThat(cpu.nextRip).isEqualTo(0x1000);
        assertThat(cpu.r[Cpu.RCX]).isEqualTo(1);
    }

    @Test
    void popf_changes_interrupt_flag_and_iopl_only_with_the_privilege_to() {
        memory.setByte(1, (byte) ((IOPL_3 | Cpu.IF) >> 8));
        cpu.r[Cpu.RSP] = MachineState.DATA;
        execute(0x9D);
        assertThat(cpu.rflags() & (IOPL_3 | Cpu.IF)).isZero();
        cpu.cpl = 0;
        cpu.r[Cpu.RSP] = MachineState.DATA;
        execute(0x9D);
        assertThat(cpu.rflags() & (IOPL_3 | Cpu.IF)).isEqualTo(IOPL_3 | Cpu.IF);
    }

    @Test
    void a_locked_adc_that_has_to_be_repeated_adds_the_carry_it_began_with() {
        cpu.r[Cpu.RAX] = 1;
        cpu.r[Cpu.RBX] = MachineState.DATA;
        cpu.setStatusFlags(Cpu.CF);
        memory.swapsToFail = 2;
        execute(0xF0, 0x48, 0x11, 0x03);
        assertThat(memory.getByte(0)).isEqualTo((byte) 2);
    }

    @Test
    void a_locked_cmpxchg_that_has_to_be_repeated_compares_with_the_first_accumulator() {
        cpu.r[Cpu.RAX] = 7;
        cpu.r[Cpu.RBX] = MachineState.DATA;
        cpu.r[Cpu.RCX] = 9;
        memory.swapsToFail = 1;
        execute(0xF0, 0x48, 0x0F, 0xB1, 0x0B);
        assertThat(cpu.r[Cpu.RAX]).isZero();
        assertThat(memory.getByte(0)).isZero();
    }

    @Test
    void in_16_bit_code_the_stack_pointer_wraps_and_keeps_its_upper_half() {
        realMode();
        cpu.r[Cpu.SS] = MachineState.DATA - 0xF000;
        cpu.r[Cpu.RSP] = 0x12340000L;
        cpu.r[Cpu.RAX] = 0xBEEF;
        execute(0x50);
        assertThat(cpu.r[Cpu.RSP]).isEqualTo(0x1234FFFEL);
        assertThat(memory.getByte(0x0FFE)).isEqualTo((byte) 0xEF);
        execute(0x5B);
        assertThat(cpu.r[Cpu.RSP]).isEqualTo(0x12340000L);
        assertThat(cpu.r[Cpu.RBX]).isEqualTo(0xBEEF);
    }

    @Test
    void in_16_bit_code_addresses_wrap_at_64_kib_before_the_segment_base_is_added() {
        realMode();
        cpu.r[Cpu.DS] = MachineState.DATA;
        cpu.r[Cpu.RBX] = 0xFFFF;
        cpu.r[Cpu.RSI] = 0x11;
        memory.setByte(0x10, (byte) 0x77);
        execute(0x8A, 0x00); // mov al, [bx+si]
        assertThat(cpu.r[Cpu.RAX]).isEqualTo(0x77);
    }

    @Test
    void in_16_bit_code_a_call_pushes_two_bytes_and_its_target_wraps() {
        realMode();
        cpu.r[Cpu.SS] = MachineState.DATA;
        cpu.r[Cpu.RSP] = 0x100;
        execute(0xE8, 0x00, 0xF0); // call $+3-0x1000
        assertThat(cpu.nextRip).isEqualTo(0x0003);
        assertThat(cpu.r[Cpu.RSP]).isEqualTo(0xFE);
        assertThat(memory.getByte(0xFE)).isEqualTo((byte) 0x03);
        assertThat(memory.getByte(0xFF)).isEqualTo((byte) 0x10);
    }

    private void realMode() {
        cpu.codeSize = 16;
        cpu.long64 = false;
        cpu.cpl = 0;
    }
}
