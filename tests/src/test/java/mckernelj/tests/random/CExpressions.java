// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes expressions of a wanted type from what is in scope. None has undefined behaviour, whatever the values are. */
final class CExpressions {
    private static final List<String> COMPARISONS = List.of("<", "<=", ">", ">=", "==", "!=");
    private static final List<String> INTERESTING =
            List.of("0", "1", "2", "7", "-1", "127", "128", "255", "32767", "65535", "0x7FFFFFFF", "0x80000000u");
    private static final List<String> NUMBERS = List.of(
            "0.0", "-0.0", "1.0", "0.5", "-3.25", "1e10", "1.0000001", "3.4e38", "1e-40", "65535.5", "0.1", "-1e-310");

    private final Random random;
    private final List<CVariable> scope = new ArrayList<>();

    CExpressions(Random random) {
        this.random = random;
    }

    Random random() {
        return random;
    }

    void declare(CVariable variable) {
        scope.add(variable);
    }

    /** For {@link #leave}: forgets what is declared from now on. */
    int enter() {
        return scope.size();
    }

    void leave(int mark) {
        scope.subList(mark, scope.size()).clear();
    }

    private String pick(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** A variable that may be assigned to. */
    CVariable target() {
        while (true) {
            CVariable variable = scope.get(random.nextInt(scope.size()));
            if (variable.writable()) {
                return variable;
            }
        }
    }

    /** The variable, or an element of the array. */
    String access(CVariable variable, int depth) {
        return variable.size() == 0
                ? variable.name()
                : variable.name() + "[" + integer(CType.U32, depth) + " & " + (variable.size() - 1) + "]";
    }

    String of(CType type, int depth) {
        return type.isFloating() ? floating(type, depth) : integer(type, depth);
    }

    /** 0 or 1. */
    String condition(int depth) {
        CType type = CType.any(random);
        return "(" + of(type, depth) + " " + pick(COMPARISONS) + " " + of(type, depth) + ")";
    }

    private String leaf(CType type) {
        if (random.nextInt(4) == 0) {
            return constant(type);
        }
        CVariable variable = scope.get(random.nextInt(scope.size()));
        return convert(access(variable, 0), variable.type(), type);
    }

    private String constant(CType type) {
        if (type.isFloating()) {
            return "(" + type + ")" + pick(NUMBERS) + (type == CType.F80 ? "L" : "");
        }
        return random.nextBoolean()
                ? "(" + type + ")" + pick(INTERESTING)
                : "(" + type + ")0x" + Long.toHexString(random.nextLong() >>> random.nextInt(64)) + "u";
    }

    static String convert(String text, CType from, CType to) {
        return from.isFloating() && !to.isFloating()
                ? to + "_of_" + from + "(" + text + ")"
                : "(" + to + ")(" + text + ")";
    }

    private String integer(CType type, int depth) {
        if (depth <= 0) {
            return leaf(type);
        }
        String u = type.wide();
        int less = depth - 1;
        return switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5 ->
                wrapped(type, integer(type, less), pick(List.of("+", "-", "*")), integer(type, less));
            case 6, 7 -> wrapped(type, integer(type, less), pick(List.of("&", "|", "^")), integer(type, less));
            case 8 -> call(pick(List.of("div_", "rem_")) + type, integer(type, less), integer(type, less));
            case 9 -> call(pick(List.of("shl_", "shr_")) + type, integer(type, less), integer(CType.U32, less));
            case 10 ->
                call(
                        pick(List.of("min_", "max_", "avg_", "sat_", "mulo_", "subo_")) + type,
                        integer(type, less),
                        integer(type, less));
            case 11 -> call("abs_" + type, integer(type, less));
            case 12 -> "(" + type + ")" + pick(List.of("~", "-", "!")) + "(" + u + ")" + integer(type, less);
            case 13 -> "(" + condition(less) + " ? " + integer(type, less) + " : " + integer(type, less) + ")";
            case 14 ->
                "(" + type + ")(" + condition(less) + pick(List.of(" && ", " || ", " + ")) + condition(less) + ")";
            case 15 -> "(" + type + ")" + call("bits_of", integer(CType.U64, less), integer(CType.I32, less - 1));
            case 16 -> "(" + type + ")" + call("swap_of", integer(CType.U64, less), integer(CType.I32, less - 1));
            case 17 -> wrapped(type, integer(type, less), pick(List.of("*", "+", "-")), constant(type));
            case 18 -> dividedByConstant(type, less);
            default -> converted(type, less);
        };
    }

    /** Compilers turn it into multiplications. */
    private String dividedByConstant(CType type, int depth) {
        String divisor = Integer.toString(2 + random.nextInt(random.nextBoolean() ? 10 : 120));
        return "(" + type + ")(" + integer(type, depth) + pick(List.of(" / ", " % ")) + "(" + type + ")" + divisor
                + ")";
    }

    private static String wrapped(CType type, String left, String operator, String right) {
        String u = type.wide();
        return "(" + type + ")((" + u + ")" + left + " " + operator + " (" + u + ")" + right + ")";
    }

    private String converted(CType type, int depth) {
        CType other = CType.any(random);
        return convert(of(other, depth), other, type);
    }

    private String floating(CType type, int depth) {
        if (depth <= 0) {
            return leaf(type);
        }
        int less = depth - 1;
        return switch (random.nextInt(14)) {
            case 0, 1, 2, 3, 4, 5 ->
                "(" + floating(type, less) + " " + pick(List.of("+", "-", "*", "/")) + " " + floating(type, less) + ")";
            case 6 -> "(" + condition(less) + " ? " + floating(type, less) + " : " + floating(type, less) + ")";
            case 7 -> call(pick(List.of("root_", "keep_")) + type, floating(type, less));
            case 8 -> call(pick(List.of("min_", "max_")) + type, floating(type, less), floating(type, less));
            case 9 -> call(pick(List.of("parts_", "round_")) + type, floating(type, less), integer(CType.I32, less));
            case 10 -> call("modulo_" + type, floating(type, less), floating(type, less), integer(CType.I16, less));
            case 11 -> "-(" + floating(type, less) + ")";
            case 12 -> "(" + type + ")" + call("class_" + type, floating(type, less));
            default -> converted(type, less);
        };
    }

    private static String call(String function, String... arguments) {
        return function + "(" + String.join(", ", arguments) + ")";
    }

    /** Only what a compiler can do for many elements at once; the leaves are these, of this type. */
    String elementwise(CType type, List<String> leaves, int depth) {
        if (depth <= 0) {
            return random.nextInt(5) == 0 ? constant(type) : pick(leaves);
        }
        String left = elementwise(type, leaves, depth - 1);
        String right = elementwise(type, leaves, depth - 1);
        String choice = "(" + left + " " + pick(COMPARISONS) + " " + right + " ? " + pick(leaves) + " : " + right + ")";
        if (type.isFloating()) {
            return switch (random.nextInt(6)) {
                case 0 -> choice;
                case 1 -> call("root_" + type, left);
                case 2 -> call(pick(List.of("min_", "max_")) + type, left, right);
                default -> "(" + left + pick(List.of(" + ", " - ", " * ", " / ")) + right + ")";
            };
        }
        int shift = random.nextInt(type.bits());
        return switch (random.nextInt(8)) {
            case 0 -> choice;
            case 1 -> call(pick(List.of("shl_", "shr_")) + type, left, Integer.toString(shift));
            case 2 -> call(pick(List.of("min_", "max_", "avg_", "sat_")) + type, left, right);
            case 3 -> call("abs_" + type, left);
            case 4 -> call(pick(List.of("shl_", "shr_")) + type, left, "(u32)" + pick(leaves));
            case 5 -> "(" + type + ")(" + left + " / (" + type + ")" + (3 + random.nextInt(90)) + ")";
            default -> wrapped(type, left, pick(List.of("+", "-", "*", "&", "|", "^")), right);
        };
    }
}
