// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** struct signalfd_siginfo (signalfd(2)), 128 bytes: a siginfo_t whose union is taken apart. */
public final class SignalRecord {
    public static final int SIZE = 128;

    private static final int SIGCHLD = SignalNumber.SIGCHLD;
    private static final int SIGIO = 29;
    private static final int POLL_LAST = 6;

    private SignalRecord() {}

    public static byte[] of(SigInfo info) {
        ByteBuffer from = ByteBuffer.wrap(info.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer to = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        int signal = info.signal();
        int code = info.code();
        to.putInt(0, signal).putInt(4, from.getInt(4)).putInt(8, code);
        boolean byKernel = code > 0 && code < SigInfo.SI_KERNEL;
        if (byKernel && signal == SIGCHLD) {
            to.putInt(12, from.getInt(16)).putInt(16, from.getInt(20)).putInt(40, from.getInt(24));
            to.putLong(56, from.getLong(32)).putLong(64, from.getLong(40));
        } else if (byKernel && (SignalNumber.mask(signal) & SignalNumber.SYNCHRONOUS) != 0) {
            to.putLong(72, from.getLong(16));
        } else if (byKernel && code <= POLL_LAST && (signal == SIGIO || signal >= SignalNumber.SIGRTMIN)) {
            to.putInt(28, from.getInt(16)).putInt(20, from.getInt(24));
        } else if (code == SigInfo.SI_TIMER) {
            to.putInt(24, from.getInt(16)).putInt(32, from.getInt(20));
            to.putInt(44, from.getInt(24)).putLong(48, from.getLong(24));
        } else {
            to.putInt(12, from.getInt(16)).putInt(16, from.getInt(20));
            to.putInt(44, from.getInt(24)).putLong(48, from.getLong(24));
        }
        return to.array();
    }
}
