// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.hw.asm;

/** A position in the code of one {@link Assembler}; may be used before it is bound. */
public final class Label {
    /** Offset from the start of the code; -1 while not bound. Written by {@link Assembler#bind} only. */
    int offset = -1;

    Label() {}

    boolean bound() {
        return offset >= 0;
    }
}
