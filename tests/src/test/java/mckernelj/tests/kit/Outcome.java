// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How a program ended: its status as a shell sees it (128 + signal if it was killed) and all that it wrote, byte for byte. Two outcomes are
 * equal if nobody outside could tell the runs apart.
 */
public final class Outcome {
    private static final int SHOWN_BYTES = 3000;

    private final int status;
    private final byte[] output;
    private final byte[] error;

    Outcome(int status, byte[] output, byte[] error) {
        this.status = status;
        this.output = output;
        this.error = error;
    }

    public int status() {
        return status;
    }

    public byte[] outputBytes() {
        return output.clone();
    }

    public String output() {
        return text(output);
    }

    public String error() {
        return text(error);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Outcome that
                && status == that.status
                && Arrays.equals(output, that.output)
                && Arrays.equals(error, that.error);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * status + Arrays.hashCode(output)) + Arrays.hashCode(error);
    }

    @Override
    public String toString() {
        return "status " + status + "\n--- output " + shown(output) + "\n--- error " + shown(error) + "\n---";
    }

    /** Long texts are cut; their hash shows whether the rest is the same. */
    private static String shown(byte[] bytes) {
        String head = text(Arrays.copyOf(bytes, Math.min(bytes.length, SHOWN_BYTES)));
        return "(" + bytes.length + " bytes, hash " + Integer.toHexString(Arrays.hashCode(bytes)) + ")\n" + head;
    }
}
