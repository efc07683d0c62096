// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.decode;

import java.util.EnumSet;
import java.util.Set;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.isa.InstructionForm;
import mckernelj.emulator.isa.InstructionTable;
import mckernelj.emulator.isa.OpSpinner;
import mckernelj.emulator.isa.Operand;

/**
 * Bytes to {@link Op}: prefixes, opcode, ModRM, SIB, displacement, immediates (SDM vol. 2, chapter 2), for 16-, 32- and 64-bit
 * code. One decoder serves one thread at a time.
 */
public final class Decoder {
    private static final int LONGEST = 15;

    /** Base and index register of the eight 16-bit addressing forms. */
    private static final byte[] BASE16 = {Cpu.RBX, Cpu.RBX, Cpu.RBP, Cpu.RBP, Cpu.RSI, Cpu.RDI, Cpu.RBP, Cpu.RBX};

    private static final byte[] INDEX16 = {Cpu.RSI, Cpu.RDI, Cpu.RSI, Cpu.RDI, Cpu.ZERO, Cpu.ZERO, Cpu.ZERO, Cpu.ZERO};

    private final InstructionTable table;
    private final Set<CpuFeature> features;
    private final Set<String> reported = UndefinedInstruction.newReport();

    private CodeBytes code;
    private int start;
    private int position;
    private int codeSize;
    private boolean operandPrefix;
    private boolean addressPrefix;
    private boolean lock;
    private int rep;
    private int segment;
    private int rex;
    private int addressSize;
    private int modRm;
    private boolean vex;
    private int vvvv;
    private boolean ymm;

    public Decoder(InstructionTable table, Set<CpuFeature> features) {
        this.table = table;
        this.features = EnumSet.copyOf(features);
        this.features.add(CpuFeature.BASE);
    }

    /** Decodes the instruction at {@code offset}; {@code codeSize} is 16, 32 or 64. Sets offset and nextOffset of the result. */
    public Op decode(CodeBytes bytes, int offset, int codeSize) {
        this.code = bytes;
        this.start = offset;
        this.position = offset;
        this.codeSize = codeSize;
        operandPrefix = false;
        addressPrefix = false;
        lock = false;
        rep = 0;
        segment = -1;
        rex = 0;
        modRm = -1;
        vex = false;
        vvvv = 0;
        ymm = false;
        int opcode = prefixes();
        Op op = opcode < 0 ? undefined() : instruction(opcode);
        op.offset = (char) start;
        op.nextOffset = (char) position;
        if (op.base == Cpu.BLOCK) {
            op.displacement += position;
        }
        return op;
    }

    private int next() {
        return code.at(position++);
    }

    private boolean tooLong() {
        return position - start > LONGEST;
    }

    /** Consumes the prefixes; returns the first opcode byte, or -1 if the instruction got too long. */
    private int prefixes() {
        while (true) {
            int b = next();
            if (tooLong()) {
                return -1;
            }
            if (codeSize == 64 && (b & 0xF0) == 0x40) {
                rex = b;
                continue;
            }
            if (!prefix(b)) {
                return b;
            }
            rex = 0; // a REX prefix counts only directly before the opcode
        }
    }

    private boolean prefix(int b) {
        switch (b) {
            case 0x66:
                operandPrefix = true;
                return true;
            case 0x67:
                addressPrefix = true;
                return true;
            case 0xF0:
                lock = true;
                return true;
            case 0xF2:
            case 0xF3:
                rep = b;
                return true;
            case 0x26:
            case 0x2E:
            case 0x36:
            case 0x3E:
                if (codeSize != 64) {
                    segment = Cpu.ES + (b - 0x26 >> 3);
                }
                return true;
            case 0x64:
                segment = Cpu.FS;
                return true;
            case 0x65:
                segment = Cpu.GS;
                return true;
            default:
                return false;
        }
    }

    private Op instruction(int firstByte) {
        int map = 0;
        int opcode = firstByte;
        if (opcode == 0x0F) {
            opcode = next();
            map = 1;
            if (opcode == 0x38 || opcode == 0x3A) {
                map = opcode == 0x38 ? 2 : 3;
                opcode = next();
            }
        } else if (isVex(firstByte)) {
            map = vexPrefix(firstByte == 0xC4);
            opcode = next();
            if (map < 0) {
                return undefined();
            }
        }
        addressSize = codeSize == 64 ? (addressPrefix ? 32 : 64) : (codeSize == 32) != addressPrefix ? 32 : 16;
        InstructionForm form = select(map, opcode);
        if (tooLong() || form == null) {
            return undefined();
        }
        return operation(form, opcode);
    }

    // ---- VEX (SDM vol. 2, 2.3.5)
    // --------------------------------------------------------------------------------------------

    /** C4 and C5 are LES and LDS outside of 64-bit mode if a memory operand follows; there is no VEX in 16-bit code here. */
    private boolean isVex(int b) {
        return (b == 0xC4 || b == 0xC5) && codeSize != 16 && (codeSize == 64 || code.at(position) >= 0xC0);
    }

    /** Consumes the rest of the prefix; returns the map in the instruction table, -1 for #UD. */
    private int vexPrefix(boolean threeBytes) {
        boolean illegal = operandPrefix || rep != 0 || lock || rex != 0;
        int first = next();
        int last = threeBytes ? next() : first;
        int map = threeBytes ? first & 31 : 1;
        vex = true;
        rex = 0x40 | (first >> 7 ^ 1) << 2;
        if (threeBytes) {
            rex |= (first >> 6 & 1 ^ 1) << 1 | first >> 5 & 1 ^ 1 | (last & 0x80) >> 4;
        }
        vvvv = ~last >> 3 & 15;
        if (codeSize != 64) {
            rex &= 0x48; // only eight registers
            vvvv &= 7;
        }
        ymm = (last & 4) != 0;
        operandPrefix = (last & 3) == 1;
        rep = (last & 3) == 2 ? 0xF3 : (last & 3) == 3 ? 0xF2 : 0;
        return illegal || map < 1 || map > 3 ? -1 : InstructionTable.VEX + map;
    }

    private boolean vexMatches(InstructionForm form) {
        return (form.l < 0 || form.l == 1 == ymm) && (vvvv == 0 || form.usesVvvv());
    }

    private InstructionForm select(int map, int opcode) {
        for (InstructionForm form : table.candidates(map, opcode)) {
            if (matches(form)) {
                return form;
            }
        }
        return null;
    }

    private boolean matches(InstructionForm form) {
        boolean ignoresW = vex && codeSize != 64 && form.usesGeneralRegister();
        int w = ignoresW ? 0 : rex >> 3 & 1;
        if (!prefixMatches(form.mandatoryPrefix) || form.w >= 0 && form.w != w || vex && !vexMatches(form)) {
            return false;
        }
        if (!features.contains(form.feature(ymm)) || form.no64() && codeSize == 64) {
            return false;
        }
        if (!form.hasModRm()) {
            return true;
        }
        if (modRm < 0) {
            modRm = code.at(position);
        }
        boolean register = modRm >= 0xC0 || form.ignoresMod();
        if (form.modRm >= 0 && form.modRm != (modRm >> 3 & 7)) {
            return false;
        }
        switch (form.rmConstraint) {
            case InstructionForm.RM_ANY:
                return true;
            case InstructionForm.RM_REGISTER:
                return register;
            case InstructionForm.RM_MEMORY:
                return !register;
            default:
                return register && form.rmConstraint == (modRm & 7);
        }
    }

    private boolean prefixMatches(int wanted) {
        switch (wanted) {
            case InstructionForm.ANY_PREFIX:
                return true;
            case InstructionForm.NO_PREFIX:
                return rep == 0 && !operandPrefix;
            case 0x66:
                return rep == 0 && operandPrefix;
            default:
                return rep == wanted;
        }
    }

    private int operandSize(InstructionForm form) {
        boolean small = operandPrefix && form.mandatoryPrefix != 0x66;
        if (codeSize != 64) {
            return (codeSize == 32) != small ? 32 : 16;
        }
        if ((rex & 8) != 0 || form.isNearBranch()) {
            return 64;
        }
        return small ? 16 : form.default64() ? 64 : 32;
    }

    private Op operation(InstructionForm form, int opcode) {
        int size = operandSize(form);
        boolean memory = false;
        if (form.hasModRm()) {
            modRm = next();
            memory = modRm < 0xC0 && !form.ignoresMod();
        }
        int reg = form.hasModRm() ? modRm >> 3 & 7 : form.plusRegister ? opcode & 7 : 0;
        int rm = form.hasModRm() ? modRm & 7 : reg;
        boolean high = rex == 0;
        boolean inMemory = memory || form.isMoffs();
        boolean address64 = codeSize == 64 && addressSize == 64;
        Op op = table.spinner()
                .newOp(
                        form,
                        vex
                                ? OpSpinner.vexShape(size, inMemory, address64, ymm)
                                : OpSpinner.shape(
                                        size,
                                        inMemory,
                                        high && reg >= 4,
                                        high && rm >= 4,
                                        address64,
                                        lock || form.implicitLock()));
        op.form = form;
        op.vvvv = (byte) vvvv;
        op.ymm = ymm;
        op.operandSize = (byte) size;
        op.addressSize = (byte) addressSize;
        op.lock = lock;
        op.rep = (char) (form.mandatoryPrefix > InstructionForm.NO_PREFIX && form.mandatoryPrefix == rep ? 0 : rep);
        op.condition = (byte) (opcode & 15);
        op.reg = (byte) (reg | (form.hasModRm() ? (rex & 4) << 1 : (rex & 1) << 3));
        op.rm = (byte) (rm | (rex & 1) << 3);
        op.segment = (byte) (segment >= 0 ? segment : codeSize == 64 ? Cpu.ZERO : Cpu.DS);
        if (memory) {
            memoryOperand(op, form.isVsib());
        }
        if (form.isX87()) {
            op.immediate = (opcode & 7) << 8 | modRm; // what FOP holds
        }
        immediates(form, op, size);
        if (tooLong() || lock && !(memory && form.allowsLock()) || form.isVsib() && !isVsib(op)) {
            return undefined();
        }
        return op;
    }

    /** A vector register as index needs a SIB byte, and no two of destination, mask and index may be the same. */
    private boolean isVsib(Op op) {
        return (modRm & 7) == 4
                && addressSize != 16
                && op.reg != op.vvvv
                && op.reg != op.vectorRegister
                && op.vvvv != op.vectorRegister;
    }

    // ---- memory operands
    // --------------------------------------------------------------------------------------------------

    private void memoryOperand(Op op, boolean vsib) {
        int mod = modRm >> 6;
        int rm = modRm & 7;
        if (addressSize == 16) {
            memory16(op, mod, rm);
            return;
        }
        if (rm == 4) {
            sib(op, mod, vsib);
        } else if (mod == 0 && rm == 5) {
            op.base = (byte) (codeSize == 64 ? Cpu.BLOCK : Cpu.ZERO);
            op.displacement = signed(4);
        } else {
            op.base = (byte) (rm | (rex & 1) << 3);
        }
        displacement(op, mod, 4);
        stackSegment(op);
    }

    private void sib(Op op, int mod, boolean vsib) {
        int sib = next();
        int index = sib >> 3 & 7 | (rex & 2) << 2;
        if (vsib) {
            op.vectorRegister = (byte) index;
            op.scale = (byte) (sib >> 6);
        } else if (index != 4) {
            op.index = (byte) index;
            op.scale = (byte) (sib >> 6);
        }
        if (mod == 0 && (sib & 7) == 5) {
            op.displacement = signed(4);
        } else {
            op.base = (byte) (sib & 7 | (rex & 1) << 3);
        }
    }

    private void memory16(Op op, int mod, int rm) {
        if (mod == 0 && rm == 6) {
            op.displacement = signed(2);
        } else {
            op.base = BASE16[rm];
            op.index = INDEX16[rm];
        }
        displacement(op, mod, 2);
        stackSegment(op);
    }

    private void displacement(Op op, int mod, int longSize) {
        if (mod == 1) {
            op.displacement = signed(1);
        } else if (mod == 2) {
            op.displacement = signed(longSize);
        }
    }

    private void stackSegment(Op op) {
        if (codeSize != 64 && segment < 0 && (op.base == Cpu.RSP || op.base == Cpu.RBP)) {
            op.segment = Cpu.SS;
        }
    }

    // ---- immediates
    // -------------------------------------------------------------------------------------------------------

    private void immediates(InstructionForm form, Op op, int size) {
        boolean second = false;
        for (Operand operand : form.operands) {
            switch (operand.kind()) {
                case I:
                    long value = signed(immediateBytes(operand.size(), size));
                    if (second) {
                        op.displacement = value; // Op.immediate2
                    } else {
                        op.immediate = value;
                    }
                    second = true;
                    break;
                case L:
                    op.vectorRegister = (byte) (next() >> 4 & (codeSize == 64 ? 15 : 7));
                    break;
                case J:
                    op.immediate = signed(operand.size().equals("b") ? 1 : size == 16 ? 2 : 4);
                    break;
                case O:
                    op.displacement = signed(addressSize / 8);
                    break;
                case A:
                    op.immediate = size == 16 ? signed(2) & 0xFFFF : signed(4) & 0xFFFFFFFFL;
                    op.displacement = signed(2) & 0xFFFF; // Op.immediate2
                    break;
                default:
                    break;
            }
        }
    }

    private static int immediateBytes(String sizeLetter, int operandSize) {
        switch (sizeLetter) {
            case "b":
            case "b2":
            case "b3":
            case "b4":
            case "bs":
                return 1;
            case "w":
                return 2;
            case "d":
                return 4;
            case "v":
                return operandSize / 8;
            default:
                return operandSize == 16 ? 2 : 4;
        }
    }

    private long signed(int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (long) next() << 8 * i;
        }
        int shift = 64 - 8 * bytes;
        return value << shift >> shift;
    }

    private Op undefined() {
        byte[] bytes = new byte[Math.min(LONGEST, Math.max(1, position - start))];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) code.at(start + i);
        }
        return new UndefinedInstruction(bytes, tooLong(), reported);
    }
}
