// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * System calls that Linux executes: {@link mckernelj.lwk.delegation.Delegation}.
 */
package mckernelj.lwk.delegation;
