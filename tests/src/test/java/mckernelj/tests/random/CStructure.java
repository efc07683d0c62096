// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A structure with scalars, arrays and bit fields, packed now and then; small ones are passed in registers. */
final class CStructure {
    private record Field(String name, CType type, int arraySize, int bitWidth) {}

    private final String name;
    private final boolean packed;
    private final List<Field> fields = new ArrayList<>();
    private final List<String> variables = new ArrayList<>();

    CStructure(String name, Random random) {
        this.name = name;
        packed = random.nextInt(4) == 0;
        for (int i = 1 + random.nextInt(7); i > 0; i--) {
            CType type = CType.any(random);
            int kind = random.nextInt(4);
            boolean bits = kind == 0 && !type.isFloating() && type.bits() <= 64;
            fields.add(new Field(
                    "m" + i, type, kind == 1 ? 2 << random.nextInt(3) : 0, bits ? 1 + random.nextInt(type.bits()) : 0));
        }
    }

    String name() {
        return name;
    }

    /** Global variables of this type. */
    List<String> variables() {
        return variables;
    }

    void declare(CText text) {
        text.open("struct " + name);
        for (Field field : fields) {
            text.line(field.type + " " + field.name + (field.arraySize > 0 ? "[" + field.arraySize + "]" : "")
                    + (field.bitWidth > 0 ? " : " + field.bitWidth : "") + ";");
        }
        text.close(packed ? " __attribute__((packed));" : ";");
    }

    /** The members of a variable of this type come into scope. */
    void members(String variable, CExpressions expressions) {
        for (Field field : fields) {
            expressions.declare(new CVariable(variable + "." + field.name, field.type, field.arraySize, true));
        }
    }

    /** Adds what the members hold, not the holes between them, to the checksum. */
    void mix(String variable, CText text) {
        for (Field field : fields) {
            String member = variable + "." + field.name;
            String array = field.arraySize == 0 ? "" : "[i]";
            int bytes = field.type == CType.F80 ? 10 : field.type.bytes();
            text.open("for (int i = 0; i < " + Math.max(1, field.arraySize) + "; i++)")
                    .line(field.type + " value = " + member + array + ";")
                    .line("mix_bytes(&value, " + bytes + ");")
                    .close();
        }
    }
}
