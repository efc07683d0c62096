// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

import java.util.Arrays;

/**
 * Image of x87, SSE and AVX state in the layout of FXSAVE and of XSAVE's standard form (SDM vol. 1, 10.5 and 13.4), as
 * an array of 64-bit words. Who moves it to and from memory decides which words count. FCS and FDS are always 0.
 */
public final class ExtendedState {
    /** State components of XCR0 and XSTATE_BV. */
    public static final long X87 = 1;

    public static final long SSE = 2;
    public static final long AVX = 4;

    /** Word indices. */
    public static final int MXCSR = 3;

    public static final int ST = 4;
    public static final int XMM = 20;
    public static final int LEGACY_WORDS = 64;
    public static final int XSTATE_BV = 64;
    public static final int XCOMP_BV = 65;
    public static final int YMM = 72;
    public static final int WORDS = 104;

    public static final int MXCSR_MASK = 0xFFFF;
    private static final int MXCSR_INITIAL = 0x1F80;
    private static final int X87_CONTROL_INITIAL = 0x37F;
    private static final int CONTROL_DEFINED = 0x1F3F;
    private static final int CONTROL_ONE = 0x40;
    private static final int TOP_FIELD = 0x3800;

    private ExtendedState() {}

    /** Bytes of the XSAVE area for the components in {@code xcr0}. */
    public static int size(long xcr0) {
        return (xcr0 & AVX) != 0 ? WORDS * 8 : 576;
    }

    /** XINUSE: the components that do not have their initial values; MXCSR is one of SSE's. */
    public static long inUse(Cpu cpu) {
        boolean sse = cpu.mxcsr != MXCSR_INITIAL || !isZero(cpu.xmm, 32);
        return (isX87Initial(cpu.x87) ? 0 : X87) | (sse ? SSE : 0) | (isZero(cpu.ymmHigh, 32) ? 0 : AVX);
    }

    private static boolean isX87Initial(X87 x87) {
        boolean values = isZero(x87.significand, 8);
        for (int i = 0; i < 8; i++) {
            values &= x87.signExponent[i] == 0;
        }
        return values
                && x87.control == X87_CONTROL_INITIAL
                && x87.status == 0
                && x87.top == 0
                && x87.empty == 0xFF
                && (x87.instructionPointer | x87.dataPointer | x87.opcode) == 0;
    }

    private static boolean isZero(long[] words, int count) {
        long any = 0;
        for (int i = 0; i < count; i++) {
            any |= words[i];
        }
        return any == 0;
    }

    /** Fills {@code image} with everything but the XSAVE header. {@code wide}: 64-bit instruction and data pointers. */
    public static void capture(Cpu cpu, long[] image, boolean wide) {
        X87 x87 = cpu.x87;
        image[0] = x87.control & 0xFFFFL
                | (x87.status & ~TOP_FIELD & 0xFFFFL | (long) x87.top << 11) << 16
                | (~x87.empty & 0xFFL) << 32
                | (x87.opcode & 0x7FFL) << 48;
        image[1] = wide ? x87.instructionPointer : x87.instructionPointer & 0xFFFFFFFFL;
        image[2] = wide ? x87.dataPointer : x87.dataPointer & 0xFFFFFFFFL;
        image[MXCSR] = cpu.mxcsr & 0xFFFFFFFFL | (long) MXCSR_MASK << 32;
        for (int i = 0; i < 8; i++) {
            int physical = x87.top + i & 7;
            image[ST + 2 * i] = x87.significand[physical];
            image[ST + 2 * i + 1] = x87.signExponent[physical] & 0xFFFFL;
        }
        System.arraycopy(cpu.xmm, 0, image, XMM, 32);
        System.arraycopy(cpu.ymmHigh, 0, image, YMM, 32);
    }

    public static void restoreX87(Cpu cpu, long[] image) {
        X87 x87 = cpu.x87;
        x87.control = (int) image[0] & CONTROL_DEFINED | CONTROL_ONE;
        x87.status = (int) (image[0] >>> 16) & 0xFFFF & ~TOP_FIELD;
        x87.summarize();
        x87.top = (int) (image[0] >>> 27) & 7;
        x87.empty = (int) ~(image[0] >>> 32) & 0xFF;
        x87.opcode = (int) (image[0] >>> 48) & 0x7FF;
        x87.instructionPointer = canonical(image[1]);
        x87.dataPointer = canonical(image[2]);
        for (int i = 0; i < 8; i++) {
            int physical = x87.top + i & 7;
            x87.significand[physical] = image[ST + 2 * i];
            x87.signExponent[physical] = (int) image[ST + 2 * i + 1] & 0xFFFF;
        }
    }

    private static long canonical(long linear) {
        return linear << 16 >> 16;
    }

    /** #GP(0) if {@code value} has reserved bits. */
    public static void restoreMxcsr(Cpu cpu, long value) {
        if ((value & 0xFFFFFFFFL & ~MXCSR_MASK) != 0) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        cpu.mxcsr = (int) value;
    }

    public static void restoreXmm(Cpu cpu, long[] image, int registers) {
        System.arraycopy(image, XMM, cpu.xmm, 0, 2 * registers);
    }

    public static void restoreYmm(Cpu cpu, long[] image, int registers) {
        System.arraycopy(image, YMM, cpu.ymmHigh, 0, 2 * registers);
    }

    /** FNINIT state with empty, zero registers. */
    public static void initX87(Cpu cpu) {
        X87 x87 = cpu.x87;
        x87.control = X87_CONTROL_INITIAL;
        x87.status = 0;
        x87.top = 0;
        x87.empty = 0xFF;
        x87.opcode = 0;
        x87.instructionPointer = 0;
        x87.dataPointer = 0;
        Arrays.fill(x87.significand, 0);
        Arrays.fill(x87.signExponent, 0);
    }

    public static void initMxcsr(Cpu cpu) {
        cpu.mxcsr = MXCSR_INITIAL;
    }

    /** As XRSTOR of everything; what the header does not announce becomes initial, MXCSR included. */
    public static void restoreAll(Cpu cpu, long[] image, boolean withAvx) {
        long present = image[XSTATE_BV];
        if ((present & X87) != 0) {
            restoreX87(cpu, image);
        } else {
            initX87(cpu);
        }
        if ((present & SSE) != 0) {
            cpu.mxcsr = (int) image[MXCSR] & MXCSR_MASK;
            restoreXmm(cpu, image, 16);
        } else {
            initMxcsr(cpu);
            Arrays.fill(cpu.xmm, 0);
        }
        if (withAvx && (present & AVX) != 0) {
            restoreYmm(cpu, image, 16);
        } else if (withAvx) {
            Arrays.fill(cpu.ymmHigh, 0);
        }
    }
}
