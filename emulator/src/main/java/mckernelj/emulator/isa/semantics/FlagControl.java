// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.isa.Encoding;

/** Flag control (SDM vol. 1, 5.1.10) without CLI, STI and the flag transfers. */
public final class FlagControl {
    private FlagControl() {}

    @Encoding("F8 CLC")
    static void clc(Cpu cpu, Op op) {
        cpu.setStatusFlags(cpu.statusFlags() & ~Cpu.CF);
    }

    @Encoding("F9 STC")
    static void stc(Cpu cpu, Op op) {
        cpu.setStatusFlags(cpu.statusFlags() | Cpu.CF);
    }

    @Encoding("F5 CMC")
    static void cmc(Cpu cpu, Op op) {
        cpu.setStatusFlags(cpu.statusFlags() ^ Cpu.CF);
    }

    @Encoding("FC CLD")
    static void cld(Cpu cpu, Op op) {
        cpu.systemFlags &= ~Cpu.DF;
    }

    @Encoding("FD STD")
    static void std(Cpu cpu, Op op) {
        cpu.systemFlags |= Cpu.DF;
    }
}
