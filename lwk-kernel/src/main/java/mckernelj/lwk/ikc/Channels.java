// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.ikc;

import mckernelj.ihk.ikc.IkcQueue;

/** The regular channels of one LWK processor: its own from Linux, and the one to Linux that it shares. */
final class Channels {
    /** One queue to a Linux processor. {@code channelWord} identifies it to the receiver. */
    record ToLinux(IkcQueue queue, long channelWord, LinuxDoorbell doorbell) {}

    private volatile IkcQueue fromLinux;
    private volatile ToLinux toLinux;

    void connect(IkcQueue receive, ToLinux send) {
        toLinux = send;
        fromLinux = receive;
    }

    /** Null until connected. */
    IkcQueue fromLinux() {
        return fromLinux;
    }

    ToLinux toLinux() {
        return toLinux;
    }
}
