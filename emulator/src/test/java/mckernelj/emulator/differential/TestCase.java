// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import java.util.HexFormat;
import mckernelj.emulator.isa.InstructionForm;

/** One instruction of 64- or 32-bit code with the state it starts from. {@code form} is what the decoder makes of the bytes, or was meant to. */
record TestCase(InstructionForm form, int codeSize, byte[] code, MachineState before) {
    @Override
    public String toString() {
        return form + (codeSize == 32 ? " 32-bit [" : " [")
                + HexFormat.ofDelimiter(" ").formatHex(code) + "]";
    }
}
