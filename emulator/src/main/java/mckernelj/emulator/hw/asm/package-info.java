// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * A small x86-64 assembler for the machine code that kernels, IHK and proxies need: entry stubs, trampolines, tiny
 * programs. {@link mckernelj.emulator.hw.asm.Assembler} has one method per instruction; operands are
 * {@link mckernelj.emulator.hw.asm.Reg}, {@link mckernelj.emulator.hw.asm.Mem} and
 * {@link mckernelj.emulator.hw.asm.Label}.
 */
package mckernelj.emulator.hw.asm;
