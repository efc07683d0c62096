// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * The kernel log: {@link mckernelj.lwk.kmsg.KernelLog}.
 */
package mckernelj.lwk.kmsg;
