// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.hw.asm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Growing code bytes and the fix-ups of labels in them. */
final class CodeBuffer {
    /** {@code bytes} at {@code position} receive label + addend, minus the address {@code end} when relative. */
    private record FixUp(int position, int bytes, Label label, int addend, long origin) {}

    private final long baseLinear;
    private final List<FixUp> fixUps = new ArrayList<>();
    private byte[] code = new byte[256];
    private int size;

    CodeBuffer(long baseLinear) {
        this.baseLinear = baseLinear;
    }

    int size() {
        return size;
    }

    void put(int value, int bytes) {
        put((long) value, bytes);
    }

    /** Appends the low {@code bytes} of {@code value}, little-endian. */
    void put(long value, int bytes) {
        if (size + bytes > code.length) {
            code = Arrays.copyOf(code, code.length * 2);
        }
        store(size, value, bytes);
        size += bytes;
    }

    /** Appends a linear address. */
    void putAddress(Label label, int addend, int bytes) {
        putFixUp(label, addend, bytes, 0);
    }

    /** Appends an offset from the start of the code. */
    void putOffset(Label label, int addend, int bytes) {
        putFixUp(label, addend, bytes, baseLinear);
    }

    /** Appends a distance from the end of the instruction, which is {@code trailing} bytes after the field. */
    void putRelative(Label label, int addend, int bytes, int trailing) {
        putFixUp(label, addend, bytes, baseLinear + size + bytes + trailing);
    }

    private void putFixUp(Label label, int addend, int bytes, long origin) {
        fixUps.add(new FixUp(size, bytes, label, addend, origin));
        put(0, bytes);
    }

    private void store(int position, long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            code[position + i] = (byte) (value >> (8 * i));
        }
    }

    long addressOf(Label label) {
        if (!label.bound()) {
            throw new IllegalStateException("label is not bound");
        }
        return baseLinear + label.offset;
    }

    /** Signed or unsigned; a byte is always a signed distance. */
    private static boolean fits(long value, int bits) {
        return bits == 64 || value >> (bits - 1) == 0 || value >> (bits - 1) == -1 || bits > 8 && value >>> bits == 0;
    }

    byte[] finish() {
        for (FixUp fixUp : fixUps) {
            long value = addressOf(fixUp.label) + fixUp.addend - fixUp.origin;
            if (!fits(value, fixUp.bytes * 8)) {
                throw new IllegalStateException("label out of reach: " + Long.toHexString(value));
            }
            store(fixUp.position, value, fixUp.bytes);
        }
        return Arrays.copyOf(code, size);
    }
}
