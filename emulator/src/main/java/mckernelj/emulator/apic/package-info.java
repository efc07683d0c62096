// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** The local APIC of each processor (SDM vol. 3, chapter 11) and the routing of interprocessor interrupts. */
package mckernelj.emulator.apic;
