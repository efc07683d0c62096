// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.isa.InstructionForm;
import mckernelj.emulator.isa.Operand;

/** What cannot be compared with a user-mode run on the host, by mnemonic, and why. */
final class Exemptions {
    private static final int ALL = Cpu.STATUS;
    private static final int ALL_BUT_ZERO = ALL & ~Cpu.ZF;
    private static final int PRODUCT = Cpu.SF | Cpu.ZF | Cpu.AF | Cpu.PF;
    private static final int BIT_TEST = Cpu.OF | Cpu.SF | Cpu.AF | Cpu.PF;
    private static final int SHIFT = Cpu.OF | Cpu.AF;

    /** Status flags that the SDM leaves undefined. */
    private static final Map<String, Integer> UNDEFINED_FLAGS = Map.ofEntries(
            entry("AND", Cpu.AF),
            entry("OR", Cpu.AF),
            entry("XOR", Cpu.AF),
            entry("TEST", Cpu.AF),
            entry("MUL", PRODUCT),
            entry("IMUL", PRODUCT),
            entry("DIV", ALL),
            entry("IDIV", ALL),
            entry("BSF", ALL_BUT_ZERO),
            entry("BSR", ALL_BUT_ZERO),
            entry("BT", BIT_TEST),
            entry("BTS", BIT_TEST),
            entry("BTR", BIT_TEST),
            entry("BTC", BIT_TEST),
            entry("LZCNT", ALL & ~(Cpu.CF | Cpu.ZF)),
            entry("TZCNT", ALL & ~(Cpu.CF | Cpu.ZF)),
            entry("ANDN", Cpu.AF | Cpu.PF),
            entry("BEXTR", Cpu.AF | Cpu.PF | Cpu.SF),
            entry("BLSR", Cpu.AF | Cpu.PF),
            entry("BLSMSK", Cpu.AF | Cpu.PF),
            entry("BLSI", Cpu.AF | Cpu.PF),
            entry("BZHI", Cpu.AF | Cpu.PF),
            entry("SHLD", SHIFT),
            entry("SHRD", SHIFT),
            entry("SHL", SHIFT),
            entry("SHR", SHIFT),
            entry("SAR", SHIFT),
            entry("ROL", Cpu.OF),
            entry("ROR", Cpu.OF),
            entry("DAA", Cpu.OF),
            entry("DAS", Cpu.OF),
            entry("AAA", ALL & ~(Cpu.CF | Cpu.AF)),
            entry("AAS", ALL & ~(Cpu.CF | Cpu.AF)),
            entry("AAM", SHIFT | Cpu.CF),
            entry("AAD", SHIFT | Cpu.CF),
            entry("RCL", Cpu.OF),
            entry("RCR", Cpu.OF));

    /** Classes of instructions that ask the machine or the operating system, which are not the host's; or depend on time. */
    private static final Set<String> OF_THE_MACHINE = Set.of(
            "ExtendedStateInstructions",
            "PortIo",
            "RandomNumbers",
            "SegmentBaseAccess",
            "Segmentation",
            "Serialization",
            "SystemCalls",
            "SystemInstructions");

    /** The same by mnemonic: x87 pointers and code segments in memory, an #UD that some processors raise late. */
    private static final Set<String> NOT_COMPARABLE = Set.of("FNSAVE", "FRSTOR", "FNSTENV", "FLDENV", "UD0");

    private static final Set<String> COMPARABLE_THOUGH = Set.of("ARPL");

    /** Approximations and transcendental functions: the last bit is each processor's own. */
    private static final Set<String> APPROXIMATE = Set.of(
            "RCPPS",
            "RCPSS",
            "RSQRTPS",
            "RSQRTSS",
            "VRCPPS",
            "VRCPSS",
            "VRSQRTPS",
            "VRSQRTSS",
            "F2XM1",
            "FYL2X",
            "FYL2XP1",
            "FPATAN",
            "FPTAN",
            "FSIN",
            "FCOS",
            "FSINCOS");

    private Exemptions() {}

    /** Can be executed by a user program, with the same result on every processor. */
    static boolean comparable(InstructionForm form, int codeSize) {
        boolean not32 = form.w == 1 && (!form.vex || form.usesGeneralRegister());
        if (codeSize == 64 ? form.encoding.no64() : not32) {
            return false;
        }
        if (!HostFeatures.has(form.feature(false)) || !HostFeatures.has(form.feature(true))) {
            return false;
        }
        if (form.encoding.privileged() || NOT_COMPARABLE.contains(form.mnemonic) || approximate(form)) {
            return false;
        }
        return !OF_THE_MACHINE.contains(form.method.getDeclaringClass().getSimpleName())
                || COMPARABLE_THOUGH.contains(form.mnemonic);
    }

    static boolean approximate(InstructionForm form) {
        return APPROXIMATE.contains(form.mnemonic);
    }

    /** False if a wide operand is accessed in parts whose order is nobody's business. */
    static boolean exactFaultAddress(InstructionForm form) {
        return !form.mnemonic.startsWith("F") && !form.mnemonic.contains("MASKMOV");
    }

    /** With a count of one OF is defined. */
    static int undefinedFlags(InstructionForm form) {
        int flags = UNDEFINED_FLAGS.getOrDefault(form.mnemonic, 0);
        boolean single = form.map == 0 && (form.opcode == 0xD0 || form.opcode == 0xD1);
        return single ? flags & ~Cpu.OF : flags;
    }

    /** MXCSR's flags of the elements behind the one that raised #XM: see docs/deviations.md. */
    static boolean undefinedFlagsAfterXm(InstructionForm form, int vector) {
        boolean scalar = form.mnemonic.endsWith("SS") || form.mnemonic.endsWith("SD") || form.mnemonic.endsWith("SI");
        return vector == X86Fault.XM && !scalar;
    }

    /** Ten bytes are stored in two parts, the first of which some processors leave in memory if the second faults. */
    static boolean partialStore(InstructionForm form, int vector) {
        return vector == X86Fault.PF
                && Set.of("DB /7:mem FSTP M", "DF /6:mem FBSTP M").contains(form.text);
    }

    /** A store from an mm register that faults: some processors have set TOP to 0 by then. */
    static boolean undefinedX87(InstructionForm form, int vector) {
        return vector != Outcome.COMPLETED && form.operands.stream().anyMatch(o -> o.kind() == Operand.Kind.P);
    }
}
