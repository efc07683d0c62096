// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.ptrace;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import mckernelj.ihk.Errno;
import mckernelj.lwk.cpu.PtRegs;
import mckernelj.lwk.image.AddressLayout;

/**
 * The registers of a stopped thread as {@code struct user_regs_struct} and {@code struct user} of x86-64 Linux show
 * them: 27 words, of which the first 21 are the trap frame (uapi/asm/ptrace.h, sys/user.h), and the debug registers.
 */
final class UserArea {
    static final int REGISTERS_SIZE = 27 * 8;
    static final int FXSAVE_SIZE = 512;

    private static final int FS_BASE = 21;
    private static final int GS_BASE = 22;
    private static final int COUNT = 27;

    /** Offset of u_debugreg in struct user, and the size of that. */
    private static final int DEBUG_REGISTERS = 848;

    private static final int SIZE = 912;

    private static final int MXCSR = 24;
    private static final int MXCSR_VALID = 0xFFFF;
    private static final int SW_RESERVED = 464;
    private static final int HEADER_END = 576;

    private static final long USER_END = 0x7FFF_FFFF_F000L;
    private static final long USER_RFLAGS = 0x50DD5;

    private final Tracee tracee;
    private final TraceStop stop;
    private final PtRegs regs;

    UserArea(Tracee tracee, TraceStop stop) {
        this.tracee = tracee;
        this.stop = stop;
        this.regs = tracee.thread.trapFrame();
    }

    // ---- general registers

    private long get(int word) {
        if (word < PtRegs.SLOTS) {
            return regs.get(word);
        }
        return word == FS_BASE ? stop.fsBase : word == GS_BASE ? stop.gsBase : 0;
    }

    /** 0 or -EIO. */
    private long set(int word, long value) {
        switch (word) {
            case PtRegs.CS -> {
                return value == AddressLayout.USER_CS ? 0 : -Errno.EIO;
            }
            case PtRegs.SS -> {
                return value == AddressLayout.USER_DS ? 0 : -Errno.EIO;
            }
            case PtRegs.RFLAGS -> regs.setRflags(regs.rflags() & ~USER_RFLAGS | value & USER_RFLAGS);
            case FS_BASE, GS_BASE -> {
                if (value < 0 || value >= USER_END) {
                    return -Errno.EIO;
                }
                if (word == FS_BASE) {
                    stop.fsBase = value;
                } else {
                    stop.gsBase = value;
                }
            }
            default -> {
                if (word < PtRegs.SLOTS) {
                    regs.set(word, value);
                } else if ((value & 0xFFFF) != 0) {
                    return -Errno.EIO; // no segments but the null selector
                }
            }
        }
        return 0;
    }

    byte[] registers() {
        ByteBuffer buffer = ByteBuffer.allocate(REGISTERS_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < COUNT; i++) {
            buffer.putLong(get(i));
        }
        return buffer.array();
    }

    /** Whole words of a user_regs_struct from its start. */
    long setRegisters(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < bytes.length / 8; i++) {
            long error = set(i, buffer.getLong(i * 8));
            if (error != 0) {
                return error;
            }
        }
        return 0;
    }

    // ---- struct user

    static boolean isWord(long offset) {
        return offset >= 0 && offset < SIZE && offset % 8 == 0;
    }

    long peek(long offset) {
        if (offset < REGISTERS_SIZE) {
            return get((int) offset / 8);
        }
        if (offset < DEBUG_REGISTERS) {
            return 0;
        }
        long[] debug = tracee.thread.debugRegisters();
        return debug == null ? 0 : debug[(int) (offset - DEBUG_REGISTERS) / 8];
    }

    long poke(long offset, long value) {
        if (offset < REGISTERS_SIZE) {
            return set((int) offset / 8, value);
        }
        if (offset < DEBUG_REGISTERS) {
            return -Errno.EIO;
        }
        return setDebugRegister((int) (offset - DEBUG_REGISTERS) / 8, value);
    }

    private long setDebugRegister(int number, long value) {
        if (number == 4 || number == 5) {
            return -Errno.EIO;
        }
        boolean address = number < 4;
        if (address && (value < 0 || value >= USER_END)) {
            return -Errno.EINVAL;
        }
        tracee.thread.setDebugRegister(number, address ? value : value & 0xFFFFFFFFL);
        return 0;
    }

    // ---- floating point

    /** FXSAVE layout. */
    byte[] fxsave() {
        return java.util.Arrays.copyOf(stop.extendedState, FXSAVE_SIZE);
    }

    long setFxsave(byte[] bytes) {
        if (bytes.length < FXSAVE_SIZE) {
            return -Errno.EINVAL;
        }
        if (!validMxcsr(bytes)) {
            return -Errno.EINVAL;
        }
        System.arraycopy(bytes, 0, stop.extendedState, 0, SW_RESERVED - 48);
        return 0;
    }

    private static boolean validMxcsr(byte[] bytes) {
        return (ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(MXCSR) & ~MXCSR_VALID) == 0;
    }

    /** XSAVE layout; XCR0 is in the bytes that the processor leaves to software. */
    byte[] xstate() {
        byte[] copy = stop.extendedState.clone();
        ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putLong(SW_RESERVED, features());
        return copy;
    }

    private long features() {
        return stop.extendedState.length > HEADER_END ? 7 : 3;
    }

    long setXstate(byte[] bytes) {
        if (bytes.length != stop.extendedState.length) {
            return -Errno.EFAULT;
        }
        ByteBuffer given = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        boolean unknown = (given.getLong(FXSAVE_SIZE) & ~features()) != 0;
        for (int i = FXSAVE_SIZE + 8; i < HEADER_END; i += 8) {
            unknown |= given.getLong(i) != 0;
        }
        if (unknown || !validMxcsr(bytes)) {
            return -Errno.EINVAL;
        }
        byte[] next = bytes.clone();
        java.util.Arrays.fill(next, SW_RESERVED - 48, FXSAVE_SIZE, (byte) 0);
        stop.extendedState = next;
        return 0;
    }
}
