// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * From IHK to the LWK's first instruction: the kernel image ({@link mckernelj.ihk.boot.KernelImage}), the trampoline of
 * every processor's start ({@link mckernelj.ihk.boot.Trampoline}), page tables and stub of the bootstrap processor.
 */
package mckernelj.ihk.boot;
