// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * Physical memory: {@link mckernelj.lwk.phys.PageAllocator}.
 */
package mckernelj.lwk.phys;
