// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.procfs;

import java.util.Locale;
import mckernelj.lwk.proc.Rlimits;

/** /proc/PID/limits: Linux' text, whose lines are in the order of the resources' numbers, with the limits that the LWK keeps. */
final class LimitsFile {
    /** Width of the name, and of a limit. */
    private static final int NAME = 25;

    private static final int LIMIT = 20;

    private LimitsFile() {}

    static String limits(Rlimits limits, String linux) {
        if (linux == null) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        String[] lines = linux.split("\n");
        text.append(lines[0]).append('\n');
        for (int i = 1; i < lines.length; i++) {
            text.append(i <= Rlimits.COUNT ? line(limits, i - 1, lines[i]) : lines[i])
                    .append('\n');
        }
        return text.toString();
    }

    private static String line(Rlimits limits, int resource, String linux) {
        int units = NAME + 1 + LIMIT + 1 + LIMIT + 1;
        return linux.length() < units
                ? linux
                : String.format(
                        Locale.ROOT,
                        "%-25s %-20s %-20s %s",
                        linux.substring(0, NAME).trim(),
                        limit(limits.soft(resource)),
                        limit(limits.hard(resource)),
                        linux.substring(units));
    }

    private static String limit(long value) {
        return value == -1 ? "unlimited" : Long.toUnsignedString(value);
    }
}
