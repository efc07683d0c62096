// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** seccomp(2): which system calls a thread may make, {@link mckernelj.lwk.seccomp.SeccompFilter}. */
package mckernelj.lwk.seccomp;
