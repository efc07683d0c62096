// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.MMX;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/** MMX data transfer and state management (SDM vol. 1, 5.4.1 and 5.4.8). Reading an mm register also ends x87 mode. */
final class MmxMove {
    private MmxMove() {}

    /** A 32-bit source is zero-extended. */
    @Encoding(value = "NP W0 0F 6E /r MOVD Pq, Ed", feature = MMX)
    static long movd(long src) {
        return src & 0xFFFFFFFFL;
    }

    @Encoding(
            value = {"NP W1 0F 6E /r MOVQ Pq, Eq", "NP 0F 6F /r MOVQ Pq, Qq"},
            feature = MMX)
    static long movq(long src) {
        return src;
    }

    @Encoding(
            value = {"NP W0 0F 7E /r MOVD Ed, Pd", "NP W1 0F 7E /r MOVQ Eq, Pq", "NP 0F 7F /r MOVQ Qq, Pq"},
            feature = MMX)
    static long store(Cpu cpu, long src) {
        cpu.x87.enterMmx();
        return src;
    }

    /** Empties the x87 register stack. */
    @Encoding(value = "NP 0F 77 EMMS", feature = MMX)
    static void emms(Cpu cpu) {
        cpu.checkMmx();
        cpu.x87.top = 0;
        cpu.x87.empty = 0xFF;
    }
}
