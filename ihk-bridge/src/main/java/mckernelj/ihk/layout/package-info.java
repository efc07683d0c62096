// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * Structures in guest physical memory which Linux and the LWK share, as accessor classes over {@link
 * mckernelj.emulator.hw.PhysicalMemory} at a physical address, and the layout of the address spaces.
 */
package mckernelj.ihk.layout;
