// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.procfs;

/**
 * What a read of a file gives.
 *
 * @param error 0 or a negative errno; then there are no bytes
 */
record Piece(byte[] bytes, long error) {
    static final Piece END = new Piece(new byte[0], 0);

    static Piece of(byte[] bytes) {
        return new Piece(bytes, 0);
    }

    static Piece failed(int errno) {
        return new Piece(END.bytes, -errno);
    }
}
