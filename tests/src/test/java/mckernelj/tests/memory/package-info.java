// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** The order of memory accesses and the atomicity of locked ones, seen by programs with several threads. */
package mckernelj.tests.memory;
