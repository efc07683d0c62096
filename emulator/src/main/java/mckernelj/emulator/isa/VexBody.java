// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa;

import static org.objectweb.asm.Opcodes.*;

import java.util.List;
import mckernelj.emulator.isa.Operand.Kind;
import org.objectweb.asm.MethodVisitor;

/**
 * Emits VEX-encoded forms with a vector destination. The 128-bit operation is done on each half of ymm registers; all
 * is computed, and memory is read, before anything is written. Void methods see {@code Cpu.STAGE} as their destination.
 */
final class VexBody extends OpBody {
    private static final int STAGE = 16;
    private static final int MEMORY_VALUES = 14;

    /** Halves of 128 bits. */
    private final int halves;

    VexBody(MethodVisitor mv, InstructionForm form, int shape) {
        super(mv, form, shape);
        halves = vectorSize == 256 && form.operands.stream().anyMatch(Operand::followsVectorSize) ? 2 : 1;
    }

    @Override
    void emitOperation() {
        boolean returns = method.getReturnType() == long.class;
        boolean vector = !form.operands.isEmpty() && (isVector(first()) || first().followsVectorSize());
        if (vector && returns) {
            emitHalves(false);
        } else if (vector
                && firstValueParameter() == int.class
                && !first().size().equals("qq")) {
            emitHalves(true);
        } else {
            super.emitOperation();
        }
    }

    private void emitHalves(boolean staged) {
        boolean pair = staged || first().width(operandSize, 128) == 128;
        int passed = firstPassed(staged, pair);
        readMemory();
        for (int half = 0; half < halves; half++) {
            if (staged) {
                emitStaged(half, passed);
            } else if (pair) {
                emitCall(half, 0, true, passed, RESULT + 4 * half);
                emitCall(half, 1, true, passed, RESULT + 4 * half + 2);
            } else {
                emitCall(half, 0, false, passed, RESULT + 2 * half);
            }
        }
        if (inMemory(first())) {
            checkWrite(width(first())); // VCVTPS2PH changes MXCSR even if it faults
            writeMemory();
        } else if (width(first()) < 128 && !first().followsVectorSize()) {
            writeScalar(passed == 0 ? first() : form.operands.get(1));
        } else {
            writeRegister(pair);
        }
    }

    /** Index of the first operand that is passed as a value: 0, 1 or 2. */
    private int firstPassed(boolean staged, boolean pair) {
        long actual = parameters.stream().filter(p -> p == long.class).count();
        List<Operand> operands = form.operands;
        for (int from = 0; from <= Math.min(2, operands.size()); from++) {
            int expected = operands.subList(from, operands.size()).stream()
                    .mapToInt(o -> pair && !staged ? Math.min(1, longsOfHalf(o)) : longsOfHalf(o))
                    .sum();
            if (expected == actual) {
                return from;
            }
        }
        throw new IllegalStateException(form + ": " + method + " does not fit its operands");
    }

    private int longsOfHalf(Operand operand) {
        boolean wide = (isVectorOrMemory(operand)) && !operand.isAddress();
        return wide ? Math.max(1, operand.width(operandSize, 128) / 64) : 1;
    }

    private void emitCall(int half, int part, boolean pair, int passed, int result) {
        pushLeading(true);
        for (Operand operand : form.operands.subList(passed, form.operands.size())) {
            loadPart(operand, half, part);
            for (int i = 1; !pair && i < longsOfHalf(operand); i++) {
                loadPart(operand, half, i);
            }
        }
        pushOp();
        invoke();
        mv.visitVarInsn(LSTORE, result);
    }

    private void emitStaged(int half, int passed) {
        if (passed == 2) {
            stage(form.operands.get(1), half);
        }
        pushLeading(false);
        push(STAGE);
        for (Operand operand : form.operands.subList(passed, form.operands.size())) {
            for (int i = 0; i < longsOfHalf(operand); i++) {
                loadPart(operand, half, i);
            }
        }
        pushOp();
        invoke();
        for (int i = 0; i < 2; i++) {
            registers("xmm");
            push(2 * STAGE + i);
            mv.visitInsn(LALOAD);
            mv.visitVarInsn(LSTORE, RESULT + 4 * half + 2 * i);
        }
    }

    private void stage(Operand source, int half) {
        for (int i = 0; i < 2; i++) {
            registers("xmm");
            push(2 * STAGE + i);
            loadQuarter(source, 2 * half + i);
            mv.visitInsn(LASTORE);
        }
    }

    // ---- sources
    // --------------------------------------------------------------------------------------------------------

    /** Bytes of what one half takes of an operand smaller than a register, or 8. */
    private int partBytes(Operand operand) {
        return Math.min(64, operand.width(operandSize, 128)) / 8;
    }

    private void readMemory() {
        for (Operand operand : form.operands) {
            if (operand.equals(first()) && form.operands.size() > 1
                    || !inMemory(operand)
                    || !isVectorOrMemory(operand)) {
                continue;
            }
            int parts = operand.followsVectorSize() ? halves * longsOfHalf(operand) : longsOfHalf(operand);
            boolean pairs = partBytes(operand) == 8 && parts > 1;
            for (int i = 0; i < parts; i++) {
                mv.visitVarInsn(ALOAD, CPU_LOCAL);
                if (pairs && i % 2 == 1) {
                    mv.visitFieldInsn(GETFIELD, CPU, "loadedHigh", "J");
                } else {
                    addressPlus(i * partBytes(operand));
                    cpuInvoke("load" + (pairs ? 128 : 8 * partBytes(operand)), "(J)J");
                }
                mv.visitVarInsn(LSTORE, MEMORY_VALUES + 2 * i);
            }
        }
    }

    private void addressPlus(int bytes) {
        mv.visitVarInsn(LLOAD, ADDRESS);
        if (bytes != 0) {
            mv.visitLdcInsn((long) bytes);
            mv.visitInsn(LADD);
        }
    }

    /** Pushes 64 bits of what {@code half} of the operation takes. */
    private void loadPart(Operand operand, int half, int part) {
        int index = operand.followsVectorSize() ? half * longsOfHalf(operand) + part : part;
        if (operand.kind() == Kind.I) {
            load(operand, 0);
            if (half == 1 && operand.laneShift() > 0) {
                push(operand.laneShift());
                mv.visitInsn(LSHR);
            }
        } else if (!isVectorOrMemory(operand)) {
            load(operand, 0);
        } else if (inMemory(operand)) {
            // a narrow operand is the same for all parts
            mv.visitVarInsn(LLOAD, MEMORY_VALUES + 2 * Math.min(index, lastPart(operand)));
        } else if (operand.followsVectorSize() && partBytes(operand) < 8) {
            loadElement(operand, half);
        } else if (width(operand) < 128 && !operand.followsVectorSize()) {
            load(operand, 0);
        } else {
            loadQuarter(operand, index);
        }
    }

    private int lastPart(Operand operand) {
        return (operand.followsVectorSize() ? halves * longsOfHalf(operand) : longsOfHalf(operand)) - 1;
    }

    /** The element of 32 or 16 bits that a half takes of a register, sign-extended. */
    private void loadElement(Operand operand, int half) {
        loadQuarter(operand, 0);
        if (half == 1) {
            push(8 * partBytes(operand));
            mv.visitInsn(LSHR);
        }
        mv.visitInsn(L2I);
        if (partBytes(operand) == 2) {
            mv.visitInsn(I2S);
        }
        mv.visitInsn(I2L);
    }

    // ---- write-back
    // -----------------------------------------------------------------------------------------------------

    private void writeMemory() {
        int bytes = partBytes(first());
        int last = lastPart(first());
        boolean pairs = bytes == 8 && last > 0;
        for (int i = 0; i <= last; i += pairs ? 2 : 1) {
            mv.visitVarInsn(ALOAD, CPU_LOCAL);
            addressPlus(i * bytes);
            mv.visitVarInsn(LLOAD, RESULT + 2 * i);
            if (pairs) {
                mv.visitVarInsn(LLOAD, RESULT + 2 * i + 2);
                cpuInvoke("store128", "(JJJ)V");
            } else {
                cpuInvoke("store" + 8 * bytes, "(JJ)V");
            }
        }
    }

    private void writeRegister(boolean pair) {
        int longs = pair ? 2 * halves : halves;
        mv.visitVarInsn(ALOAD, CPU_LOCAL);
        registerNumber(first());
        for (int i = 0; i < 4; i++) {
            if (i < longs) {
                mv.visitVarInsn(LLOAD, RESULT + 2 * i);
            } else {
                mv.visitInsn(LCONST_0);
            }
        }
        cpuInvoke("setYmm", "(IJJJJ)V");
    }

    /** A result of at most 64 bits; above it zeros (sizes q, d), or the bits of {@code rest}. */
    private void writeScalar(Operand rest) {
        mv.visitVarInsn(ALOAD, CPU_LOCAL);
        registerNumber(first());
        switch (first().size()) {
            case "ss":
                loadQuarter(rest, 0);
                mv.visitLdcInsn(0xFFFFFFFF00000000L);
                mv.visitInsn(LAND);
                low(RESULT, 32);
                mv.visitInsn(LOR);
                loadQuarter(rest, 1);
                break;
            case "sd":
                mv.visitVarInsn(LLOAD, RESULT);
                loadQuarter(rest, 1);
                break;
            case "hq":
                loadQuarter(rest, 0);
                mv.visitVarInsn(LLOAD, RESULT);
                break;
            default:
                low(RESULT, width(first()));
                mv.visitInsn(LCONST_0);
                break;
        }
        mv.visitInsn(LCONST_0);
        mv.visitInsn(LCONST_0);
        cpuInvoke("setYmm", "(IJJJJ)V");
    }
}
