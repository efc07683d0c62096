// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import java.lang.invoke.VarHandle;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.isa.Encoding;

/** NOP and the hint space (SDM vol. 1, 5.1.13), PAUSE, fences, prefetches and cache line control. */
public final class HintsAndFences {
    private HintsAndFences() {}

    /** Multi-byte NOP; also ENDBR64, RDSSP, CLDEMOTE and the prefetches on processors that ignore them. No memory access. */
    @Encoding({
        "0F 0D /r PREFETCHW",
        "0F 18 /r PREFETCH",
        "0F 19 /r NOP",
        "0F 1A /r NOP",
        "0F 1B /r NOP",
        "0F 1C /r NOP",
        "0F 1D /r NOP",
        "0F 1E /r NOP",
        "0F 1F /r NOP"
    })
    static void nop() {}

    /** A program that spins for long lets the machine have a look: another processor may need the host's. */
    @Encoding("F3 90 PAUSE")
    static void pause(Cpu cpu, Op op) {
        Thread.onSpinWait();
        if (++cpu.pauses % Cpu.LONG_SPIN == 0) {
            cpu.attention = 1;
        }
    }

    /** Loads are not reordered with loads in the emulated order anyway. */
    @Encoding(value = "NP 0F AE /5:reg LFENCE", feature = CpuFeature.SSE2)
    static void lfence(Cpu cpu, Op op) {
        VarHandle.loadLoadFence();
    }

    @Encoding(value = "NP 0F AE /6:reg MFENCE", feature = CpuFeature.SSE2)
    static void mfence(Cpu cpu, Op op) {
        VarHandle.fullFence();
    }

    @Encoding(value = "NP 0F AE /7:reg SFENCE", feature = CpuFeature.SSE)
    static void sfence(Cpu cpu, Op op) {
        VarHandle.storeStoreFence();
    }

    /** Faults like a load of one byte. */
    @Encoding("NP 0F AE /7:mem CLFLUSH Mb")
    static void clflush(long memory) {}

    @Encoding(value = "66 0F AE /7:mem CLFLUSHOPT Mb", feature = CpuFeature.CLFLUSHOPT)
    static void clflushopt(long memory) {}

    @Encoding(value = "66 0F AE /6:mem CLWB Mb", feature = CpuFeature.CLWB)
    static void clwb(long memory) {}
}
