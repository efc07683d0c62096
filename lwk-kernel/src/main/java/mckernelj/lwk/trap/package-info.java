// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * From machine code into the Java kernel and back: {@link mckernelj.lwk.trap.Gate}. Read it with
 * {@code mckernelj.lwk.image.KernelCode}, its other half.
 */
package mckernelj.lwk.trap;
