// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

/** An array of {@link mckernelj.emulator.cpu.Cpu} whose elements become local variables. */
enum RegisterFile {
    /** General registers; the constants behind them are no variables. */
    GENERAL("r", 16),
    /** Two longs a register, and the staging register. */
    XMM("xmm", 34),
    /** Bits 255:128, two longs a register. */
    YMM_HIGH("ymmHigh", 32);

    final String field;
    final int length;

    RegisterFile(String field, int length) {
        this.field = field;
        this.length = length;
    }

    static RegisterFile ofField(String name) {
        for (RegisterFile file : values()) {
            if (file.field.equals(name)) {
                return file;
            }
        }
        return null;
    }
}
