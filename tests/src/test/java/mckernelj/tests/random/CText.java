// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.random;

/** Indented source text. */
final class CText {
    private final StringBuilder text = new StringBuilder();
    private int depth;

    CText line(String line) {
        text.append("    ".repeat(depth)).append(line).append('\n');
        return this;
    }

    /** A line and an opening brace. */
    CText open(String head) {
        line(head.isEmpty() ? "{" : head + " {");
        depth++;
        return this;
    }

    /** After a line that opened a brace in the middle. */
    void indent() {
        depth++;
    }

    CText close() {
        return close("");
    }

    CText close(String tail) {
        depth--;
        return line("}" + tail);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
