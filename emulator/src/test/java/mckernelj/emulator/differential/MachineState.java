// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

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

    /** A page behind the data that user code can only read: byte i is 37 i. */
    static final int READ_ONLY_BYTES = 4096;

    static final long FS_BASE = 0x1230;
    static final long GS_BASE = 0x40;

    /** Offsets in an FXSAVE image (SDM vol. 1, 10.5.1). */
    static final int FCW = 0;

    static final int FSW = 2;
    static final int FTW = 4;
    static final int FOP = 6;
    static final int FIP = 8;
    static final int FDP = 16;
    static final int MXCSR = 24;
    static final int ST0 = 32;
    static final int XMM0 = 160;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    final long[] gpr = new long[16];
    long rflags;
    final byte[] fxsave = new byte[FXSAVE_BYTES];

    /** Upper halves of ymm registers, two each. */
    final long[] ymmHigh = new long[32];

    final byte[] window = new byte[WINDOW_BYTES];

    MachineState copy() {
        MachineState state = new MachineState();
        System.arraycopy(gpr, 0, state.gpr, 0, gpr.length);
        state.rflags = rflags;
        System.arraycopy(fxsave, 0, state.fxsave, 0, fxsave.length);
        System.arraycopy(ymmHigh, 0, state.ymmHigh, 0, ymmHigh.length);
        System.arraycopy(window, 0, state.window, 0, window.length);
        return state;
    }

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
        return (short) SHORTS.get(fxsave, offset) & 0xFFFF;
    }

    void setWord(int offset, int value) {
        SHORTS.set(fxsave, offset, (short) value);
    }

    long quad(int offset) {
        return (long) LONGS.get(fxsave, offset);
    }

    void setQuad(int offset, long value) {
        LONGS.set(fxsave, offset, value);
    }

    /** 8 bytes of the window. */
    void setWindow(int offset, long value) {
        LONGS.set(window, offset, value);
    }

    /** What is not zero, for a report. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(
                "rflags %x mxcsr %x fcw %x fsw %x ftw %x", rflags, word(MXCSR), word(FCW), word(FSW), word(FTW)));
        for (int i = 0; i < 16; i++) {
            append(text, Comparison.REGISTERS[i], gpr[i]);
        }
        for (int i = 0; i < 8; i++) {
            if (quad(ST0 + 16 * i) != 0 || word(ST0 + 16 * i + 8) != 0) {
                text.append(String.format(" st%d %04x:%016x", i, word(ST0 + 16 * i + 8), quad(ST0 + 16 * i)));
            }
        }
        for (int i = 0; i < 32; i++) {
            append(text, "xmm" + i / 2 + (i % 2 == 0 ? "" : ".high"), quad(XMM0 + 8 * i));
            append(text, "ymm" + i / 2 + (i % 2 == 0 ? ".third" : ".fourth"), ymmHigh[i]);
        }
        for (int i = 0; i < WINDOW_BYTES; i += 8) {
            append(text, "[" + Long.toHexString(WINDOW + i) + "]", (long) LONGS.get(window, i));
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String name, long value) {
        if (value != 0) {
            text.append(' ').append(name).append(' ').append(Long.toHexString(value));
        }
    }
}
