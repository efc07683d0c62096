// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * The hardware as software sees it: everything that a kernel, IHK or the Linux partition may know of the machine.
 * Read {@link mckernelj.emulator.hw.Machine}, then {@link mckernelj.emulator.hw.LogicalCpu} and
 * {@link mckernelj.emulator.hw.KernelStack}. No other package of the emulator may be imported from outside (the node's
 * assembly, which builds the machine, excepted).
 */
package mckernelj.emulator.hw;
