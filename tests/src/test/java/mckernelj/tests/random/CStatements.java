// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.random;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes statements. All loops have constant bounds; calls are bounded by the callee's {@code fuel}. */
final class CStatements {
    private static final int DEPTH = 3;
    private static final int MOST_NESTED = 3;

    private final Random random;
    private final CExpressions expressions;
    private final CText text;
    private final List<CFunction> functions;
    private int names;

    CStatements(CExpressions expressions, CText text, List<CFunction> functions) {
        this.random = expressions.random();
        this.expressions = expressions;
        this.text = text;
        this.functions = functions;
    }

    void block(int count, int nesting) {
        int mark = expressions.enter();
        for (int i = 0; i < count; i++) {
            statement(nesting);
        }
        expressions.leave(mark);
    }

    private String name(String prefix) {
        return prefix + names++;
    }

    private void statement(int nesting) {
        boolean deep = nesting >= MOST_NESTED;
        switch (random.nextInt(deep ? 8 : 18)) {
            case 0, 1, 2 -> assign();
            case 3 -> compound();
            case 4 -> declare();
            case 5 -> call(nesting);
            case 6 -> step();
            case 7 -> idiom();
            case 8, 9 -> branch(nesting);
            case 10, 11 -> count(nesting);
            case 12 -> repeat(nesting);
            case 13 -> choose(nesting);
            case 14, 15 -> map();
            case 16 -> reduce();
            default -> vectors();
        }
    }

    private void assign() {
        CVariable target = expressions.target();
        String value = expressions.of(target.type(), DEPTH);
        if (target.type().isFloating() && random.nextInt(4) > 0) {
            value = "keep_" + target.type() + "(" + value + ")";
        }
        text.line(expressions.access(target, 1) + " = " + value + ";");
    }

    private void compound() {
        CVariable target = expressions.target();
        CType type = target.type();
        String operator = List.of("+=", "-=", "*=").get(random.nextInt(3));
        if (type.isFloating()) {
            text.line(expressions.access(target, 1) + " " + operator + " " + expressions.of(type, 2) + ";");
        } else if (!type.isSigned() && type.bits() >= 32) {
            // assignments to narrow ones are computed in int, where a product may overflow
            text.line(expressions.access(target, 1) + " " + operator + " " + expressions.of(type, 2) + ";");
        } else {
            text.line(expressions.access(target, 1) + " ^= " + expressions.of(type, 2) + ";");
        }
    }

    private void step() {
        CVariable target = expressions.target();
        if (target.type().isSigned()
                && !target.type().isFloating()
                && target.type().bits() >= 32) {
            assign();
        } else {
            text.line(expressions.access(target, 1) + (random.nextBoolean() ? "++;" : "--;"));
        }
    }

    private void declare() {
        CType type = CType.any(random);
        String name = name("local");
        String kind = List.of("", "", "", "static ", "volatile ").get(random.nextInt(5));
        if (kind.equals("static ")) {
            text.line("static " + type + " " + name + " = 3;");
        } else if (random.nextInt(3) == 0) {
            int size = 4 << random.nextInt(3);
            text.line(kind + type + " " + name + "[" + size + "] = {" + expressions.of(type, 2) + ", "
                    + expressions.of(type, 1) + "};");
            expressions.declare(new CVariable(name, type, size, true));
            return;
        } else {
            text.line(kind + type + " " + name + " = " + expressions.of(type, 2) + ";");
        }
        expressions.declare(CVariable.scalar(name, type));
    }

    private void call(int nesting) {
        if (functions.isEmpty() || nesting > 2) {
            assign();
            return;
        }
        CFunction function = functions.get(random.nextInt(functions.size()));
        CVariable target = expressions.target();
        text.line(expressions.access(target, 1) + " = "
                + CExpressions.convert(function.call(expressions), function.result(), target.type()) + ";");
    }

    private void idiom() {
        String x = expressions.of(CType.U64, 2);
        switch (random.nextInt(12)) {
            case 0 -> mix("strings(" + x + ")");
            case 1 -> mix("leap(" + x + ")");
            case 2 -> mix("sorted(" + x + ", " + expressions.of(CType.I32, 1) + ")");
            case 3 -> mix("text(" + x + ", " + arguments(CType.F64, CType.F80) + ")");
            case 4 -> mixBytes("f32", "elementary(" + arguments(CType.F80, CType.I32) + ")", Float.BYTES);
            case 5 -> mix("atomics(" + x + ")");
            case 6 -> mix("machine(" + x + ")");
            case 7 -> mix("recursion(" + x + " & 1, " + arguments(CType.U64) + " & 7)");
            case 8 ->
                mixBytes(
                        "f64",
                        "complexes(" + arguments(CType.F64, CType.F64, CType.F64, CType.F64) + ")",
                        Double.BYTES);
            default -> mix(variadic());
        }
    }

    private void mix(String value) {
        text.line("mix(" + value + ");");
    }

    private void mixBytes(String type, String value, int bytes) {
        text.open("")
                .line(type + " value = " + value + ";")
                .line("mix_bytes(&value, " + bytes + ");")
                .close();
    }

    private String arguments(CType... types) {
        return Stream.of(types).map(type -> expressions.of(type, 2)).collect(Collectors.joining(", "));
    }

    private String variadic() {
        StringBuilder letters = new StringBuilder();
        StringBuilder arguments = new StringBuilder();
        for (int i = random.nextInt(14); i >= 0; i--) {
            int which = random.nextInt(6);
            letters.append("ildesq".charAt(which));
            arguments
                    .append(", ")
                    .append(
                            switch (which) {
                                case 0 -> "(int)" + expressions.of(CType.I32, 1);
                                case 1 -> expressions.of(CType.U64, 1);
                                case 2 -> expressions.of(CType.F64, 1);
                                case 3 -> expressions.of(CType.F80, 1);
                                case 4 -> "\"" + "word".repeat(random.nextInt(9)) + "\"";
                                default -> expressions.of(CType.U128, 1);
                            });
        }
        return "variadic(\"" + letters + "\"" + arguments + ")";
    }

    private void branch(int nesting) {
        text.open("if (" + expressions.condition(2) + ")");
        block(1 + random.nextInt(3), nesting + 1);
        if (random.nextBoolean()) {
            text.close(" else {");
            text.indent();
            block(1 + random.nextInt(2), nesting + 1);
        }
        text.close();
    }

    private void count(int nesting) {
        String i = name("loop");
        CType type = random.nextBoolean() ? CType.I32 : CType.integer(random);
        int trips = 2 + random.nextInt(8);
        boolean down = random.nextInt(4) == 0;
        text.open(
                down
                        ? "for (" + type + " " + i + " = " + trips + "; " + i + " > 0; " + i + "--)"
                        : "for (" + type + " " + i + " = 0; " + i + " < " + trips + "; " + i + "++)");
        int mark = expressions.enter();
        expressions.declare(CVariable.constant(i, type));
        if (random.nextInt(3) == 0) {
            text.line("if (" + expressions.condition(1) + ") " + (random.nextBoolean() ? "continue;" : "break;"));
        }
        block(1 + random.nextInt(3), nesting + 1);
        expressions.leave(mark);
        text.close();
    }

    private void repeat(int nesting) {
        String n = name("left");
        text.line("int " + n + " = " + (1 + random.nextInt(6)) + ";");
        boolean atEnd = random.nextBoolean();
        text.open(atEnd ? "do" : "while (" + n + "-- > 0 && " + expressions.condition(1) + ")");
        block(1 + random.nextInt(2), nesting + 1);
        text.close(atEnd ? " while (--" + n + " > 0);" : "");
    }

    private void choose(int nesting) {
        int cases = 3 + random.nextInt(8);
        boolean sparse = random.nextInt(3) == 0;
        text.open("switch (" + expressions.of(CType.U32, 2) + " % " + (sparse ? 100 : cases + 2) + ")");
        for (int i = 0; i < cases; i++) {
            text.line("case " + (sparse ? i * 9 : i) + ":");
            text.open("");
            block(1, nesting + 1);
            text.close();
            if (random.nextInt(4) > 0) {
                text.line("break;");
            }
        }
        text.line("default:");
        assign();
        text.close();
    }

    /** A loop over whole arrays that compilers vectorise. */
    private void map() {
        CType type = CType.vectorizable(random);
        CType from = CType.vectorizable(random);
        CType to = CType.vectorizable(random);
        int length = List.of(7, 16, 33, 64).get(random.nextInt(4));
        String a = name("array");
        text.open("");
        fill(type, a, length);
        fill(from, a + "b", length);
        text.line(to + " " + a + "r[64];");
        String e = expressions.elementwise(
                type, List.of(a + "[i]", CExpressions.convert(a + "b[i]", from, type), a + "k"), 3);
        text.line("const " + type + " " + a + "k = " + expressions.of(type, 1) + ";");
        int stride = random.nextInt(4) == 0 ? 2 : 1;
        text.open("for (int i = 0; i < " + length + "; i += " + stride + ")");
        text.line(a + "r[i] = " + CExpressions.convert(e, type, to) + ";");
        text.close();
        text.open("for (int i = 0; i < " + length + "; i += " + stride + ")");
        text.line("mix_bytes(&" + a + "r[i], " + (to.bits() / 8) + ");");
        text.close();
        text.close();
    }

    private void fill(CType type, String name, int length) {
        String seed = expressions.of(CType.U64, 1);
        text.line(type + " " + name + "[64];");
        text.line("u64 " + name + "s = " + seed + ";");
        text.open("for (int i = 0; i < " + length + "; i++)");
        text.line(name + "s = " + name + "s * 6364136223846793005 + 1442695040888963407;");
        text.line(name + "[i] = (" + type + ")(i64)(" + name + "s >> " + random.nextInt(56) + ")"
                + (type.isFloating() && random.nextBoolean() ? " / 1024;" : ";"));
        text.close();
    }

    private void reduce() {
        CType type = CType.vectorizable(random);
        CType total = type.isFloating() ? type : CType.values()[CType.U8.ordinal() + 2 * random.nextInt(4)];
        int length = List.of(5, 16, 31, 64).get(random.nextInt(4));
        String a = name("array");
        text.open("");
        fill(type, a, length);
        fill(type, a + "b", length);
        text.line(total + " " + a + "t = 0;");
        String e = expressions.elementwise(type, List.of(a + "[i]", a + "b[i]"), 2);
        text.open("for (int i = 0; i < " + length + "; i++)");
        String term = CExpressions.convert(e, type, total);
        switch (random.nextInt(4)) {
            case 0 -> text.line(a + "t = max_" + total + "(" + a + "t, " + term + ");");
            case 1 -> text.line("if (" + a + "[i] > " + a + "b[i]) " + a + "t += 1;");
            case 2 -> text.line(a + "t " + (total.isFloating() ? "-" : "^") + "= " + term + ";");
            default -> text.line(a + "t += " + term + ";");
        }
        text.close();
        text.line("mix_bytes(&" + a + "t, sizeof " + a + "t);");
        text.close();
    }

    /** The compiler's own vectors: every operation is one instruction, or some. */
    private void vectors() {
        CType type = CType.vectorizable(random);
        int bytes = List.of(8, 16, 16, 32).get(random.nextInt(4));
        int elements = bytes / type.bytes();
        String a = name("lanes");
        text.open("");
        fill(type, a, 64);
        String vector = a + "v";
        text.line("typedef " + type + " " + vector + " __attribute__((vector_size(" + bytes + ")));");
        text.line("typedef i" + type.bits() + " " + a + "m __attribute__((vector_size(" + bytes + ")));");
        text.line("typedef u" + type.bits() + " " + a + "u __attribute__((vector_size(" + bytes + ")));");
        text.line(vector + " x, y, z;");
        for (int i = 0; i < 3; i++) {
            text.line("memcpy(&" + "xyz".charAt(i) + ", " + a + " + " + random.nextInt(16) + ", sizeof x);");
        }
        for (int i = 0; i < 6; i++) {
            text.line(vectorStatement(type, a, elements));
        }
        text.line(type.isFloating() ? "x += y - z;" : "x ^= y & z;");
        text.line("mix_bytes(&x, sizeof x);");
        text.close();
    }

    private String vectorStatement(CType type, String a, int elements) {
        String to = "xyz".charAt(random.nextInt(3)) + " = ";
        String mask = "(" + a + "m)";
        String bits = "(" + a + "u)";
        return switch (random.nextInt(7)) {
            case 0 -> to + "__builtin_shuffle(x, y, " + mask + "{" + indices(elements) + "});";
            case 1 ->
                to + "(" + a + "v)((" + mask + "y & " + mask + "(x > z)) | (" + mask + "z & ~" + mask + "(x > z)));";
            case 2 -> to + "(" + a + "v)(" + bits + "(x == y) ^ " + bits + "z);";
            case 3 -> to + (type.isFloating() ? "x / y" : "x >> " + random.nextInt(type.bits())) + ";";
            case 4 ->
                to
                        + (type.isFloating()
                                ? "y * z"
                                : "(" + a + "v)(" + bits + "z << " + random.nextInt(type.bits()) + ")")
                        + ";";
            default -> {
                String operator = List.of("+", "-", "*").get(random.nextInt(3));
                yield type.isFloating()
                        ? to + "x " + operator + " y;"
                        : to + "(" + a + "v)(" + bits + "x " + operator + " " + bits
                                + (random.nextBoolean() ? "y);" : "z);");
            }
        };
    }

    private String indices(int elements) {
        return IntStream.range(0, elements)
                .mapToObj(i -> Integer.toString(random.nextInt(2 * elements)))
                .collect(Collectors.joining(", "));
    }
}
