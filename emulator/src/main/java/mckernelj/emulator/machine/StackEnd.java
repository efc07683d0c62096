// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

/** Unwinds the host stack of a kernel stack that ends: exitTo, discard, INIT of its processor, close of the machine. */
@SuppressWarnings("serial") // never serialised
final class StackEnd extends Error {
    static final StackEnd INSTANCE = new StackEnd();

    private StackEnd() {
        super(null, null, false, false);
    }
}
