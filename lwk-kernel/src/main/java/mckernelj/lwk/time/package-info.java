// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * Clock and timers on the TSC: {@link mckernelj.lwk.time.KernelClock}, {@link mckernelj.lwk.time.TimerQueue}.
 */
package mckernelj.lwk.time;
