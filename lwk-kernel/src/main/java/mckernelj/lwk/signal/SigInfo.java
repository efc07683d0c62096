// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A signal with its siginfo_t: 128 bytes as x86-64 Linux lays them out. Immutable by convention. */
public final class SigInfo {
    public static final int SIZE = 128;

    public static final int SI_USER = 0;
    public static final int SI_KERNEL = 0x80;
    public static final int SI_QUEUE = -1;
    public static final int SI_TIMER = -2;
    public static final int SI_TKILL = -6;

    public static final int CLD_EXITED = 1;
    public static final int CLD_KILLED = 2;
    public static final int CLD_DUMPED = 3;
    public static final int CLD_TRAPPED = 4;
    public static final int CLD_STOPPED = 5;
    public static final int CLD_CONTINUED = 6;

    private static final int SYS_SECCOMP = 1;
    private static final int ERRNO = 4;
    private static final int CODE = 8;
    private static final int FIELDS = 16;

    private final byte[] bytes;

    /** Told when the signal is taken; null: nobody. */
    private final PosixTimer timer;

    private SigInfo(byte[] bytes) {
        this(bytes, null);
    }

    private SigInfo(byte[] bytes, PosixTimer timer) {
        this.bytes = bytes;
        this.timer = timer;
    }

    private static ByteBuffer buffer(int signal, int code) {
        return ByteBuffer.allocate(SIZE)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, signal)
                .putInt(CODE, code);
    }

    /** A siginfo made elsewhere; its signal number is set. */
    public static SigInfo of(int signal, byte[] siginfo) {
        byte[] copy = java.util.Arrays.copyOf(siginfo, SIZE);
        ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putInt(0, signal);
        return new SigInfo(copy);
    }

    /** From the kernel itself. */
    public static SigInfo kernel(int signal) {
        return new SigInfo(buffer(signal, SI_KERNEL).array());
    }

    /** From kill, tkill and the like. */
    public static SigInfo user(int signal, int code, int senderPid, int senderUid) {
        return new SigInfo(buffer(signal, code)
                .putInt(FIELDS, senderPid)
                .putInt(FIELDS + 4, senderUid)
                .array());
    }

    /** Of an instruction's fault. */
    public static SigInfo fault(int signal, int code, long address) {
        return new SigInfo(buffer(signal, code).putLong(FIELDS, address).array());
    }

    /** SIGSYS of a filter (seccomp(2)): {@code address} is behind the call, {@code data} the filter's. */
    public static SigInfo seccomp(long address, int number, int architecture, int data) {
        return new SigInfo(buffer(SignalNumber.SIGSYS, SYS_SECCOMP)
                .putInt(ERRNO, data)
                .putLong(FIELDS, address)
                .putInt(FIELDS + 8, number)
                .putInt(FIELDS + 12, architecture)
                .array());
    }

    /** SIGCHLD or what clone asked for instead: {@code status} is the exit code or the signal. */
    public static SigInfo child(int signal, int code, int pid, int uid, int status, long userTicks, long systemTicks) {
        return new SigInfo(buffer(signal, code)
                .putInt(FIELDS, pid)
                .putInt(FIELDS + 4, uid)
                .putInt(FIELDS + 8, status)
                .putLong(FIELDS + 16, userTicks)
                .putLong(FIELDS + 24, systemTicks)
                .array());
    }

    /** Of a timer; what it missed becomes known when the signal is taken. */
    static SigInfo timer(int signal, int id, long value, PosixTimer timer) {
        byte[] bytes = buffer(signal, SI_TIMER)
                .putInt(FIELDS, id)
                .putLong(FIELDS + 8, value)
                .array();
        return new SigInfo(bytes, timer);
    }

    /** The signal as the program sees it. */
    SigInfo taken() {
        if (timer == null) {
            return this;
        }
        byte[] copy = bytes.clone();
        ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putInt(FIELDS + 4, timer.delivered());
        return new SigInfo(copy);
    }

    public int signal() {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
    }

    public int code() {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(CODE);
    }

    public byte[] bytes() {
        return bytes.clone();
    }
}
