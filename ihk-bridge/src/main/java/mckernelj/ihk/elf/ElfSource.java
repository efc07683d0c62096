// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.elf;

/** The bytes of a file that may be an ELF image. */
public interface ElfSource {
    /** Size of the file in bytes. */
    long size();

    /** Reads up to {@code target.length} bytes at {@code offset}; returns how many there were, or a negative errno. */
    int read(long offset, byte[] target);
}
