// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.decode;

/** Instruction bytes from some start on. May raise a page fault for bytes on a page that cannot be fetched. */
public interface CodeBytes {
    /** The byte at {@code offset} from the start, 0..255. */
    int at(int offset);
}
