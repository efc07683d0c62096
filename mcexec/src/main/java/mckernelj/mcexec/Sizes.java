// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.mcexec;

/** Sizes and sets as mcexec's options and variables spell them. */
final class Sizes {
    private Sizes() {}

    /** Decimal number with an optional k, m or g; -1 if it is none. */
    static long parse(String text) {
        int shift = text.isEmpty()
                ? 0
                : switch (text.charAt(text.length() - 1)) {
                    case 'k', 'K' -> 10;
                    case 'm', 'M' -> 20;
                    case 'g', 'G' -> 30;
                    default -> 0;
                };
        String digits = shift == 0 ? text : text.substring(0, text.length() - 1);
        if (digits.isEmpty() || digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        long value = Long.parseLong(digits);
        return value > Long.MAX_VALUE >> shift ? -1 : value << shift;
    }

    /** A node string of numactl ({@code 0-1,3}, {@code all}) as a mask; 0 if it is none or names a node that is not there. */
    static long nodes(String text, int nodeCount) {
        if (text.equals("all")) {
            return (1L << nodeCount) - 1;
        }
        long mask = 0;
        for (String part : text.split(",", -1)) {
            int dash = part.indexOf('-');
            int first = number(dash < 0 ? part : part.substring(0, dash));
            int last = number(dash < 0 ? part : part.substring(dash + 1));
            if (first < 0 || last < first || last >= nodeCount) {
                return 0;
            }
            mask |= (2L << last) - (1L << first);
        }
        return mask;
    }

    /** Decimal int, or -1. */
    static int number(String text) {
        boolean digits = !text.isEmpty() && text.length() < 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Integer.parseInt(text) : -1;
    }
}
