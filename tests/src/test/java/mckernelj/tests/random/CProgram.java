// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A random C program: global variables, structures, functions that change them and call each other, and a main function that prints checksums
 * of everything after each round. The same seed makes the same program. It has no input, no undefined behaviour, and ends.
 */
final class CProgram {
    private static final int ROUNDS = 3;
    private static final int CALLS = 60;

    private final Random random;
    private final CText text = new CText();
    private final CExpressions expressions;
    private final List<CStructure> structures = new ArrayList<>();
    private final List<CVariable> globals = new ArrayList<>();
    private final List<CFunction> functions = new ArrayList<>();
    private final CStatements statements;

    private CProgram(long seed) {
        random = new Random(seed);
        expressions = new CExpressions(random);
        statements = new CStatements(expressions, text, functions);
    }

    /** The source text. */
    static String of(long seed) {
        return new CProgram(seed).generate();
    }

    private String generate() {
        text.line("#include \"prelude.h\"");
        structures();
        globals();
        for (int i = 3 + random.nextInt(5); i > 0; i--) {
            function();
        }
        table();
        mixAll();
        main();
        return text.toString();
    }

    private void structures() {
        for (int i = 2 + random.nextInt(3); i > 0; i--) {
            CStructure structure = new CStructure("S" + i, random);
            structure.declare(text);
            structures.add(structure);
            for (int v = 1 + random.nextInt(2); v > 0; v--) {
                String variable = "s" + i + v;
                text.line("static struct S" + i + " " + variable + ";");
                structure.variables().add(variable);
                structure.members(variable, expressions);
            }
        }
    }

    private void globals() {
        for (int i = 8 + random.nextInt(12); i > 0; i--) {
            CType type = CType.any(random);
            int size = random.nextInt(3) == 0 ? 4 << random.nextInt(4) : 0;
            CVariable variable = new CVariable("g" + i, type, size, true);
            String qualifier = List.of("static ", "static ", "", "static volatile ", "static __thread ")
                    .get(random.nextInt(5));
            text.line(qualifier + type + " g" + i
                    + (size > 0 ? "[" + size + "] = {1, 2, 3};" : " = " + random.nextInt(100) + ";"));
            globals.add(variable);
            expressions.declare(variable);
            if (size > 0 && qualifier.equals("static ")) {
                pointer(variable);
            }
        }
    }

    /** To the middle of an array, of which the second half can be reached. */
    private void pointer(CVariable array) {
        String name = "p" + array.name();
        text.line("static " + array.type() + " *" + name + " = " + array.name() + " + " + array.size() / 2 + ";");
        expressions.declare(new CVariable(name, array.type(), array.size() / 2, true));
        expressions.declare(CVariable.scalar("(*" + name + ")", array.type()));
    }

    private void function() {
        List<CFunction.Parameter> parameters = new ArrayList<>();
        for (int i = random.nextInt(9); i > 0; i--) {
            CStructure structure = structures.get(random.nextInt(structures.size()));
            parameters.add(
                    random.nextInt(4) == 0
                            ? new CFunction.Parameter(CType.I32, structure.name(), structure.variables())
                            : new CFunction.Parameter(CType.any(random), null, List.of()));
        }
        CFunction function = new CFunction("f" + functions.size(), CType.any(random), parameters);
        List<String> names =
                IntStream.range(0, parameters.size()).mapToObj(i -> "arg" + i).toList();
        String kind =
                List.of("static NOINLINE ", "static ", "static inline ", "").get(random.nextInt(4));
        text.open(kind + function.declaration(names));
        text.open("if (--fuel < 0)").line("return 9;").close();
        int mark = expressions.enter();
        for (int i = 0; i < names.size(); i++) {
            parameter(parameters.get(i), names.get(i));
        }
        statements.block(3 + random.nextInt(7), 0);
        text.line("return " + expressions.of(function.result(), 2) + ";");
        expressions.leave(mark);
        text.close();
        functions.add(function);
    }

    private void parameter(CFunction.Parameter parameter, String name) {
        if (parameter.structure() == null) {
            expressions.declare(CVariable.scalar(name, parameter.type()));
        } else {
            structures.stream()
                    .filter(s -> s.name().equals(parameter.structure()))
                    .forEach(s -> s.members(name, expressions));
        }
    }

    /** Functions of one type behind a table of pointers; they become callable like the others. */
    private void table() {
        CFunction last = functions.get(functions.size() - 1);
        List<String> names = IntStream.range(0, last.parameters().size())
                .mapToObj(i -> "arg" + i)
                .toList();
        String operator = last.result().isFloating() ? "+" : "^";
        for (int i = 0; i < 2; i++) {
            text.open("static NOINLINE " + new CFunction("t" + i, last.result(), last.parameters()).declaration(names));
            text.line("return (" + last.result() + ")(" + last.name() + "(" + String.join(", ", names) + ") " + operator
                    + " " + i + ");");
            text.close();
        }
        String type = new CFunction("(*volatile table[])", last.result(), last.parameters()).declaration(names);
        text.line("static " + type + " = {" + last.name() + ", t0, t1};");
        functions.add(new CFunction("table[fuel % 3U]", last.result(), last.parameters()));
    }

    private void mixAll() {
        text.open("static void mix_all(void)");
        for (CVariable variable : globals) {
            int bytes = variable.type() == CType.F80 ? 10 : variable.type().bytes();
            String element = variable.size() > 0 ? variable.name() + "[i]" : variable.name();
            text.open("for (int i = 0; i < " + Math.max(1, variable.size()) + "; i++)")
                    .line(variable.type() + " value = " + element + ";")
                    .line("mix_bytes(&value, " + bytes + ");")
                    .close();
            text.line("report(\"" + variable.name() + "\");");
        }
        for (CStructure structure : structures) {
            for (String variable : structure.variables()) {
                structure.mix(variable, text);
                text.line("report(\"" + variable + "\");");
            }
        }
        text.close();
    }

    private void main() {
        text.open("int main(void)");
        text.open("for (int round = 0; round < " + ROUNDS + "; round++)");
        text.line("fuel = " + CALLS + ";");
        for (CFunction function : functions) {
            CVariable target = globals.get(random.nextInt(globals.size()));
            text.line(expressions.access(target, 1) + " = "
                    + CExpressions.convert(function.call(expressions), function.result(), target.type()) + ";");
            text.line("report(\"" + function.name() + "\");");
        }
        text.line("mix_all();");
        text.close();
        text.line("return (int)(checksum & 63);");
        text.close();
    }
}
