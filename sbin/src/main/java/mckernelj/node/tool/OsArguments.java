// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node.tool;

import java.util.List;
import java.util.Locale;

/** Words that ihkconfig and ihkosctl share: {@code cpu|mem <list>}, indices. */
final class OsArguments {
    private OsArguments() {}

    static int index(String word) throws ToolFailure {
        try {
            return Integer.parseUnsignedInt(word);
        } catch (NumberFormatException e) {
            throw new ToolFailure(Toolbox.FAILURE, "error: '" + word + "' is not the number of an OS instance");
        }
    }

    static boolean isCpu(List<String> rest) throws ToolFailure {
        String what = rest.isEmpty() ? "" : rest.get(0);
        if (!what.equals("cpu") && !what.equals("mem")) {
            throw new ToolFailure(Toolbox.FAILURE, "error: '" + what + "' is neither cpu nor mem");
        }
        return what.equals("cpu");
    }

    static String list(List<String> rest) throws ToolFailure {
        if (rest.size() < 2) {
            throw new ToolFailure(
                    Toolbox.FAILURE, "error: a list of " + (isCpu(rest) ? "CPUs" : "memory") + " is missing");
        }
        return rest.get(1);
    }

    static boolean isAll(List<String> rest) {
        return rest.size() > 1 && rest.get(1).toLowerCase(Locale.ROOT).equals("all");
    }
}
