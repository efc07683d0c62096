// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * ELF files, byte level, no I/O: what the loader must know of a program, checked so that nothing hostile passes. Start with
 * {@link mckernelj.ihk.elf.ElfImage}.
 */
package mckernelj.ihk.elf;
