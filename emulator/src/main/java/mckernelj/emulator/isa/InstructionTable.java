// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All instruction forms, indexed by opcode map and opcode byte. Built once from the {@code @Encoding} methods. */
public final class InstructionTable {
    /** Added to the map number for VEX-encoded forms. */
    public static final int VEX = 3;

    private static final int MAPS = 7;
    private static final InstructionForm[] NONE = {};

    private final List<InstructionForm> forms = new ArrayList<>();
    private final InstructionForm[][][] byOpcode = new InstructionForm[MAPS][256][];

    private final OpSpinner spinner;
    private final MethodHandles.Lookup lookup;

    /** {@code semantics}: the classes with the annotated methods; {@code lookup}: rights to define classes in their package. */
    public InstructionTable(List<Class<?>> semantics, MethodHandles.Lookup lookup) {
        this.lookup = lookup;
        spinner = new OpSpinner(lookup);
        List<List<List<InstructionForm>>> lists = new ArrayList<>();
        for (int map = 0; map < MAPS; map++) {
            List<List<InstructionForm>> row = new ArrayList<>();
            for (int opcode = 0; opcode < 256; opcode++) {
                row.add(new ArrayList<>());
            }
            lists.add(row);
        }
        for (Class<?> type : semantics) {
            for (Method method : type.getDeclaredMethods()) {
                Encoding encoding = method.getAnnotation(Encoding.class);
                if (encoding != null) {
                    for (String text : encoding.value()) {
                        add(new InstructionForm(text, false, encoding, method), lists);
                    }
                    for (String text : encoding.vex()) {
                        add(new InstructionForm(text, true, encoding, method), lists);
                    }
                }
            }
        }
        // getDeclaredMethods has no fixed order; ties are broken by text so that two JVMs decode alike
        Comparator<InstructionForm> order = Comparator.comparingInt((InstructionForm f) -> -f.specificity())
                .thenComparing(f -> f.text)
                .thenComparing(f -> f.method.getName());
        for (int map = 0; map < MAPS; map++) {
            for (int opcode = 0; opcode < 256; opcode++) {
                List<InstructionForm> list = lists.get(map).get(opcode);
                list.sort(order);
                byOpcode[map][opcode] = list.isEmpty() ? NONE : list.toArray(NONE);
            }
        }
        forms.sort(Comparator.comparing((InstructionForm f) -> f.mnemonic).thenComparing(f -> f.text));
    }

    private void add(InstructionForm form, List<List<List<InstructionForm>>> lists) {
        forms.add(form);
        int count = form.plusRegister ? 8 : 1;
        for (int i = 0; i < count; i++) {
            lists.get(form.vex ? VEX + form.map : form.map).get(form.opcode + i).add(form);
        }
    }

    /** All forms, ordered by mnemonic. */
    public List<InstructionForm> forms() {
        return forms;
    }

    /** Spins executable classes for the forms of this table. */
    public OpSpinner spinner() {
        return spinner;
    }

    /** Rights to define classes next to the methods that define the instructions. */
    public MethodHandles.Lookup lookup() {
        return lookup;
    }

    /** Forms of one opcode, the most constrained first. {@code map}: 0 one byte, 1 0F, 2 0F 38, 3 0F 3A; + {@link #VEX}. */
    public InstructionForm[] candidates(int map, int opcode) {
        return byOpcode[map][opcode];
    }
}
