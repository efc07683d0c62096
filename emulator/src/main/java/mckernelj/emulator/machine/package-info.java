// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * The machine put together: {@link mckernelj.emulator.machine.MachineConfig} says what it is, {@link
 * mckernelj.emulator.machine.X86Machine} builds it, a {@link mckernelj.emulator.machine.Core} is one processor, a
 * {@link mckernelj.emulator.machine.HostStack} one kernel stack. Processors run in parallel ({@link
 * mckernelj.emulator.machine.ParallelCore}) or take turns in emulated time ({@link
 * mckernelj.emulator.machine.TurnCore}).
 */
package mckernelj.emulator.machine;
