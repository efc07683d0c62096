// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * Threads and run queues: {@link mckernelj.lwk.sched.Scheduler}, {@link mckernelj.lwk.sched.KernelThread}.
 */
package mckernelj.lwk.sched;
