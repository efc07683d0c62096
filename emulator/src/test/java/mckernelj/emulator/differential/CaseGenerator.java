// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.isa.InstructionForm;
import mckernelj.emulator.isa.Operand;

/**
 * Makes random cases of one instruction form from nothing but its encoding: prefixes, registers, addressing, immediates, state. Memory
 * operands are aimed at the data window by adjusting the base register or the displacement after decoding.
 */
final class CaseGenerator {
    private static final Set<String> STRING =
            Set.of("MOVSB", "MOVS", "CMPSB", "CMPS", "STOSB", "STOS", "LODSB", "LODS", "SCASB", "SCAS");

    private static final Map<String, Integer> AREAS = Map.ofEntries(
            entry("FNSTENV", 28),
            entry("FLDENV", 28),
            entry("FNSAVE", 108),
            entry("FRSTOR", 108),
            entry("FXSAVE", 512),
            entry("FXRSTOR", 512),
            entry("XSAVE", 832),
            entry("XSAVEC", 832),
            entry("XSAVEOPT", 832),
            entry("XRSTOR", 832));

    private static final int LOCK = 0xF0;

    /** FS and GS are null in 32-bit code here, and all others are flat. */
    private static final int[] FLAT = {0x26, 0x36, 0x3E};

    private static final int[] SEGMENTS = {0x26, 0x2E, 0x36, 0x3E, 0x64, 0x64, 0x65, 0x65};

    private final InstructionForm form;
    private final int codeSize;
    private final EmulatedCpu decoder;
    private final Values values;
    private final Random shuffle;

    /** The instruction being made. */
    private final byte[] code = new byte[24];

    private int length;
    private int displacementAt;
    private long start;
    private long lastTarget;

    /** Bytes of what an instruction for saving and restoring state accesses. */
    private final int area;

    CaseGenerator(InstructionForm form, int codeSize, EmulatedCpu decoder, long seed) {
        this.form = form;
        this.codeSize = codeSize;
        this.decoder = decoder;
        this.area = AREAS.getOrDefault(form.mnemonic, 0);
        SplittableRandom random = new SplittableRandom(seed * codeSize + form.text.hashCode());
        this.values = new Values(random);
        this.shuffle = new Random(random.nextLong());
    }

    TestCase next() {
        MachineState state = new StateGenerator(values).state(codeSize);
        return TestCase.of(List.of(instruction(state, 0)), codeSize, state);
    }

    /** The instruction, to be put {@code position} bytes behind the start of the code; changes registers in {@code state} to aim it. */
    TestCase.Instruction instruction(MachineState state, int position) {
        encode();
        Op op = decoder.decode(code, codeSize);
        int bytes = op.nextOffset;
        start = MachineState.START + position;
        lastTarget = 0;
        aim(op, state, bytes);
        if (area > 0) {
            state.gpr[Cpu.RAX] = values.below(8);
            state.gpr[Cpu.RDX] = values.oneIn(40) ? 1L << 31 : 0;
            putImage(state);
        }
        if (form.isVsib() && !values.oneIn(6)) {
            aimIndices(state, op);
        }
        if (isString()) {
            aimString(state, op);
        } else if (form.mnemonic.startsWith("MASKMOV")) {
            state.gpr[Cpu.RDI] = target() - segmentBase(op);
        }
        byte[] exact = new byte[bytes];
        System.arraycopy(code, 0, exact, 0, bytes);
        return new TestCase.Instruction(op.form instanceof InstructionForm decoded ? decoded : form, exact);
    }

    /** A string instruction with 32-bit addresses, see {@link #clearUpperHalves}. */
    static boolean hasUndefinedAddresses(TestCase.Instruction instruction) {
        return STRING.contains(instruction.form().mnemonic)
                && IntStream.range(0, instruction.bytes().length)
                        .anyMatch(i -> instruction.bytes()[i] == 0x67);
    }

    private boolean isString() {
        return STRING.contains(form.mnemonic);
    }

    // ---- bytes
    // -----------------------------------------------------------------------------------------------------------

    private void add(int value) {
        code[length++] = (byte) value;
    }

    private void encode() {
        length = 0;
        displacementAt = -1;
        if (form.vex) {
            vexPrefixes();
        } else {
            prefixes();
            rex();
            opcode();
        }
        if (form.hasModRm()) {
            modRm();
        }
        immediate();
    }

    private void prefixes() {
        List<Integer> prefixes = new ArrayList<>();
        if (form.mandatoryPrefix > InstructionForm.NO_PREFIX) {
            prefixes.add(form.mandatoryPrefix);
        }
        if (form.mandatoryPrefix != InstructionForm.NO_PREFIX && form.mandatoryPrefix != 0x66 && values.oneIn(4)) {
            prefixes.add(0x66);
        }
        if (values.oneIn(10)) {
            prefixes.add(0x67);
        }
        if (values.oneIn(8)) {
            prefixes.add(segmentPrefix());
        }
        if (values.oneIn(form.encoding.lock() ? 5 : 100)) {
            prefixes.add(LOCK);
        }
        if (isString() && !values.oneIn(3)) {
            prefixes.add(values.oneIn(2) ? 0xF2 : 0xF3);
        }
        Collections.shuffle(prefixes, shuffle);
        prefixes.forEach(this::add);
    }

    private int segmentPrefix() {
        int[] prefixes = codeSize == 32 || !HostFeatures.has(CpuFeature.FSGSBASE) ? FLAT : SEGMENTS;
        return prefixes[values.below(prefixes.length)];
    }

    /** With now and then a prefix that makes it #UD. */
    private void vexPrefixes() {
        if (values.oneIn(100)) {
            add(new int[] {0x66, 0xF2, 0xF3, LOCK, codeSize == 64 ? 0x48 : 0x66}[values.below(5)]);
        }
        if (values.oneIn(12)) {
            add(segmentPrefix());
        }
        if (values.oneIn(20)) {
            add(0x67);
        }
        int pp = form.mandatoryPrefix == 0x66
                ? 1
                : form.mandatoryPrefix == 0xF3 ? 2 : form.mandatoryPrefix == 0xF2 ? 3 : 0;
        int l = form.l >= 0 && !values.oneIn(30) ? form.l : values.below(2);
        boolean vvvv = form.usesVvvv() != values.oneIn(50);
        int last = (vvvv ? values.below(16) : 15) << 3 | l << 2 | pp;
        int w = form.w >= 0 && !values.oneIn(30) ? form.w : values.below(2);
        int rxb = codeSize == 64 ? values.below(8) : 7;
        if (codeSize == 32) {
            last |= 0x40;
        }
        if (form.map == 1 && w == 0 && (rxb & 3) == 3 && values.oneIn(2)) {
            add(0xC5);
            add((rxb & 4) << 5 | last);
        } else {
            add(0xC4);
            add(rxb << 5 | form.map);
            add(w << 7 | last);
        }
        add(form.opcode);
    }

    private void rex() {
        if (codeSize == 32) {
            return;
        }
        if (form.w == 1) {
            add(0x48 | values.below(8));
        } else if (form.w == 0 || form.mandatoryPrefix == InstructionForm.ANY_PREFIX && values.oneIn(3)) {
            if (values.oneIn(2)) {
                add(0x40 | values.below(8));
            }
        } else if (!values.oneIn(3)) {
            add(0x40 | values.below(16));
        }
    }

    private void opcode() {
        if (form.map > 0) {
            add(0x0F);
        }
        if (form.map > 1) {
            add(form.map == 2 ? 0x38 : 0x3A);
        }
        add(form.opcode + (form.plusRegister ? values.below(8) : 0));
    }

    private void modRm() {
        int reg = form.modRm >= 0 ? form.modRm : values.below(8);
        boolean register = form.rmConstraint == InstructionForm.RM_ANY
                ? values.oneIn(2)
                : form.rmConstraint != InstructionForm.RM_MEMORY;
        if (register) {
            add(0xC0 | reg << 3 | (form.rmConstraint >= 0 ? form.rmConstraint : values.below(8)));
            return;
        }
        int mod = values.below(3);
        int rm = values.below(8);
        add(mod << 6 | reg << 3 | rm);
        boolean wide = mod == 2 || mod == 0 && rm == 5;
        if (rm == 4) {
            int sib = values.below(256);
            add(sib);
            wide |= mod == 0 && (sib & 7) == 5;
        }
        displacement(wide ? 4 : mod);
    }

    private void displacement(int bytes) {
        displacementAt = bytes == 4 ? length : -1;
        for (int i = 0; i < bytes; i++) {
            add(bytes == 4 && i > 1 ? 0 : values.below(256));
        }
    }

    /** Enough bytes for any immediate; the decoder says how many belong to the instruction. */
    private void immediate() {
        int style = values.below(4);
        for (int i = 0; i < 10; i++) {
            switch (style) {
                case 0:
                    code[length + i] = (byte) values.below(256);
                    break;
                case 1:
                    code[length + i] = (byte) (i == 0 ? values.below(256) : 0);
                    break;
                case 2:
                    code[length + i] = (byte) (i == 0 ? values.below(256) : 0xFF);
                    break;
                default:
                    code[length + i] = (byte) (i == 0 ? values.below(8) : 0);
                    break;
            }
        }
    }

    // ---- operands that lie where memory is
    // ---------------------------------------------------------------------------------

    private void aim(Op op, MachineState state, int bytes) {
        if (form.operands.stream().anyMatch(o -> o.kind() == Operand.Kind.J)) {
            avoidSelf((int) (start - MachineState.START) + bytes);
        }
        if (form.isMoffs()) {
            setAddress(length, op.addressSize / 8, target() - segmentBase(op));
        } else if (form.hasModRm()
                && op.form != null
                && (op.base != Cpu.ZERO || op.index != Cpu.ZERO || displacementAt >= 0)) {
            aimModRm(op, state, bytes);
        }
        if (form.mnemonic.startsWith("BT")
                && op.form != null
                && !values.oneIn(6)
                && op.reg != op.base
                && op.reg != op.index) {
            state.gpr[op.reg] = values.below(6000) - 3000 & (codeSize == 64 ? -1 : 0xFFFFFFFFL);
        }
    }

    /** A branch into its own middle would execute garbage natively. */
    private void avoidSelf(int bytes) {
        int last = code[length];
        if (last < 0 && last >= -bytes) {
            code[length] = (byte) (last & 0x7F);
        }
    }

    private static long segmentBase(Op op) {
        return op.segment == Cpu.GS ? MachineState.GS_BASE : op.segment == Cpu.FS ? MachineState.FS_BASE : 0;
    }

    private void aimModRm(Op op, MachineState state, int bytes) {
        long goal = target() - segmentBase(op);
        if (op.base == Cpu.BLOCK) {
            setAddress(displacementAt, 4, goal - start - bytes);
        } else if (op.base < 16 && op.base != op.index) {
            long index = op.index < 16 ? state.gpr[op.index] << op.scale : 0;
            state.gpr[op.base] = goal - op.displacement - index;
        } else if (op.base < 16) {
            state.gpr[op.base] = (goal - op.displacement) / (1 + (1L << op.scale));
        } else {
            long index = 0;
            if (op.index < 16) {
                state.gpr[op.index] = values.below(64);
                index = state.gpr[op.index] << op.scale;
            }
            setAddress(displacementAt, 4, goal - index);
        }
    }

    private void setAddress(int at, int size, long value) {
        for (int i = 0; i < size; i++) {
            code[at + i] = (byte) (value >>> 8 * i);
        }
    }

    /** What FXRSTOR, XRSTOR and their like load; not random, since the host may know more states. */
    private void putImage(MachineState state) {
        long at = lastTarget - MachineState.WINDOW;
        if (at < 0 || at + area > MachineState.WINDOW_BYTES) {
            return;
        }
        MachineState other = new StateGenerator(values).state(codeSize);
        System.arraycopy(other.fxsave, 0, state.window, (int) at, Math.min(area, MachineState.FXSAVE_BYTES));
        if (area > MachineState.FXSAVE_BYTES) {
            int header = (int) at + MachineState.FXSAVE_BYTES;
            for (int i = 0; i < 64; i += 8) {
                state.setWindow(header + i, i == 0 ? values.below(8) : values.oneIn(100) ? 1 : 0);
            }
            if (values.oneIn(4)) {
                state.setWindow(header + 8, 1L << 63 | 7); // compacted, though nothing is missing
            }
            for (int i = 0; i < 32; i++) {
                state.setWindow(header + 64 + 8 * i, other.ymmHigh[i]);
            }
        }
    }

    /** Mostly in the window, sometimes over the page boundary or over the end of memory. */
    private long target() {
        lastTarget = area > 0 && !values.oneIn(6) ? areaTarget() : anyTarget();
        return lastTarget;
    }

    private long areaTarget() {
        int alignment = area > MachineState.FXSAVE_BYTES ? 64 : 16;
        return MachineState.WINDOW
                + alignment * (long) values.below((MachineState.WINDOW_BYTES - area) / alignment + 1);
    }

    private long anyTarget() {
        if (values.oneIn(12)) {
            return MachineState.DATA + 4096 - values.below(16);
        }
        if (values.oneIn(25)) {
            int end = MachineState.DATA_BYTES + (values.oneIn(3) ? MachineState.READ_ONLY_BYTES : 0);
            return MachineState.DATA + (values.oneIn(3) ? 0 : end) - values.below(18);
        }
        long address = MachineState.WINDOW + 64 + values.below(MachineState.WINDOW_BYTES - 128);
        return values.oneIn(5) ? address : address & -16;
    }

    /** Small numbers as indices of a gather. */
    private void aimIndices(MachineState state, Op op) {
        boolean wide = (form.opcode & 1) != 0;
        for (int i = 0; i < 4; i++) {
            long low = values.below(64) - 32;
            long value = wide ? low : low & 0xFFFFFFFFL | (long) (values.below(64) - 32) << 32;
            if (i < 2) {
                state.setQuad(MachineState.XMM0 + 16 * op.vectorRegister + 8 * i, value);
            } else {
                state.ymmHigh[2 * op.vectorRegister + i - 2] = value;
            }
        }
    }

    private void aimString(MachineState state, Op op) {
        if (values.oneIn(15)) {
            clearUpperHalves(state, op);
            return;
        }
        state.gpr[Cpu.RSI] = target();
        state.gpr[Cpu.RDI] = values.oneIn(3) ? state.gpr[Cpu.RSI] + values.below(24) - 8 : target();
        state.gpr[Cpu.RCX] = values.oneIn(20) ? values.integer() : values.below(40);
        if (values.oneIn(2)) {
            state.gpr[Cpu.RAX] = values.oneIn(2) ? 0 : 0x0101010101010101L;
        }
        clearUpperHalves(state, op);
    }

    /** When 32-bit address registers are zero-extended in a repetition of no iterations is not documented. */
    private static void clearUpperHalves(MachineState state, Op op) {
        if (op.addressSize == 32) {
            state.gpr[Cpu.RCX] &= 0xFFFFFFFFL;
            state.gpr[Cpu.RSI] &= 0xFFFFFFFFL;
            state.gpr[Cpu.RDI] &= 0xFFFFFFFFL;
        }
    }
}
