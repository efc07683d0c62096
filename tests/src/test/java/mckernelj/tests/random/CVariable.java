// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.random;

/**
 * Something that has a value.
 *
 * @param size 0 for a scalar; for an array its length, a power of two
 * @param writable whether it may stand on the left
 */
record CVariable(String name, CType type, int size, boolean writable) {
    static CVariable scalar(String name, CType type) {
        return new CVariable(name, type, 0, true);
    }

    static CVariable constant(String name, CType type) {
        return new CVariable(name, type, 0, false);
    }
}
