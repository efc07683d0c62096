// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.boot;

import java.util.List;

/** The kernel's command line. Arguments are whole words (McKernel matches substrings, so that one can hide in another). */
public final class KernelArguments {
    private final String line;
    private final List<String> words;

    public KernelArguments(String line) {
        this.line = line;
        this.words = List.of(line.trim().split("\\s+"));
    }

    /** As IHK passed it. */
    public String line() {
        return line;
    }

    /** True if {@code word} was given. */
    public boolean has(String word) {
        return words.contains(word);
    }

    /** The value of {@code name=value}, or null. */
    public String value(String name) {
        for (String word : words) {
            if (word.startsWith(name + "=")) {
                return word.substring(name.length() + 1);
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return line;
    }
}
