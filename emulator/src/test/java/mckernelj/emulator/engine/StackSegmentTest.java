// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuidLeaves;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.decode.Decoder;
import mckernelj.emulator.isa.InstructionTable;
import mckernelj.emulator.isa.semantics.Semantics;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StackSegmentTest {
    private static final int[] PUSH_MEMORY = {0xFF, 0x36}; // push [rsi]

    private final InstructionTable table = new InstructionTable(Semantics.classes(), Semantics.lookup());
    private final Decoder decoder = new Decoder(table, CpuidLeaves.X86_64_V2);

    /** PUSH of a non-canonical operand is #GP, whatever RBP is; of a non-canonical stack it is #SS. */
    @ParameterizedTest
    @CsvSource({
        "0x8000000000000000, 0x20001000, 0, 13",
        "0x8000000000000000, 0x20001000, 0x8000000000000000, 13",
        "0x8000000000000ff8, 0x8000000000001000, 0, 12"
    })
    void an_access_is_to_the_stack_segment_if_it_is_near_the_stack(String linear, String rsp, String rbp, int vector) {
        Cpu cpu = new Cpu();
        cpu.r[Cpu.RSP] = number(rsp);
        cpu.r[Cpu.RBP] = number(rbp);
        Op op = decoder.decode(offset -> offset < PUSH_MEMORY.length ? PUSH_MEMORY[offset] : 0x90, 0, 64);
        cpu.fault.vector = X86Fault.GP;
        cpu.fault.faultLinear = number(linear);
        StackSegment.adjust(cpu, op, cpu.fault);
        assertThat(cpu.fault.vector).isEqualTo(vector);
    }

    private static long number(String text) {
        return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseLong(text);
    }
}
