// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * System calls: {@link mckernelj.lwk.syscall.SyscallTable} says what becomes of each number, {@link
 * mckernelj.lwk.syscall.SyscallDispatch} does it, and one class per handled call unpacks registers, checks, and asks
 * the subsystem that owns the mechanism.
 */
package mckernelj.lwk.syscall;
