// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import java.lang.invoke.MethodHandles;
import java.util.List;

/** The list of all classes with {@code @Encoding} methods. */
public final class Semantics {
    private Semantics() {}

    /** One class a line, in alphabetical order. */
    public static List<Class<?>> classes() {
        return List.of(
                // keep sorted
                );
    }

    /** Rights to define classes in this package, for the spinner. */
    public static MethodHandles.Lookup lookup() {
        return MethodHandles.lookup();
    }
}
