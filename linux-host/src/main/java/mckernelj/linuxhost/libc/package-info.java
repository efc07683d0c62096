// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** The host's Linux: the only package that uses JNA. All calls return the kernel's result, errors as negative numbers. */
package mckernelj.linuxhost.libc;
