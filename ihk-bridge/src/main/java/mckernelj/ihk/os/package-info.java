// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** Numbers of the platform that both kernels know: interrupt vectors, gate ports, OS states. */
package mckernelj.ihk.os;
