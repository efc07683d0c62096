// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.apic;

/** A processor as receiver of interprocessor interrupts. Called on the sender's host thread. */
public interface IpiTarget {
    LocalApic apic();

    /** Fixed or lowest-priority delivery. {@code from} is the sender's APIC identifier. */
    void interrupt(int vector, int from);

    void nmi(int from);

    /** A message of an I/O APIC; {@code mode} is its delivery mode. Called on the host thread of any processor, or another one. */
    void message(int mode, int vector, boolean level);

    void init(int from);

    /** SIPI: start at {@code vector << 12}; ignored unless the processor waits for it. */
    void startup(int vector, int from);
}
