// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.hw.asm;

/** Segment registers in encoding order, with their override prefixes. */
public enum Sreg {
    ES(0x26),
    CS(0x2E),
    SS(0x36),
    DS(0x3E),
    FS(0x64),
    GS(0x65);

    final int prefix;

    Sreg(int prefix) {
        this.prefix = prefix;
    }
}
