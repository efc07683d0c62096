// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.layout;

import mckernelj.emulator.hw.PhysicalMemory;

/**
 * Argument of SEND_SIGNAL: {sig, pid, tid, siginfo}, 144 bytes, allocated by Linux and free again after
 * SEND_SIGNAL_ACK.
 *
 * @param tid LWK thread, or -1 for the process
 * @param siginfo 128 bytes, siginfo_t of x86-64 Linux
 */
public record SignalRequest(int sig, int pid, int tid, byte[] siginfo) {
    public static final int SIGINFO_SIZE = 128;
    public static final int SIZE = 16 + SIGINFO_SIZE;

    public static SignalRequest read(PhysicalMemory memory, long physical) {
        byte[] siginfo = new byte[SIGINFO_SIZE];
        memory.read(physical + 16, siginfo, 0, SIGINFO_SIZE);
        return new SignalRequest(
                memory.getInt(physical), memory.getInt(physical + 4), memory.getInt(physical + 8), siginfo);
    }

    public void write(PhysicalMemory memory, long physical) {
        memory.putInt(physical, sig);
        memory.putInt(physical + 4, pid);
        memory.putInt(physical + 8, tid);
        memory.putInt(physical + 12, 0);
        memory.write(physical + 16, siginfo, 0, SIGINFO_SIZE);
    }
}
