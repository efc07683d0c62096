// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.ihk.ikc.IkcMessage;
import mckernelj.ihk.ikc.IkcPacket;
import mckernelj.ihk.layout.SignalRequest;
import mckernelj.linuxhost.proxy.SignalRecords;

/** Signals that Linux delivered to a servant become SEND_SIGNAL messages. SIGCHLD does not: the LWK makes its own. */
final class SignalForwarder {
    private static final int SI_CODE_OFFSET = 8;
    private static final int SI_TKILL = -6;
    private static final int WHOLE_PROCESS = -1;

    private final Delegator delegator;

    SignalForwarder(Delegator delegator) {
        this.delegator = delegator;
    }

    void send(LogicalCpu linux, ProcessData process, PendingCall call, byte[] siginfo) {
        int signal = siginfo[0] & 0xFF;
        if (signal == 0 || signal > SignalRecords.SIGNAL_COUNT || signal == SignalRecords.SIGCHLD || process.ending()) {
            return;
        }
        int tid = code(siginfo) == SI_TKILL ? call.slot().tid() : WHOLE_PROCESS;
        send(linux, process, call.busy() ? call.lwkCpu() : process.lwkCpu(), tid, siginfo);
    }

    private void send(LogicalCpu linux, ProcessData process, int lwkCpu, int tid, byte[] siginfo) {
        int signal = siginfo[0] & 0xFF;
        byte[] full = Arrays.copyOf(siginfo, SignalRequest.SIGINFO_SIZE);
        long physical = delegator.partition().allocate(SignalRequest.SIZE);
        new SignalRequest(signal, process.pid(), tid, full)
                .write(delegator.partition().memory(), physical);
        IkcPacket packet = new IkcPacket(IkcMessage.SEND_SIGNAL);
        packet.pid = process.pid();
        packet.arg = physical;
        packet.reply = physical;
        packet.ref = lwkCpu;
        if (!delegator.link().send(linux, packet.ref, packet)) {
            free(physical);
        }
    }

    /** SEND_SIGNAL_ACK. */
    void acknowledged(IkcPacket packet) {
        free(packet.reply);
    }

    private void free(long physical) {
        delegator.partition().zones().free(physical, SignalRequest.SIZE);
    }

    private static int code(byte[] siginfo) {
        return ByteBuffer.wrap(siginfo).order(ByteOrder.LITTLE_ENDIAN).getInt(SI_CODE_OFFSET);
    }
}
