// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import mckernelj.emulator.isa.InstructionForm;

/**
 * Makes cases of two to five instructions, so that flags, registers and memory pass from one to the next. Only the last instruction may
 * leave something undefined or go elsewhere.
 */
final class SequenceGenerator {
    private static final int LONGEST = 5;

    /** Every other instruction is from the opcode maps of integer instructions, which live on flags. */
    private static final int INTEGER_SHARE = 2;

    private final List<InstructionForm> last;
    private final List<InstructionForm> inner;
    private final List<InstructionForm> integer;
    private final int codeSize;
    private final EmulatedCpu decoder;
    private final SplittableRandom random;
    private final Values values;

    SequenceGenerator(List<InstructionForm> forms, int codeSize, EmulatedCpu decoder, long seed) {
        this.codeSize = codeSize;
        this.decoder = decoder;
        this.random = new SplittableRandom(seed * codeSize);
        this.values = new Values(random);
        last = forms.stream()
                .filter(f -> Exemptions.comparable(f, codeSize) && !ofExtendedState(f))
                .toList();
        inner = last.stream().filter(SequenceGenerator::defined).toList();
        integer = inner.stream()
                .filter(f -> f.operands.stream()
                        .anyMatch(o -> "EGZB".contains(o.kind().name())))
                .toList();
    }

    /** The host may have more state and longer pointers than the emulator. */
    private static boolean ofExtendedState(InstructionForm form) {
        return form.mnemonic.matches("XSAVE.*|F?XRSTOR");
    }

    private static boolean defined(InstructionForm form) {
        return !form.ends() && Exemptions.undefinedFlags(form) == 0 && !Exemptions.approximate(form);
    }

    /** Null if there are no forms to choose from. */
    TestCase next() {
        if (last.isEmpty()) {
            return null;
        }
        MachineState state = new StateGenerator(values).state(codeSize);
        List<TestCase.Instruction> instructions = new ArrayList<>();
        int position = 0;
        for (int left = 1 + values.below(LONGEST - 1); left >= 0; left--) {
            TestCase.Instruction instruction = instruction(left == 0 ? last : choice(), state, position);
            boolean harmless =
                    left == 0 || Exemptions.comparable(instruction.form(), codeSize) && defined(instruction.form());
            boolean fits = harmless && !(position > 0 && CaseGenerator.hasUndefinedAddresses(instruction));
            if (fits) {
                instructions.add(instruction);
                position += instruction.bytes().length;
            }
        }
        if (instructions.isEmpty()) {
            return next();
        }
        TestCase test = TestCase.of(instructions, codeSize, state);
        return decodesAsPutTogether(test) ? test : next();
    }

    /** What is undefined after its opcode can go on in the bytes of the next instruction, whose form would then be wrong. */
    private boolean decodesAsPutTogether(TestCase test) {
        int end = 0;
        for (TestCase.Instruction instruction : test.instructions()) {
            int start = end;
            end += instruction.bytes().length;
            if (decoder.decode(test.code(), start, codeSize).nextOffset != end) {
                return false;
            }
        }
        return true;
    }

    private List<InstructionForm> choice() {
        return integer.isEmpty() || values.oneIn(INTEGER_SHARE) ? inner : integer;
    }

    private TestCase.Instruction instruction(List<InstructionForm> from, MachineState state, int position) {
        List<InstructionForm> forms = from.isEmpty() ? last : from;
        InstructionForm form = forms.get(values.below(forms.size()));
        return new CaseGenerator(form, codeSize, decoder, random.nextLong()).instruction(state, position);
    }
}
