// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.ExceptionDelivery;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.engine.ExceptionSink;

/** Sends the exceptions of an engine through the guest's IDT. Stateless. */
final class GuestExceptions implements ExceptionSink {
    @Override
    public void deliver(Cpu cpu, X86Fault fault) {
        ExceptionDelivery.deliver(cpu, fault);
    }

    @Override
    public void debug(Cpu cpu, long conditions) {
        cpu.dr[6] |= conditions;
        ExceptionDelivery.deliver(cpu, cpu.raise(X86Fault.DB));
    }
}
