// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import java.util.Set;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.isa.InstructionForm;

/**
 * A non-canonical address is #SS(0) instead of #GP(0) if the access was to the stack segment: implicitly, or through RSP or RBP as base
 * without an override (SDM vol. 1, 3.3.7.1). Found out when it has happened, since it costs every access otherwise.
 */
public final class StackSegment {
    private static final Set<String> IMPLICIT =
            Set.of("PUSH", "POP", "PUSHF", "POPF", "CALL", "CALLF", "RET", "RETF", "ENTER", "LEAVE", "IRET");

    private static final Set<String> FRAMES = Set.of("ENTER", "LEAVE");

    /** How far from RSP or RBP an implicit access can be: ENTER's frame. */
    private static final long REACH = 1 << 17;

    private StackSegment() {}

    public static void adjust(Cpu cpu, Op op, X86Fault fault) {
        boolean operand = (op.base == Cpu.RSP || op.base == Cpu.RBP) && op.segment != Cpu.FS && op.segment != Cpu.GS;
        if (operand || implicit(cpu, op, fault.faultLinear)) {
            fault.vector = X86Fault.SS;
        }
    }

    private static boolean implicit(Cpu cpu, Op op, long linear) {
        return op.form instanceof InstructionForm form
                && IMPLICIT.contains(form.mnemonic)
                && (near(linear, cpu.r[Cpu.RSP]) || FRAMES.contains(form.mnemonic) && near(linear, cpu.r[Cpu.RBP]));
    }

    private static boolean near(long a, long b) {
        return Long.compareUnsigned(a - b + REACH, 2 * REACH) < 0;
    }
}
