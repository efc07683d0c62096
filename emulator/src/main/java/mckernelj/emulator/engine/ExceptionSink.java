// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.X86Fault;

/**
 * Where engines send exceptions; {@code cpu.rip} is already that of the instruction which has to be restarted (or
 * comes next).
 */
public interface ExceptionSink {
    /** Enters the guest's handler. Does not throw: a fault on the way becomes #DF, then shutdown. */
    void deliver(Cpu cpu, X86Fault fault);

    /** #DB before or after an instruction; {@code conditions} are added to DR6. */
    void debug(Cpu cpu, long conditions);
}
