// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.hw;

/** A copy of the general registers (in encoding order), RIP and RFLAGS of a processor. */
public final class CpuContext {
    public final long[] registers = new long[16];
    public long rip;
    public long rflags;
}
