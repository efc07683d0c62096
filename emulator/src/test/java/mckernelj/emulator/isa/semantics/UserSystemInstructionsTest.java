// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mckernelj.emulator.cpu.ControlRegisters;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Entropy;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.X86Fault;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Random numbers and segment bases: what the host cannot be asked about. */
class UserSystemInstructionsTest {
    private final Cpu cpu = new Cpu();
    private final Op op = new Op() {
        @Override
        public void exec(Cpu cpu) {}
    };

    @BeforeEach
    void in_64_bit_mode() {
        cpu.long64 = true;
        cpu.cr4 = ControlRegisters.CR4_FSGSBASE;
        op.operandSize = 64;
        op.rm = 3;
    }

    @Test
    void equal_seeds_give_equal_random_numbers_and_no_number_comes_twice_in_a_row() {
        Cpu other = new Cpu();
        cpu.entropy = new Entropy(42);
        other.entropy = new Entropy(42);
        long first = RandomNumbers.rdrand(cpu);
        assertThat(RandomNumbers.rdrand(other)).isEqualTo(first);
        assertThat(RandomNumbers.rdseed(cpu)).isNotEqualTo(first);
        assertThat(cpu.statusFlags()).isEqualTo(Cpu.CF);
    }

    @Test
    void the_fs_base_can_be_written_and_read() {
        cpu.r[3] = 0x7123_4567_8000L;
        SegmentBaseAccess.wrfsbase(cpu, op);
        assertThat(cpu.r[Cpu.FS]).isEqualTo(0x7123_4567_8000L);
        op.operandSize = 32;
        SegmentBaseAccess.rdfsbase(cpu, op);
        assertThat(cpu.r[3]).isEqualTo(0x4567_8000L);
    }

    @Test
    void a_base_that_is_not_canonical_raises_gp() {
        cpu.r[3] = 1L << 47;
        assertThatThrownBy(() -> SegmentBaseAccess.wrgsbase(cpu, op)).isSameAs(cpu.fault);
        assertThat(cpu.fault.vector).isEqualTo(X86Fault.GP);
        assertThat(cpu.r[Cpu.GS]).isZero();
    }

    @Test
    void without_the_kernels_consent_the_bases_are_undefined_instructions() {
        cpu.cr4 = 0;
        assertThatThrownBy(() -> SegmentBaseAccess.rdgsbase(cpu, op)).isSameAs(cpu.fault);
        assertThat(cpu.fault.vector).isEqualTo(X86Fault.UD);
    }
}
