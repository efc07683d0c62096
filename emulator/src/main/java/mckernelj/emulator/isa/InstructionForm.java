// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.Op;

/** One encoding line with the method that defines it: what decoder and spinner work from. Immutable but for the spun classes. */
public final class InstructionForm {
    /** Values of {@link #mandatoryPrefix} besides 0x66, 0xF2, 0xF3. */
    public static final int ANY_PREFIX = 0;

    public static final int NO_PREFIX = 1;

    /** Values of {@link #modRm} besides the digits 0..7. */
    public static final int MODRM_NONE = -1;

    public static final int MODRM_REGISTER = -2;

    /** Values of {@link #rmConstraint} besides exact rm values 0..7. */
    public static final int RM_ANY = -1;

    public static final int RM_REGISTER = -2;
    public static final int RM_MEMORY = -3;

    private static final Pattern BYTE = Pattern.compile("[0-9A-F]{2}");
    private static final Pattern L = Pattern.compile("L[01]");
    private static final Pattern SEPARATOR = Pattern.compile("[ ,]+");

    public final String text;
    public final String mnemonic;
    public final List<Operand> operands;
    public final int mandatoryPrefix;
    /** REX.W or VEX.W: 0, 1 or -1 for either. */
    public final int w;

    /** VEX-encoded. */
    public final boolean vex;

    /** VEX.L: 0, 1 or -1 for either. */
    public final int l;

    /** 0: one byte, 1: 0F, 2: 0F 38, 3: 0F 3A. */
    public final int map;

    public final int opcode;
    public final boolean plusRegister;
    public final int modRm;
    public final int rmConstraint;
    public final Encoding encoding;
    public final Method method;

    // For the decoder, as fields: calling an annotation and walking through the operands are slow.
    private final CpuFeature feature;
    private final CpuFeature ymmFeature;
    private final boolean ends;
    private final boolean no64;
    private final boolean default64;
    private final boolean implicitLock;
    private final boolean allowsLock;
    private final boolean moffs;
    private final boolean vsib;
    private final boolean nearBranch;
    private final boolean usesVvvv;
    private final boolean usesGeneralRegister;
    private final boolean x87;

    /** Prototype instances of the spun classes by shape: see {@link OpSpinner}. */
    Op[] prototypes;

    InstructionForm(String text, boolean vex, Encoding encoding, Method method) {
        this.text = vex ? "VEX " + text : text;
        this.vex = vex;
        this.encoding = encoding;
        this.method = method;
        List<String> words = new ArrayList<>(List.of(SEPARATOR.split(text.trim())));
        int prefix = ANY_PREFIX;
        int rexW = -1;
        l = vex && L.matcher(words.get(0)).matches() ? words.remove(0).charAt(1) - '0' : -1;
        if (List.of("NP", "66", "F2", "F3").contains(words.get(0)) && words.size() > 1 && startsOpcode(words.get(1))) {
            String word = words.remove(0);
            prefix = word.equals("NP") ? NO_PREFIX : Integer.parseInt(word, 16);
        }
        if (words.get(0).equals("W0") || words.get(0).equals("W1")) {
            rexW = words.remove(0).charAt(1) - '0';
        }
        List<Integer> bytes = new ArrayList<>();
        while (BYTE.matcher(words.get(0)).matches()) {
            bytes.add(Integer.parseInt(words.remove(0), 16));
        }
        boolean plus = false;
        int digit = MODRM_NONE;
        int constraint = RM_ANY;
        if (words.get(0).equals("+r")) {
            plus = true;
            words.remove(0);
        } else if (words.get(0).startsWith("/")) {
            String[] parts = words.remove(0).substring(1).split(":");
            digit = parts[0].equals("r") ? MODRM_REGISTER : Integer.parseInt(parts[0]);
            if (parts.length > 1) {
                constraint = parts[1].equals("reg")
                        ? RM_REGISTER
                        : parts[1].equals("mem") ? RM_MEMORY : parts[1].charAt(0) - '0';
            }
        }
        mandatoryPrefix = prefix;
        w = rexW;
        map = bytes.size() == 1 ? 0 : bytes.size() == 2 ? 1 : bytes.get(1) == 0x38 ? 2 : 3;
        opcode = bytes.get(bytes.size() - 1);
        plusRegister = plus;
        modRm = digit;
        mnemonic = words.remove(0);
        operands = words.stream().map(Operand::parse).toList();
        rmConstraint = constraint == RM_ANY ? impliedConstraint(operands) : constraint;
        feature = vex ? encoding.vexFeature() : encoding.feature();
        ymmFeature = vex && encoding.ymmFeature() != CpuFeature.BASE ? encoding.ymmFeature() : feature;
        ends = encoding.ends();
        no64 = encoding.no64();
        default64 = encoding.default64();
        implicitLock = encoding.implicitLock();
        allowsLock = encoding.lock() && operands.get(0).mayBeMemory();
        moffs = hasOperand("O");
        vsib = operands.stream().anyMatch(o -> o.size().equals("vs"));
        nearBranch = default64 && isBranch(mnemonic.toUpperCase(Locale.ROOT));
        usesVvvv = hasOperand("HB");
        usesGeneralRegister = hasOperand("EGR");
        x87 = !vex && map == 0 && opcode >>> 3 == 0xD8 >>> 3;
    }

    private static boolean isBranch(String name) {
        return name.startsWith("J") || name.startsWith("CALL") || name.startsWith("RET") || name.startsWith("LOOP");
    }

    private static boolean startsOpcode(String word) {
        return BYTE.matcher(word).matches() || word.equals("W0") || word.equals("W1");
    }

    private static int impliedConstraint(List<Operand> operands) {
        for (Operand operand : operands) {
            switch (operand.kind()) {
                case M:
                    return RM_MEMORY;
                case R:
                case U:
                case N:
                case STI:
                    return RM_REGISTER;
                default:
                    break;
            }
        }
        return RM_ANY;
    }

    /** The CPUID feature it needs; {@code ymm}: VEX.L is 1. */
    public CpuFeature feature(boolean ymm) {
        return ymm ? ymmFeature : feature;
    }

    private boolean hasOperand(String kinds) {
        return operands.stream().anyMatch(o -> kinds.contains(o.kind().name()));
    }

    /** True if VEX.vvvv names an operand. */
    public boolean usesVvvv() {
        return usesVvvv;
    }

    /** An operand in general registers, whose size follows VEX.W in 64-bit code only. */
    public boolean usesGeneralRegister() {
        return usesGeneralRegister;
    }

    /** Needs AVX state enabled by the operating system: all VEX forms but BMI. */
    boolean usesVectorState() {
        return vex && mnemonic.startsWith("V");
    }

    /** One of the opcodes D8 to DF. */
    public boolean isX87() {
        return x87;
    }

    /** An x87 instruction with a value from memory: a pending exception comes before the fault of the operand. */
    boolean loadsForX87() {
        return isX87() && !mnemonic.startsWith("FN") && method.getReturnType() == void.class;
    }

    /** Needs SSE permitted by the operating system. */
    boolean usesSse() {
        return !vex
                && (hasOperand("VUW")
                        || operands.stream().anyMatch(o -> o.kind() == Operand.Kind.XMM0)
                        || mnemonic.endsWith("MXCSR"));
    }

    /** Uses MMX registers. */
    boolean usesMmx() {
        return hasOperand("PNQ") || mnemonic.equals("EMMS");
    }

    /** An operand in memory can have 128 bits or more. */
    public boolean hasWideOperand() {
        return operands.stream().anyMatch(o -> o.mayBeMemory() && o.width(64, 128) >= 128);
    }

    /** MOV to and from control and debug registers: ModRM.mod is ignored. */
    public boolean ignoresMod() {
        return !vex && map == 1 && opcode >>> 2 == 0x20 >>> 2;
    }

    /** Its memory operand has a vector register as index. */
    public boolean isVsib() {
        return vsib;
    }

    public boolean hasModRm() {
        return modRm != MODRM_NONE;
    }

    /** Its memory operand is an address in the instruction (A0..A3). */
    public boolean isMoffs() {
        return moffs;
    }

    /** LOCK is legal if the memory operand is the destination. */
    public boolean allowsLock() {
        return allowsLock;
    }

    /** A near branch: its operand size is 64 bits in 64-bit mode, whatever the prefixes say. */
    public boolean isNearBranch() {
        return nearBranch;
    }

    /** A branch whose target is in the instruction. */
    public boolean isDirectBranch() {
        return operands.size() == 1 && operands.get(0).kind() == Operand.Kind.J;
    }

    /** A direct branch after which execution goes on behind it, now or later. */
    public boolean mayGoOn() {
        return isDirectBranch() && !mnemonic.equals("JMP");
    }

    /** A near jump, call or return to an address that is in a register or in memory. */
    public boolean jumpsIndirectly() {
        return ends && nearBranch && !isDirectBranch();
    }

    /** Ends a block: {@link Encoding#ends()}. */
    public boolean ends() {
        return ends;
    }

    /** Not in 64-bit code: {@link Encoding#no64()}. */
    public boolean no64() {
        return no64;
    }

    /** {@link Encoding#default64()}. */
    public boolean default64() {
        return default64;
    }

    /** {@link Encoding#implicitLock()}. */
    public boolean implicitLock() {
        return implicitLock;
    }

    /** More constrained forms are tried first. */
    int specificity() {
        int value = mandatoryPrefix > NO_PREFIX ? 8 : mandatoryPrefix == NO_PREFIX ? 4 : 0;
        value += rmConstraint >= 0 ? 3 : rmConstraint != RM_ANY ? 1 : 0;
        value += modRm >= 0 ? 2 : 0;
        return value + (w >= 0 ? 1 : 0) + (l >= 0 ? 1 : 0);
    }

    @Override
    public String toString() {
        return text;
    }
}
