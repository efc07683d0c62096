// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import mckernelj.emulator.isa.InstructionForm;

/** One or more instructions of 64- or 32-bit code with the state they start from. */
record TestCase(List<Instruction> instructions, int codeSize, byte[] code, MachineState before) {
    /** {@code form} is what the decoder makes of the bytes, or was meant to. */
    record Instruction(InstructionForm form, byte[] bytes) {
        @Override
        public String toString() {
            return form + " [" + HexFormat.ofDelimiter(" ").formatHex(bytes) + "]";
        }
    }

    static TestCase of(List<Instruction> instructions, int codeSize, MachineState before) {
        int length = instructions.stream().mapToInt(i -> i.bytes().length).sum();
        byte[] code = new byte[length];
        int at = 0;
        for (Instruction instruction : instructions) {
            System.arraycopy(instruction.bytes(), 0, code, at, instruction.bytes().length);
            at += instruction.bytes().length;
        }
        return new TestCase(List.copyOf(instructions), codeSize, code, before);
    }

    TestCase with(MachineState state) {
        return new TestCase(instructions, codeSize, code, state);
    }

    TestCase without(int index) {
        List<Instruction> rest = new ArrayList<>(instructions);
        rest.remove(index);
        return of(rest, codeSize, before);
    }

    boolean contains(long rip) {
        return rip >= MachineState.START && rip < MachineState.START + code.length;
    }

    /** The last one: what it leaves undefined cannot be compared. */
    InstructionForm form() {
        return instructions.get(instructions.size() - 1).form();
    }

    /** The one at {@code rip}, or the last. */
    InstructionForm formAt(long rip) {
        long next = MachineState.START;
        for (Instruction instruction : instructions) {
            next += instruction.bytes().length;
            if (rip < next) {
                return instruction.form();
            }
        }
        return form();
    }

    @Override
    public String toString() {
        return instructions.stream().map(Instruction::toString).collect(Collectors.joining("; "))
                + (codeSize == 32 ? " 32-bit" : "");
    }
}
