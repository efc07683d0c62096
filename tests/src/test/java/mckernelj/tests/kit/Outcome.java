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
    private static final int SHOWN_BYTES = 500;
    private static final int SHOWN_LINES = 10;

    private final int status;
    private final byte[] output;
    private final byte[] error;
    private final boolean killedByUs;

    Outcome(int status, byte[] output, byte[] error, boolean killedByUs) {
        this.status = status;
        this.output = output;
        this.error = error;
        this.killedByUs = killedByUs;
    }

    /** Whether it did not end by itself. */
    public boolean wasKilledByUs() {
        return killedByUs;
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

    /** The first lines that are not as expected, for people. */
    public String differenceFrom(Outcome expected) {
        StringBuilder text = new StringBuilder();
        if (status != expected.status) {
            text.append("status ")
                    .append(status)
                    .append(" instead of ")
                    .append(expected.status)
                    .append('\n');
        }
        describe(text, "output", text(output), text(expected.output));
        describe(text, "error", text(error), text(expected.error));
        return text.toString();
    }

    private static void describe(StringBuilder text, String stream, String actual, String expected) {
        String[] is = actual.split("\n", -1);
        String[] should = expected.split("\n", -1);
        int shown = 0;
        for (int line = 0; line < Math.max(is.length, should.length) && shown < SHOWN_LINES; line++) {
            String one = line < is.length ? is[line] : "(nothing)";
            String other = line < should.length ? should[line] : "(nothing)";
            if (!one.equals(other)) {
                text.append(stream).append(" line ").append(line + 1).append('\n');
                text.append("  is     ")
                        .append(cut(one))
                        .append("\n  should ")
                        .append(cut(other))
                        .append('\n');
                shown++;
            }
        }
    }

    private static String cut(String line) {
        return line.length() <= SHOWN_BYTES ? line : line.substring(0, SHOWN_BYTES) + "...";
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
