// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;

/** Random machine states: general registers that often point into the data window, status flags, x87 stack, xmm, memory. */
final class StateGenerator {
    private static final int MASK_ALL = 0x3F;
    private static final int ES_AND_BUSY = 0x8080;
    private static final int MXCSR_MASKS = 0x1F80;

    private final Values values;

    StateGenerator(Values values) {
        this.values = values;
    }

    MachineState state(int codeSize) {
        MachineState state = new MachineState();
        for (int i = 0; i < 16; i++) {
            state.gpr[i] = values.oneIn(3) ? pointer() : values.integer();
            if (codeSize == 32) {
                state.gpr[i] = i < 8 ? state.gpr[i] & 0xFFFFFFFFL : 0;
            }
        }
        state.gpr[Cpu.RSP] = pointer() & -8L;
        state.rflags = values.bits() & (Cpu.STATUS | Cpu.DF) | Cpu.IF | 2;
        x87(state);
        sse(state);
        window(state);
        return state;
    }

    private long pointer() {
        return MachineState.WINDOW + 128 + values.below(MachineState.WINDOW_BYTES - 256);
    }

    private void x87(MachineState state) {
        int masks = values.oneIn(6) ? values.below(64) : MASK_ALL;
        state.setWord(MachineState.FCW, 0x40 | precisionControl() << 8 | values.below(4) << 10 | masks);
        int flags = (int) values.bits() & 0x477F;
        if (masks != MASK_ALL && !values.oneIn(8)) {
            flags &= ~0x3F | masks; // nothing is pending
        }
        boolean pending = (flags & ~masks & 0x3F) != 0;
        state.setWord(MachineState.FSW, flags | (pending ? ES_AND_BUSY : 0) | values.below(8) << 11);
        state.setWord(MachineState.FOP, values.below(0x800));
        state.setQuad(MachineState.FIP, pointer());
        state.setQuad(MachineState.FDP, pointer());
        int valid = values.oneIn(3) ? 0xFF : values.below(256);
        state.setWord(MachineState.FTW, valid);
        for (int i = 0; i < 8; i++) {
            extended(state, MachineState.ST0 + 16 * i);
        }
    }

    private int precisionControl() {
        return values.oneIn(4) ? values.oneIn(2) ? 0 : 2 : 3;
    }

    /** A double-extended number: from the range of doubles, an integer, or of any class. */
    private void extended(MachineState state, int at) {
        double value = Double.longBitsToDouble(values.doubleBits());
        int exponent = Math.getExponent(value);
        int sign = Double.doubleToRawLongBits(value) < 0 ? 0x8000 : 0;
        long fraction = Double.doubleToRawLongBits(value) << 12 >>> 1;
        if (values.oneIn(6)) {
            state.setQuad(at, values.bits() | 1L << 63);
            state.setWord(at + 8, values.below(0x10000));
        } else if (exponent > Double.MAX_EXPONENT) {
            state.setQuad(at, fraction | 1L << 63);
            state.setWord(at + 8, sign | 0x7FFF);
        } else if (exponent < Double.MIN_EXPONENT) {
            state.setQuad(at, values.oneIn(2) ? 0 : fraction);
            state.setWord(at + 8, sign);
        } else {
            state.setQuad(at, fraction | 1L << 63 | (values.oneIn(2) ? values.below(2048) : 0));
            state.setWord(at + 8, sign | exponent + 0x3FFF);
        }
    }

    private void sse(MachineState state) {
        int mxcsr = MXCSR_MASKS | (values.oneIn(2) ? 0 : values.below(4) << 13);
        mxcsr |= values.oneIn(2) ? 0 : values.below(64);
        mxcsr |= values.oneIn(12) ? 1 << 15 : 0;
        mxcsr |= values.oneIn(12) ? 1 << 6 : 0;
        if (values.oneIn(8)) {
            mxcsr &= values.oneIn(2) ? ~(1 << 7 + values.below(6)) : ~(values.below(64) << 7);
        }
        state.setWord(MachineState.MXCSR, mxcsr);
        for (int i = 0; i < 32; i++) {
            state.setQuad(MachineState.XMM0 + 8 * i, values.vector());
        }
        for (int i = 0; i < 32 && HostFeatures.has(CpuFeature.AVX); i++) {
            state.ymmHigh[i] = values.vector();
        }
    }

    private void window(MachineState state) {
        boolean uniform = values.oneIn(4);
        byte filler = (byte) values.below(3);
        for (int i = 0; i < state.window.length; i += 8) {
            long word = values.oneIn(4) ? values.integer() : values.vector();
            state.setWindow(i, uniform && !values.oneIn(6) ? filler * 0x0101010101010101L : word);
        }
    }
}
