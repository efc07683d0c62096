// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
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

    /** Why the forms of a class are not compared, and what shows them to be right instead. */
    private static final Map<String, String> OF_THE_MACHINE = Map.of(
            "RandomNumbers", "random; UserSystemInstructionsTest",
            "Segmentation", "descriptor tables are the host's; PrivilegeTest, ModeSwitchTest",
            "Serialization", "what the machine is, and time; CpuidLeavesTest, UserSystemInstructionsTest",
            "SystemCalls", "enters the operating system; PrivilegeTest, ProgramsTest",
            "SystemInstructions", "Linux emulates it (UMIP); PrivilegeTest");

    /** The same by mnemonic. */
    private static final Map<String, String> NOT_COMPARABLE = Map.of(
            "RDPMC", "CR4.PCE is the host's; PrivilegeTest",
            "XGETBV", "XCR0 is the host's; AvxStateTest",
            "RDPID", "number of the processor; UserSystemInstructionsTest",
            "UD0", "some processors read the operand; UserModeRulesTest");

    /** Instructions of these classes that are the same everywhere. */
    private static final Set<String> COMPARABLE_THOUGH = Set.of("ARPL", "PUSH");

    /** Approximations and transcendental functions: the last bits are each processor's own. */
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

    /** They hold the pointers to the last x87 instruction and operand, about which processors differ. */
    private static final Set<String> WITH_POINTERS = Set.of(
            "FNSTENV", "FNSAVE", "FLDENV", "FRSTOR", "FXSAVE", "FXRSTOR", "XSAVEC", "XSAVE", "XSAVEOPT", "XRSTOR");

    private Exemptions() {}

    /** Why a form cannot be compared with what a user program on any host does; null if it can. */
    static String reason(InstructionForm form) {
        String reason = NOT_COMPARABLE.get(form.mnemonic);
        if (reason != null || COMPARABLE_THOUGH.contains(form.mnemonic) || storesSelector(form)) {
            return reason;
        }
        boolean forbidden = form.encoding.privileged() || form.ignoresMod() || ALWAYS_FORBIDDEN.contains(form.mnemonic);
        return forbidden
                ? null
                : OF_THE_MACHINE.get(form.method.getDeclaringClass().getSimpleName());
    }

    /** #GP in user mode, though not {@link mckernelj.emulator.isa.Encoding#privileged} because of what the kernel may allow. */
    private static final Set<String> ALWAYS_FORBIDDEN = Set.of("CLI", "STI", "SWAPGS", "SYSRET");

    private static boolean storesSelector(InstructionForm form) {
        return form.map == 0 && form.opcode == 0x8C;
    }

    /** Can be executed by a user program on this host, with the same result on every processor that it could be. */
    static boolean comparable(InstructionForm form, int codeSize) {
        boolean not32 = form.w == 1 && (!form.vex || form.usesGeneralRegister());
        if (codeSize == 64 ? form.encoding.no64() : not32) {
            return false;
        }
        if (!HostFeatures.has(form.feature(false)) || !HostFeatures.has(form.feature(true))) {
            return false;
        }
        if (WITH_POINTERS.contains(form.mnemonic) && !HostFeatures.keepsX87PointersOfExceptionsOnly()) {
            return false;
        }
        return reason(form) == null;
    }

    static boolean approximate(InstructionForm form) {
        return APPROXIMATE.contains(form.mnemonic);
    }

    /** False if a wide operand is accessed in parts whose order is nobody's business. */
    static boolean exactFaultAddress(InstructionForm form) {
        return !form.mnemonic.startsWith("F") && !form.mnemonic.contains("MASKMOV");
    }

    /** Several hundred bytes, of which any may be touched first. */
    static boolean anyFaultAddress(InstructionForm form) {
        return WITH_POINTERS.contains(form.mnemonic);
    }

    /** What else is left out or compared less strictly. */
    static List<String> remarks(InstructionForm form) {
        List<String> remarks = new ArrayList<>();
        if (approximate(form)) {
            remarks.add(form.isX87() ? "last two units, C1" : "last two bits of twelve");
        }
        if (partialStore(form, X86Fault.PF)) {
            remarks.add("memory after a page fault");
        }
        if (anyFaultAddress(form)) {
            remarks.add("which byte faults first, #SS or #GP");
        }
        if (undefinedFlagsAfterXm(form, X86Fault.XM) && usesMxcsr(form)) {
            remarks.add("MXCSR flags after #XM");
        }
        if (undefinedX87(form, X86Fault.PF)) {
            remarks.add("x87 state after a fault");
        }
        return remarks;
    }

    private static boolean usesMxcsr(InstructionForm form) {
        return form.mnemonic.matches(
                "V?((ADD|ADDSUB|SUB|MUL|DIV|SQRT|MIN|MAX|CMP|HADD|HSUB|DP|ROUND|FN?M\\w+)P[SD]|CVT.*P[SDH].*)");
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
