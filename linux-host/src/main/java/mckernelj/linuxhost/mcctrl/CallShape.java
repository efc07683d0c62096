// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import java.util.ArrayList;
import java.util.List;

/**
 * The memory that one system call touches.
 *
 * @param pointers arguments that name memory
 * @param zeroed bit n: argument n is passed as 0 (signal masks, which the LWK applies itself)
 * @param everything nested pointers: all memory of the process may be touched
 * @param refused would damage the servant; answered with ENOSYS
 */
record CallShape(String name, ArgumentShape[] pointers, int zeroed, boolean everything, boolean refused) {
    /** A call that is in no table. */
    static final CallShape UNKNOWN = new CallShape("?", new ArgumentShape[0], 0, true, false);

    /** Parses {@code name token...} of a line of {@link CallShapes}. */
    static CallShape parse(String[] line, int from) {
        List<ArgumentShape> pointers = new ArrayList<>();
        int zeroed = 0;
        boolean everything = false;
        boolean refused = false;
        for (int i = from + 1; i < line.length; i++) {
            switch (line[i]) {
                case "*" -> everything = true;
                case "!" -> refused = true;
                case "0!", "1!", "2!", "3!", "4!", "5!" -> zeroed |= 1 << line[i].charAt(0) - '0';
                default -> pointers.add(ArgumentShape.parse(line[i]));
            }
        }
        return new CallShape(line[from], pointers.toArray(new ArgumentShape[0]), zeroed, everything, refused);
    }

    /** True if the result is the number of bytes that Linux wrote to the one buffer. */
    boolean resultCountsBytes() {
        ArgumentShape only = pointers.length == 1 ? pointers[0] : null;
        return only != null
                && only.kind() == ArgumentShape.Kind.BYTES
                && only.factor() == 1
                && only.countArgument() >= 0;
    }

    /** True for calls that the table does not list. */
    boolean isUnknown() {
        return name.equals(UNKNOWN.name);
    }

    /** True if the call can go to the servant as it is. */
    boolean plain() {
        return pointers.length == 0 && zeroed == 0 && !everything && !refused;
    }
}
