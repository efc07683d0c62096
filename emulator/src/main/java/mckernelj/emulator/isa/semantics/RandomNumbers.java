// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.isa.Encoding;

/** RDRAND and RDSEED (SDM vol. 1, 7.3.17): from the machine's generator, which always has a number. */
final class RandomNumbers {
    private RandomNumbers() {}

    @Encoding(value = "0F C7 /6:reg RDRAND Rv", feature = CpuFeature.RDRAND)
    static long rdrand(Cpu cpu) {
        cpu.setStatusFlags(Cpu.CF);
        return cpu.entropy.next();
    }

    @Encoding(value = "0F C7 /7:reg RDSEED Rv", feature = CpuFeature.RDSEED)
    static long rdseed(Cpu cpu) {
        cpu.setStatusFlags(Cpu.CF);
        return cpu.entropy.next();
    }
}
