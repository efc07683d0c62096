// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

import mckernelj.lwk.sched.KernelThread;

/** Makes a signal readable at a signalfd, without waiting. */
@FunctionalInterface
public interface SignalFileWriter {
    void write(KernelThread self, int pid, long handle, SigInfo info);
}
