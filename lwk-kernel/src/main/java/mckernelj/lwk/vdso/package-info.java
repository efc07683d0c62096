// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * The vDSO: a shared object that the kernel maps into every process, with the clock functions that need no system call.
 */
package mckernelj.lwk.vdso;
