// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

import mckernelj.lwk.sched.KernelThread;

/** Tells Linux whether a signalfd is readable, without waiting. Of two changes that overtake each other the one with the larger number counts. */
@FunctionalInterface
public interface SignalFileWriter {
    void show(KernelThread self, int pid, long handle, boolean readable, long number);
}
