// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** Physical memory: RAM backed by one block of host memory, and where it lies in the physical address space. */
package mckernelj.emulator.memory;
