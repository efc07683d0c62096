// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

/** Told what happens to a servant. Called on a host thread of the proxy package or on the caller of drainSignals: be quick. */
public interface ServantListener {
    /** Bytes of struct siginfo that arrive: signal number, errno, code, then the union as the kernel filled it. */
    int SIGINFO_BYTES = 64;

    /** Linux delivered a signal to a thread of the servant. {@code siginfo}: the first 64 bytes, not trusted. */
    void onSignal(ServantSlot slot, byte[] siginfo);

    /** The process has ended, in whatever way; all its slots answer -ESRCH from now on. Exactly once. */
    void onDeath(Servant servant);
}
