// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.elf;

import java.nio.charset.StandardCharsets;

/**
 * The first line of a script, "#! interpreter [one argument]", as Linux reads it (binfmt_script.c): the first 256 bytes count. Byte strings:
 * one char per byte.
 *
 * @param argument null if there is none
 */
public record ShebangLine(String interpreter, String argument) {
    /** How many bytes of a file Linux looks at (BINPRM_BUF_SIZE). */
    public static final int HEAD_SIZE = 256;

    /** Returns null if {@code head} is no script. */
    public static ShebangLine parse(byte[] head, int length) throws ProgramLoadException {
        if (length < 2 || head[0] != '#' || head[1] != '!') {
            return null;
        }
        String text = new String(head, 2, Math.min(length, HEAD_SIZE) - 2, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\n');
        boolean cut = end < 0 && length >= HEAD_SIZE;
        String line = strip(end < 0 ? text.replace("\0", "") : text.substring(0, end));
        int space = firstBlank(line);
        if (line.isEmpty() || cut && space < 0) {
            throw new ProgramLoadException(ProgramLoadException.ENOEXEC, "script without an interpreter");
        }
        String rest = space < 0 ? "" : strip(line.substring(space));
        return new ShebangLine(space < 0 ? line : line.substring(0, space), rest.isEmpty() ? null : rest);
    }

    private static int firstBlank(String line) {
        for (int i = 0; i < line.length(); i++) {
            if (isBlank(line.charAt(i))) {
                return i;
            }
        }
        return -1;
    }

    private static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\0';
    }
}
