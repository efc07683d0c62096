// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * Devices of a PC, as far as bare-metal programs need them: {@link mckernelj.emulator.device.PcChipset} puts them together. They are passive:
 * accesses of processors and events at emulated times move them, and their time is that of the processor which does either.
 */
package mckernelj.emulator.device;
