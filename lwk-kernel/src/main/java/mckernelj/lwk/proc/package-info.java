// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * Processes and threads: {@link mckernelj.lwk.proc.Kernel} wires what system calls use, {@link
 * mckernelj.lwk.proc.Process} and {@link mckernelj.lwk.proc.Thread} are the objects, {@link
 * mckernelj.lwk.proc.ProgramLoader}, {@link mckernelj.lwk.proc.Exec}, {@link mckernelj.lwk.proc.Clone} and {@link
 * mckernelj.lwk.proc.Exit} their life, {@link mckernelj.lwk.proc.TrapEntry} the way in.
 */
package mckernelj.lwk.proc;
