// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.SSE4_2;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.isa.Encoding;

/**
 * String and text comparison (SDM vol. 1, 5.11.1; vol. 2, 4.1): lengths explicit or up to a zero, result an index or a
 * mask.
 */
final class SseString {
    private SseString() {}

    @Encoding(
            value = "66 0F 3A 61 /r PCMPESTRI Vdq, Wu, Ib",
            feature = SSE4_2,
            vex = "L0 66 0F 3A 61 /r VPCMPESTRI Vdq, Wdq, Ib")
    static void pcmpestri(Cpu cpu, long first, long firstHigh, long low, long high, long control, Op op) {
        index(cpu, explicit(cpu, first, firstHigh, low, high, control, op));
    }

    @Encoding(value = "66 0F 3A 60 /r PCMPESTRM Vdq, Wu, Ib", feature = SSE4_2)
    static void pcmpestrm(Cpu cpu, long first, long firstHigh, long low, long high, long control, Op op) {
        mask(cpu, explicit(cpu, first, firstHigh, low, high, control, op));
    }

    @Encoding(
            value = "66 0F 3A 63 /r PCMPISTRI Vdq, Wu, Ib",
            feature = SSE4_2,
            vex = "L0 66 0F 3A 63 /r VPCMPISTRI Vdq, Wdq, Ib")
    static void pcmpistri(Cpu cpu, long first, long firstHigh, long low, long high, long control) {
        index(cpu, implicit(first, firstHigh, low, high, control));
    }

    @Encoding(value = "66 0F 3A 62 /r PCMPISTRM Vdq, Wu, Ib", feature = SSE4_2)
    static void pcmpistrm(Cpu cpu, long first, long firstHigh, long low, long high, long control) {
        mask(cpu, implicit(first, firstHigh, low, high, control));
    }

    @Encoding(vex = "L0 66 0F 3A 60 /r VPCMPESTRM Vdq, Wdq, Ib")
    static void vpcmpestrm(Cpu cpu, long first, long firstHigh, long low, long high, long control, Op op) {
        pcmpestrm(cpu, first, firstHigh, low, high, control, op);
        cpu.clearYmmHigh(0);
    }

    @Encoding(vex = "L0 66 0F 3A 62 /r VPCMPISTRM Vdq, Wdq, Ib")
    static void vpcmpistrm(Cpu cpu, long first, long firstHigh, long low, long high, long control) {
        pcmpistrm(cpu, first, firstHigh, low, high, control);
        cpu.clearYmmHigh(0);
    }

    private static StringComparison explicit(
            Cpu cpu, long first, long firstHigh, long low, long high, long control, Op op) {
        int width = op.operandSize == 64 ? 64 : 32;
        StringComparison comparison = new StringComparison(control, first, firstHigh, low, high);
        comparison.setLengths(cpu.register(width, Cpu.RAX), cpu.register(width, Cpu.RDX));
        return comparison;
    }

    private static StringComparison implicit(long first, long firstHigh, long low, long high, long control) {
        StringComparison comparison = new StringComparison(control, first, firstHigh, low, high);
        comparison.findLengths();
        return comparison;
    }

    private static void index(Cpu cpu, StringComparison comparison) {
        int result = comparison.result();
        cpu.setRegister(32, Cpu.RCX, comparison.index(result));
        cpu.setStatusFlags(comparison.flags(result));
    }

    private static void mask(Cpu cpu, StringComparison comparison) {
        int result = comparison.result();
        if (comparison.wantsElementMask()) {
            cpu.setXmm(0, comparison.elementMask(result, 0), comparison.elementMask(result, 8));
        } else {
            cpu.setXmm(0, result, 0);
        }
        cpu.setStatusFlags(comparison.flags(result));
    }
}
