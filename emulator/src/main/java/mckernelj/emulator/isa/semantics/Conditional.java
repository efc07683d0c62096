// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.isa.Encoding;

/** The three families with a condition code in the opcode's low four bits: Jcc, SETcc, CMOVcc (SDM vol. 1, appendix B). */
public final class Conditional {
    private Conditional() {}

    @Encoding(
            value = {
                "70 JO Jb",
                "71 JNO Jb",
                "72 JB Jb",
                "73 JNB Jb",
                "74 JZ Jb",
                "75 JNZ Jb",
                "76 JBE Jb",
                "77 JNBE Jb",
                "78 JS Jb",
                "79 JNS Jb",
                "7A JP Jb",
                "7B JNP Jb",
                "7C JL Jb",
                "7D JNL Jb",
                "7E JLE Jb",
                "7F JNLE Jb",
                "0F 80 JO Jz",
                "0F 81 JNO Jz",
                "0F 82 JB Jz",
                "0F 83 JNB Jz",
                "0F 84 JZ Jz",
                "0F 85 JNZ Jz",
                "0F 86 JBE Jz",
                "0F 87 JNBE Jz",
                "0F 88 JS Jz",
                "0F 89 JNS Jz",
                "0F 8A JP Jz",
                "0F 8B JNP Jz",
                "0F 8C JL Jz",
                "0F 8D JNL Jz",
                "0F 8E JLE Jz",
                "0F 8F JNLE Jz"
            },
            default64 = true,
            ends = true)
    static void jcc(Cpu cpu, long target, Op op) {
        if (cpu.condition(op.condition)) {
            cpu.nextRip = target;
        }
    }

    @Encoding({
        "0F 90 /r SETO Eb", "0F 91 /r SETNO Eb", "0F 92 /r SETB Eb", "0F 93 /r SETNB Eb", "0F 94 /r SETZ Eb",
        "0F 95 /r SETNZ Eb", "0F 96 /r SETBE Eb", "0F 97 /r SETNBE Eb", "0F 98 /r SETS Eb", "0F 99 /r SETNS Eb",
        "0F 9A /r SETP Eb", "0F 9B /r SETNP Eb", "0F 9C /r SETL Eb", "0F 9D /r SETNL Eb", "0F 9E /r SETLE Eb",
        "0F 9F /r SETNLE Eb"
    })
    static long setcc(Cpu cpu, Op op) {
        return cpu.condition(op.condition) ? 1 : 0;
    }

    /** A 32-bit destination is written, and so zero-extended, also if the condition is false; memory is read in any case. */
    @Encoding(
            value = {
                "0F 40 /r CMOVO Gv, Ev",
                "0F 41 /r CMOVNO Gv, Ev",
                "0F 42 /r CMOVB Gv, Ev",
                "0F 43 /r CMOVNB Gv, Ev",
                "0F 44 /r CMOVZ Gv, Ev",
                "0F 45 /r CMOVNZ Gv, Ev",
                "0F 46 /r CMOVBE Gv, Ev",
                "0F 47 /r CMOVNBE Gv, Ev",
                "0F 48 /r CMOVS Gv, Ev",
                "0F 49 /r CMOVNS Gv, Ev",
                "0F 4A /r CMOVP Gv, Ev",
                "0F 4B /r CMOVNP Gv, Ev",
                "0F 4C /r CMOVL Gv, Ev",
                "0F 4D /r CMOVNL Gv, Ev",
                "0F 4E /r CMOVLE Gv, Ev",
                "0F 4F /r CMOVNLE Gv, Ev"
            },
            feature = CpuFeature.CMOV)
    static long cmovcc(Cpu cpu, long destination, long source, Op op) {
        return cpu.condition(op.condition) ? source : destination;
    }
}
