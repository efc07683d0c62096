// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.random;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A function that may be called.
 *
 * @param name or an expression that has this function as its value
 */
record CFunction(String name, CType result, List<Parameter> parameters) {
    /**
     * A scalar, or with {@code structure} not null that structure by value.
     *
     * @param variables what may be passed for a structure
     */
    record Parameter(CType type, String structure, List<String> variables) {
        String declaration(String name) {
            return (structure == null ? type.toString() : "struct " + structure) + " " + name;
        }
    }

    String declaration(List<String> names) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < parameters.size(); i++) {
            list.append(i == 0 ? "" : ", ").append(parameters.get(i).declaration(names.get(i)));
        }
        return result + " " + name + "(" + (parameters.isEmpty() ? "void" : list) + ")";
    }

    String call(CExpressions expressions) {
        return name
                + parameters.stream()
                        .map(parameter -> argument(parameter, expressions))
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    private static String argument(Parameter parameter, CExpressions expressions) {
        List<String> variables = parameter.variables;
        return parameter.structure == null
                ? expressions.of(parameter.type, 2)
                : variables.get(expressions.random().nextInt(variables.size()));
    }
}
