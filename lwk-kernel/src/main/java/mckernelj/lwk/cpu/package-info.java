// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * Processors of the LWK: {@link mckernelj.lwk.cpu.CpuLocal}, what one carries for a thread, cross calls and TLB shootdown.
 */
package mckernelj.lwk.cpu;
