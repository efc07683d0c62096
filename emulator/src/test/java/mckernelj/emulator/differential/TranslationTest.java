// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import mckernelj.emulator.engine.EngineOptions;
import mckernelj.emulator.isa.InstructionForm;
import mckernelj.emulator.isa.InstructionTable;
import mckernelj.emulator.isa.semantics.Semantics;
import mckernelj.emulator.translate.RegionCompiler;
import mckernelj.emulator.translate.Tier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Translated code does what interpreted code does. System property {@code differential.seed}. */
class TranslationTest {
    private static final int CASES_PER_FORM = 3;
    private static final int BLOCKS = 1500;
    private static final int LONGEST_BLOCK = 12;
    private static final long SEED = Long.getLong("differential.seed", 1);

    private final InstructionTable table = new InstructionTable(Semantics.classes(), Semantics.lookup());
    private final RegionCompiler compiler = new RegionCompiler(table, EngineOptions.DEFAULT.optimisations());
    private final EmulatedCpu cpu = new EmulatedCpu(table);
    private final List<InstructionForm> forms =
            table.forms().stream().filter(f -> Exemptions.comparable(f, 64)).toList();

    @ParameterizedTest
    @EnumSource
    void every_form_does_the_same_in_a_translation(Tier tier) {
        List<String> differences = new ArrayList<>();
        for (InstructionForm form : forms) {
            CaseGenerator generator = new CaseGenerator(form, 64, cpu, SEED);
            for (int i = 0; i < CASES_PER_FORM; i++) {
                compare(generator.next(), tier, differences);
            }
        }
        assertThat(differences).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void blocks_of_many_instructions_do_the_same_in_a_translation(Tier tier) {
        List<InstructionForm> inner = forms.stream().filter(f -> !f.ends()).toList();
        SplittableRandom random = new SplittableRandom(SEED);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < BLOCKS; i++) {
            int count = 2 + random.nextInt(LONGEST_BLOCK - 1);
            List<TestCase.Instruction> instructions = new ArrayList<>();
            MachineState before = null;
            int position = 0;
            for (int k = 0; k < count; k++) {
                List<InstructionForm> from = k < count - 1 ? inner : forms;
                InstructionForm form = from.get(random.nextInt(from.size()));
                CaseGenerator generator = new CaseGenerator(form, 64, cpu, random.nextLong());
                before = before == null ? generator.next().before() : before;
                instructions.add(generator.instruction(before, position));
                position += instructions.get(k).bytes().length;
            }
            compare(TestCase.of(instructions, 64, before), tier, differences);
        }
        assertThat(differences).isEmpty();
    }

    private void compare(TestCase test, Tier tier, List<String> differences) {
        if (!cpu.isTranslatable(test.code())) {
            return; // the decoder makes #UD of it
        }
        Outcome interpreted = cpu.runBlock(test, null, null);
        long cycles = cpu.cycles();
        Outcome translated = cpu.runBlock(test, compiler, tier);
        for (String difference : Comparison.differences(test, interpreted, translated)) {
            differences.add(
                    test + ": " + difference.replace("host", "interpreted").replace("emulator", "translated"));
        }
        if (cycles != cpu.cycles()) {
            differences.add(test + ": " + cycles + " cycles interpreted, " + cpu.cycles() + " translated");
        }
    }
}
