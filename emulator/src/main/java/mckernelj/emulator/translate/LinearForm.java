// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

import java.util.Map;
import java.util.TreeMap;

/**
 * A long as a sum of multiples of what local variables held at the start of a block.
 *
 * @param factors by local variable, none of them 0
 */
record LinearForm(Map<Integer, Long> factors, long constant) {
    static LinearForm of(long constant) {
        return new LinearForm(Map.of(), constant);
    }

    static LinearForm ofLocal(int local) {
        return new LinearForm(Map.of(local, 1L), 0);
    }

    boolean isConstant() {
        return factors.isEmpty();
    }

    LinearForm plus(LinearForm other) {
        Map<Integer, Long> sum = new TreeMap<>(factors);
        other.factors.forEach((local, factor) -> sum.merge(local, factor, Long::sum));
        sum.values().removeIf(factor -> factor == 0);
        return new LinearForm(sum, constant + other.constant);
    }

    LinearForm times(long factor) {
        if (factor == 0) {
            return of(0);
        }
        Map<Integer, Long> product = new TreeMap<>();
        factors.forEach((local, old) -> product.put(local, old * factor));
        product.values().removeIf(value -> value == 0);
        return new LinearForm(product, constant * factor);
    }

    /** Null unless it is the local variable plus a constant: that constant. */
    Long distanceFrom(int local) {
        return factors.size() == 1 && factors.getOrDefault(local, 0L) == 1 ? (Long) constant : null;
    }
}
