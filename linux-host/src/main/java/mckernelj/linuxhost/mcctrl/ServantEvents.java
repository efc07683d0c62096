// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import mckernelj.linuxhost.proxy.Servant;
import mckernelj.linuxhost.proxy.ServantListener;
import mckernelj.linuxhost.proxy.ServantSlot;

/** Brings what happens to a servant from host threads into interrupt context of Linux. */
final class ServantEvents implements ServantListener {
    private final Delegator delegator;
    private final ProcessData process;

    ServantEvents(Delegator delegator, ProcessData process) {
        this.delegator = delegator;
        this.process = process;
    }

    @Override
    public void onSignal(ServantSlot slot, byte[] siginfo) {
        PendingCall call = process.call(slot.tid());
        delegator.partition().post(call.linuxCpu(), linux -> delegator.signals().send(linux, process, call, siginfo));
    }

    @Override
    public void onDeath(Servant servant) {
        delegator.partition().post(0, linux -> delegator.servantDied(linux, process));
    }
}
