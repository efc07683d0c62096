// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import java.nio.ByteBuffer;

/** The state an instruction can see and change: what goes to the native runner and comes back. */
final class MachineState {
    static final int FXSAVE_BYTES = 512;
    static final int WINDOW_BYTES = 1024;
    static final int BYTES = 16 * 8 + 8 + FXSAVE_BYTES + 256 + WINDOW_BYTES;

    /** Linear addresses of the test bench; mirrored in native-runner.c. */
    static final long START = 0x13579800L;

    static final long DATA = 0x20000000L;
    static final int DATA_BYTES = 8192;
    static final int WINDOW_OFFSET = 3584;
    static final long WINDOW = DATA + WINDOW_OFFSET;
    static final long GS_BASE = 0x40;

    /** Offsets in an FXSAVE image (SDM vol. 1, 10.5.1). */
    static final int FCW = 0;

    static final int FSW = 2;
    static final int FTW = 4;
    static final int MXCSR = 24;
    static final int ST0 = 32;
    static final int XMM0 = 160;

    final long[] gpr = new long[16];
    long rflags;
    final byte[] fxsave = new byte[FXSAVE_BYTES];

    /** Upper halves of ymm registers, two each. */
    final long[] ymmHigh = new long[32];

    final byte[] window = new byte[WINDOW_BYTES];

    void write(ByteBuffer out) {
        for (long value : gpr) {
            out.putLong(value);
        }
        out.putLong(rflags);
        out.put(fxsave);
        for (long value : ymmHigh) {
            out.putLong(value);
        }
        out.put(window);
    }

    static MachineState read(ByteBuffer in) {
        MachineState state = new MachineState();
        for (int i = 0; i < 16; i++) {
            state.gpr[i] = in.getLong();
        }
        state.rflags = in.getLong();
        in.get(state.fxsave);
        for (int i = 0; i < 32; i++) {
            state.ymmHigh[i] = in.getLong();
        }
        in.get(state.window);
        return state;
    }

    int word(int offset) {
        return fxsave[offset] & 0xFF | (fxsave[offset + 1] & 0xFF) << 8;
    }

    void setWord(int offset, int value) {
        fxsave[offset] = (byte) value;
        fxsave[offset + 1] = (byte) (value >> 8);
    }

    long quad(int offset) {
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = value << 8 | fxsave[offset + i] & 0xFF;
        }
        return value;
    }

    void setQuad(int offset, long value) {
        for (int i = 0; i < 8; i++) {
            fxsave[offset + i] = (byte) (value >>> 8 * i);
        }
    }
}
