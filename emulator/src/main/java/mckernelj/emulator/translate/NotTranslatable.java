// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

/** The evaluator cannot see through this code: the instruction is executed by the interpreter's method. */
@SuppressWarnings("serial") // never serialised
final class NotTranslatable extends Exception {
    NotTranslatable(String why) {
        super(why, null, false, false);
    }
}
