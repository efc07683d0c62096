// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** Futexes: {@link mckernelj.lwk.futex.FutexTable}. */
package mckernelj.lwk.futex;
