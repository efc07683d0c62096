// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.layout;

/**
 * One PT_LOAD segment of a program or of its interpreter: memory [vaddr, vaddr + len), of which the first {@code fileSize} bytes come
 * from the file at {@code offset} and the rest is zero. Numbers are checked: see {@link mckernelj.ihk.elf.ElfSegment}.
 *
 * @param vaddr relative to the load base if the file is position-independent
 * @param prot PROT_READ 1, PROT_WRITE 2, PROT_EXEC 4
 * @param interpreter belongs to the ELF interpreter (the second file of the descriptor)
 */
public record LoadSection(long vaddr, long len, long fileSize, long offset, int prot, boolean interpreter) {}
