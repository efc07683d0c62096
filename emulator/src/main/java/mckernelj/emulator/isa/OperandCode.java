// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa;

import static org.objectweb.asm.Opcodes.*;

import mckernelj.emulator.isa.Operand.Kind;
import org.objectweb.asm.MethodVisitor;

/** Emits loads and stores of operands: the only place that knows how operand codes become accesses. */
class OperandCode {
    static final String CPU = "mckernelj/emulator/cpu/Cpu";
    static final String OP = "mckernelj/emulator/cpu/Op";
    private static final String X87 = "mckernelj/emulator/cpu/X87";

    /** Local variables. */
    static final int THIS = 0;

    static final int CPU_LOCAL = 1;
    static final int ADDRESS = 2;
    static final int RESULT = 4;
    static final int RESULT_HIGH = 6;
    static final int OLD = 12;

    final MethodVisitor mv;
    final InstructionForm form;
    final int shape;
    final int operandSize;
    final boolean memory;

    /** 256: the VEX form works on ymm registers. */
    final int vectorSize;

    OperandCode(MethodVisitor mv, InstructionForm form, int shape) {
        this.mv = mv;
        this.form = form;
        this.shape = shape;
        this.operandSize = 16 << (shape & OpSpinner.SIZE_MASK);
        this.memory = (shape & OpSpinner.MEMORY) != 0;
        this.vectorSize = (shape & OpSpinner.VECTOR256) != 0 ? 256 : 128;
    }

    Operand first() {
        return form.operands.get(0);
    }

    int width(Operand operand) {
        return operand.width(operandSize, vectorSize);
    }

    boolean inMemory(Operand operand) {
        return memory && operand.mayBeMemory();
    }

    // ---- operands
    // -------------------------------------------------------------------------------------------------------

    static boolean isVector(Operand operand) {
        switch (operand.kind()) {
            case V:
            case U:
            case W:
            case P:
            case N:
            case Q:
            case H:
            case L:
            case XMM0:
                return true;
            default:
                return false;
        }
    }

    static boolean isVectorOrMemory(Operand operand) {
        return isVector(operand) || operand.kind() == Kind.M;
    }

    /** Pushes the value of one operand as a long (of a 128-bit one the given half), nothing for ST0, an int for STi. */
    void load(Operand operand, int half) {
        switch (operand.kind()) {
            case ST0:
            case SPECIAL:
                break;
            case STI:
                field("rm", "B");
                break;
            case ONE:
                mv.visitInsn(LCONST_1);
                break;
            case I:
            case A:
                field("immediate", "J");
                break;
            case J:
                branchTarget();
                break;
            default:
                if (operand.isAddress()) {
                    mv.visitVarInsn(LLOAD, ADDRESS);
                } else if (inMemory(operand)) {
                    loadMemory(operand, half);
                } else if (isVector(operand)) {
                    loadVector(operand, half);
                } else {
                    loadGeneral(operand);
                }
                break;
        }
    }

    private void branchTarget() {
        mv.visitVarInsn(ALOAD, CPU_LOCAL);
        mv.visitFieldInsn(GETFIELD, CPU, "r", "[J");
        push(17);
        mv.visitInsn(LALOAD);
        field("nextOffset", "C");
        mv.visitInsn(I2L);
        mv.visitInsn(LADD);
        field("immediate", "J");
        mv.visitInsn(LADD);
        if (operandSize != 64) {
            mv.visitLdcInsn(operandSize == 32 ? 0xFFFFFFFFL : 0xFFFFL);
            mv.visitInsn(LAND);
        }
    }

    /** Of each 16 bytes the lower half must be loaded first. */
    void loadMemory(Operand operand, int half) {
        int width = width(operand);
        mv.visitVarInsn(ALOAD, CPU_LOCAL);
        if (half % 2 == 1) {
            mv.visitFieldInsn(GETFIELD, CPU, "loadedHigh", "J");
            return;
        }
        mv.visitVarInsn(LLOAD, ADDRESS);
        if (half > 0) {
            mv.visitLdcInsn(8L * half);
            mv.visitInsn(LADD);
        }
        cpuInvoke("load" + Math.min(128, width), "(J)J");
    }

    private void loadGeneral(Operand operand) {
        int width = width(operand);
        boolean high = high(operand);
        registers("r");
        generalNumber(operand);
        mv.visitInsn(LALOAD);
        if (high) {
            push(8);
            mv.visitInsn(LUSHR);
        }
        if (width < 64) {
            mv.visitInsn(L2I);
            if (width < 32) {
                mv.visitInsn(width == 8 ? I2B : I2S);
            }
            mv.visitInsn(I2L);
        }
    }

    boolean high(Operand operand) {
        return width(operand) == 8
                && (operand.kind() == Kind.G && (shape & OpSpinner.HIGH_REG) != 0
                        || (operand.kind() == Kind.E || operand.kind() == Kind.R || operand.kind() == Kind.Z)
                                && (shape & OpSpinner.HIGH_RM) != 0);
    }

    private void generalNumber(Operand operand) {
        switch (operand.kind()) {
            case FIXED:
                push(operand.register());
                break;
            case G:
                field("reg", "B");
                break;
            case B:
                field("vvvv", "B");
                break;
            default:
                field("rm", "B");
                break;
        }
        if (high(operand)) {
            push(3);
            mv.visitInsn(IAND);
        }
    }

    void registerNumber(Operand operand) {
        switch (operand.kind()) {
            case XMM0:
                push(0);
                break;
            case V:
            case P:
                field("reg", "B");
                break;
            case H:
                field("vvvv", "B");
                break;
            case L:
                field("vectorRegister", "B");
                break;
            default:
                field("rm", "B");
                break;
        }
        if (operand.kind() == Kind.P || operand.kind() == Kind.N || operand.kind() == Kind.Q) {
            push(7);
            mv.visitInsn(IAND);
        }
    }

    static boolean isMmx(Operand operand) {
        return operand.kind() == Kind.P || operand.kind() == Kind.N || operand.kind() == Kind.Q;
    }

    private void loadVector(Operand operand, int half) {
        if (isMmx(operand)) {
            mv.visitVarInsn(ALOAD, CPU_LOCAL);
            mv.visitFieldInsn(GETFIELD, CPU, "x87", "L" + X87 + ";");
            registerNumber(operand);
            mv.visitMethodInsn(INVOKEVIRTUAL, X87, "mm", "(I)J", false);
        } else {
            loadQuarter(operand, operand.size().equals("hq") ? 1 : half);
        }
        int width = width(operand);
        if (width < 64) {
            mv.visitInsn(L2I);
            if (width < 32) {
                mv.visitInsn(width == 8 ? I2B : I2S);
            }
            mv.visitInsn(I2L);
        }
    }

    /** Pushes 64 bits of an xmm or ymm register; {@code quarter} 0..3. */
    void loadQuarter(Operand operand, int quarter) {
        registers(quarter < 2 ? "xmm" : "ymmHigh");
        xmmIndex(operand, quarter & 1);
        mv.visitInsn(LALOAD);
    }

    private void xmmIndex(Operand operand, int half) {
        registerNumber(operand);
        mv.visitInsn(ICONST_1);
        mv.visitInsn(ISHL);
        if (half == 1) {
            mv.visitInsn(ICONST_1);
            mv.visitInsn(IADD);
        }
    }

    // ---- write-back
    // -----------------------------------------------------------------------------------------------------

    void store(Operand operand, int half, int local) {
        if (inMemory(operand)) {
            mv.visitVarInsn(ALOAD, CPU_LOCAL);
            mv.visitVarInsn(LLOAD, ADDRESS);
            if (half == 1) {
                mv.visitLdcInsn(8L);
                mv.visitInsn(LADD);
            }
            mv.visitVarInsn(LLOAD, local);
            cpuInvoke("store" + Math.min(64, width(operand)), "(JJ)V");
        } else if (isMmx(operand)) {
            mv.visitVarInsn(ALOAD, CPU_LOCAL);
            mv.visitFieldInsn(GETFIELD, CPU, "x87", "L" + X87 + ";");
            registerNumber(operand);
            low(local, width(operand));
            mv.visitMethodInsn(INVOKEVIRTUAL, X87, "setMm", "(IJ)V", false);
        } else if (isVector(operand)) {
            storeXmm(operand, half, local);
        } else {
            storeGeneral(operand, local);
        }
    }

    private void storeXmm(Operand operand, int half, int local) {
        boolean upper = operand.size().equals("hq");
        registers("xmm");
        xmmIndex(operand, upper ? 1 : half);
        if (operand.size().equals("ss")) {
            mv.visitInsn(DUP2);
            mv.visitInsn(LALOAD);
            mv.visitLdcInsn(0xFFFFFFFF00000000L);
            mv.visitInsn(LAND);
            low(local, 32);
            mv.visitInsn(LOR);
        } else {
            low(local, width(operand));
        }
        mv.visitInsn(LASTORE);
        if (operand.size().equals("q") || operand.size().equals("d")) {
            registers("xmm");
            xmmIndex(operand, 1);
            mv.visitInsn(LCONST_0);
            mv.visitInsn(LASTORE);
        }
    }

    private void storeGeneral(Operand operand, int local) {
        int width = width(operand);
        if (high(operand)) {
            mv.visitVarInsn(ALOAD, CPU_LOCAL);
            generalNumber(operand);
            mv.visitVarInsn(LLOAD, local);
            cpuInvoke("setHighByte", "(IJ)V");
        } else if (width >= 32) {
            registers("r");
            generalNumber(operand);
            low(local, width);
            mv.visitInsn(LASTORE);
        } else {
            mv.visitVarInsn(ALOAD, CPU_LOCAL);
            push(width);
            generalNumber(operand);
            mv.visitVarInsn(LLOAD, local);
            cpuInvoke("setRegister", "(IIJ)V");
        }
    }

    void writeSecond() {
        for (Operand operand : form.operands) {
            if (operand.alsoWritten()) {
                mv.visitVarInsn(ALOAD, CPU_LOCAL);
                mv.visitFieldInsn(GETFIELD, CPU, "secondResult", "J");
                mv.visitVarInsn(LSTORE, RESULT_HIGH);
                store(operand, 0, RESULT_HIGH);
            }
        }
    }

    void checkWrite(int width) {
        mv.visitVarInsn(ALOAD, CPU_LOCAL);
        mv.visitVarInsn(LLOAD, ADDRESS);
        push(width / 8);
        cpuInvoke("checkWrite", "(JI)V");
    }

    // ---- small pieces
    // ---------------------------------------------------------------------------------------------------

    void low(int local, int width) {
        mv.visitVarInsn(LLOAD, local);
        if (width == 32) {
            mv.visitLdcInsn(0xFFFFFFFFL);
            mv.visitInsn(LAND);
        }
    }

    void registers(String array) {
        mv.visitVarInsn(ALOAD, CPU_LOCAL);
        mv.visitFieldInsn(GETFIELD, CPU, array, "[J");
    }

    void field(String name, String type) {
        mv.visitVarInsn(ALOAD, THIS);
        mv.visitFieldInsn(GETFIELD, OP, name, type);
    }

    void cpuCall(String name, String descriptor) {
        mv.visitVarInsn(ALOAD, CPU_LOCAL);
        cpuInvoke(name, descriptor);
    }

    void cpuInvoke(String name, String descriptor) {
        mv.visitMethodInsn(INVOKEVIRTUAL, CPU, name, descriptor, false);
    }

    void push(int value) {
        if (value <= 5) {
            mv.visitInsn(ICONST_0 + value);
        } else if (value < 128) {
            mv.visitIntInsn(BIPUSH, value);
        } else {
            mv.visitIntInsn(SIPUSH, value);
        }
    }
}
