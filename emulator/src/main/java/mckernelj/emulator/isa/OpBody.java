// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa;

import static org.objectweb.asm.Opcodes.*;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.isa.Operand.Kind;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/** Emits one exec method: operands, the call of the method that defines the instruction, write-back. */
class OpBody extends OperandCode {
    final Method method;
    final List<Class<?>> parameters;

    OpBody(MethodVisitor mv, InstructionForm form, int shape) {
        super(mv, form, shape);
        this.method = form.method;
        this.parameters = new ArrayList<>(List.of(method.getParameterTypes()));
    }

    void emit() {
        if (form.encoding.privileged()) {
            cpuCall("checkPrivileged", "()V");
        }
        if (form.usesVectorState()) {
            cpuCall("checkAvx", "()V");
        }
        if (form.usesSse()) {
            cpuCall("checkSse", "()V");
        }
        if (form.usesMmx()) {
            cpuCall("checkMmx", "()V");
        }
        if (form.loadsForX87() && memory) {
            cpuCall("checkX87", "()V");
        }
        if (isControlStyle()) {
            if (method.getParameterCount() == 2) {
                mv.visitVarInsn(ALOAD, CPU_LOCAL);
            }
            mv.visitVarInsn(ALOAD, THIS);
            invoke();
            return;
        }
        if (memory && !form.operands.isEmpty()) {
            emitAddress();
        }
        emitOperation();
    }

    void emitOperation() {
        boolean writes = method.getReturnType() == long.class;
        if (!writes) {
            emitVoid();
        } else if (width(first()) == 128) {
            emitLanes();
        } else {
            emitValue();
        }
    }

    private boolean isControlStyle() {
        int count = parameters.size();
        return count > 0
                && count <= 2
                && parameters.get(count - 1) == Op.class
                && method.getReturnType() == void.class
                && (count == 1 || parameters.get(0).getSimpleName().equals("Cpu"));
    }

    private void emitAddress() {
        boolean plain =
                form.operands.stream().anyMatch(o -> o.isAddress() && o.size().equals("a"));
        if (!plain && (shape & OpSpinner.ADDRESS64) == 0 && !form.operands.isEmpty()) {
            emitSegmentCheck();
        }
        mv.visitVarInsn(ALOAD, THIS);
        mv.visitVarInsn(ALOAD, CPU_LOCAL);
        String name = plain ? "offsetAddress" : (shape & OpSpinner.ADDRESS64) != 0 ? "linear64" : "linear";
        mv.visitMethodInsn(INVOKEVIRTUAL, OP, name, "(L" + CPU + ";)J", false);
        mv.visitVarInsn(LSTORE, ADDRESS);
        for (Operand operand : form.operands) {
            if (inMemory(operand) && operand.size().equals(form.vex ? "xa" : "dq")) {
                mv.visitVarInsn(ALOAD, CPU_LOCAL);
                mv.visitVarInsn(LLOAD, ADDRESS);
                push(width(operand) / 8);
                cpuInvoke("checkAligned", "(JI)V");
            }
        }
    }

    /** 16- and 32-bit code: limit and rights of the segment. */
    private void emitSegmentCheck() {
        int bytes = 1;
        for (Operand operand : form.operands) {
            bytes = inMemory(operand) && !operand.isAddress() ? Math.max(bytes, width(operand) / 8) : bytes;
        }
        boolean write = inMemory(first()) && method.getReturnType() == long.class
                || form.operands.stream().anyMatch(o -> o.alsoWritten() && inMemory(o));
        mv.visitVarInsn(ALOAD, CPU_LOCAL);
        field("segment", "B");
        mv.visitVarInsn(ALOAD, THIS);
        mv.visitVarInsn(ALOAD, CPU_LOCAL);
        mv.visitMethodInsn(INVOKEVIRTUAL, OP, "offsetAddress", "(L" + CPU + ";)J", false);
        push(bytes);
        push(write ? 1 : 0);
        cpuInvoke("checkSegment", "(IJIZ)V");
    }

    // ---- the three styles ---------------------------------------------------------------------------------------

    void emitVoid() {
        boolean register = !form.operands.isEmpty() && isVector(first()) && firstValueParameter() == int.class;
        pushLeading(!register);
        for (int i = 0; i < form.operands.size(); i++) {
            Operand operand = form.operands.get(i);
            if (i == 0 && register) {
                registerNumber(operand);
            } else {
                loadWhole(operand);
            }
        }
        pushOp();
        invoke();
    }

    private void loadWhole(Operand operand) {
        load(operand, 0);
        for (int i = 1; i < longs(operand); i++) {
            load(operand, i);
        }
    }

    /** How many long parameters an operand takes outside lane-wise methods. */
    int longs(Operand operand) {
        return operand.kind() == Kind.ST0 || operand.kind() == Kind.STI || operand.kind() == Kind.SPECIAL
                ? 0
                : isVectorOrMemory(operand) && !operand.isAddress() ? Math.max(1, width(operand) / 64) : 1;
    }

    private void emitValue() {
        boolean readsFirst = readsFirst();
        boolean toMemory = inMemory(first());
        if (toMemory && readsFirst && (shape & OpSpinner.LOCK) != 0) {
            emitLocked();
            return;
        }
        if (toMemory && readsFirst) {
            mv.visitVarInsn(ALOAD, CPU_LOCAL);
            push(width(first()));
            mv.visitVarInsn(LLOAD, ADDRESS);
            cpuInvoke("loadForWrite", "(IJ)J");
            mv.visitVarInsn(LSTORE, OLD);
        } else if (toMemory && form.operands.stream().anyMatch(o -> o.alsoWritten() || isMmx(o))) {
            // the method changes more than its result: x87 mode ends, a second destination
            checkWrite(width(first()));
        }
        pushLeading(true);
        for (int i = readsFirst ? 0 : 1; i < form.operands.size(); i++) {
            if (i == 0 && toMemory) {
                mv.visitVarInsn(LLOAD, OLD);
            } else {
                loadWhole(form.operands.get(i));
            }
        }
        pushOp();
        invoke();
        mv.visitVarInsn(LSTORE, RESULT);
        // the first operand wins if both are the same register (XADD EAX, EAX)
        if (!toMemory) {
            writeSecond();
        }
        store(first(), 0, RESULT);
        if (toMemory) {
            writeSecond();
        }
    }

    private void emitLocked() {
        Label again = new Label();
        Label done = new Label();
        int width = width(first());
        cpuCall("saveFlags", "()V");
        mv.visitLabel(again);
        mv.visitVarInsn(ALOAD, CPU_LOCAL);
        push(width);
        mv.visitVarInsn(LLOAD, ADDRESS);
        cpuInvoke("loadForWrite", "(IJ)J");
        mv.visitVarInsn(LSTORE, OLD);
        pushLeading(true);
        mv.visitVarInsn(LLOAD, OLD);
        for (int i = 1; i < form.operands.size(); i++) {
            load(form.operands.get(i), 0);
        }
        pushOp();
        invoke();
        mv.visitVarInsn(LSTORE, RESULT);
        mv.visitVarInsn(ALOAD, CPU_LOCAL);
        push(width);
        mv.visitVarInsn(LLOAD, ADDRESS);
        mv.visitVarInsn(LLOAD, OLD);
        mv.visitVarInsn(LLOAD, RESULT);
        cpuInvoke("compareAndSwap", "(IJJJ)Z");
        mv.visitJumpInsn(IFNE, done);
        cpuCall("restoreFlags", "()V"); // ADC and SBB read the carry again
        mv.visitJumpInsn(GOTO, again);
        mv.visitLabel(done);
        writeSecond();
    }

    private void emitLanes() {
        boolean readsFirst = readsFirst();
        for (int lane = 0; lane < 2; lane++) {
            pushLeading(true);
            for (int i = readsFirst ? 0 : 1; i < form.operands.size(); i++) {
                Operand operand = form.operands.get(i);
                load(operand, width(operand) == 128 ? lane : 0);
            }
            pushOp();
            invoke();
            mv.visitVarInsn(LSTORE, lane == 0 ? RESULT : RESULT_HIGH);
        }
        if (inMemory(first())) {
            mv.visitVarInsn(ALOAD, CPU_LOCAL);
            mv.visitVarInsn(LLOAD, ADDRESS);
            mv.visitVarInsn(LLOAD, RESULT);
            mv.visitVarInsn(LLOAD, RESULT_HIGH);
            cpuInvoke("store128", "(JJJ)V");
        } else {
            store(first(), 0, RESULT);
            store(first(), 1, RESULT_HIGH);
        }
    }

    // ---- parameters -------------------------------------------------------------------------------------------------

    void pushLeading(boolean widthAllowed) {
        int next = 0;
        if (next < parameters.size() && parameters.get(next).getSimpleName().equals("Cpu")) {
            mv.visitVarInsn(ALOAD, CPU_LOCAL);
            next++;
        }
        boolean stack = form.operands.stream().anyMatch(o -> o.kind() == Kind.STI);
        if (widthAllowed && !stack && next < parameters.size() && parameters.get(next) == int.class) {
            push(form.operands.isEmpty() ? operandSize : width(first()));
        }
    }

    Class<?> firstValueParameter() {
        int next = !parameters.isEmpty() && parameters.get(0).getSimpleName().equals("Cpu") ? 1 : 0;
        return next < parameters.size() ? parameters.get(next) : void.class;
    }

    /** True if there are value parameters for every operand, the first included. */
    private boolean readsFirst() {
        boolean lanes = width(first()) == 128;
        int expected = form.operands.stream()
                .mapToInt(o -> lanes ? Math.min(1, longs(o)) : longs(o))
                .sum();
        int actual = (int) parameters.stream().filter(p -> p == long.class).count();
        if (actual == expected) {
            return true;
        }
        if (actual == expected - (lanes ? 1 : longs(first()))) {
            return false;
        }
        throw new IllegalStateException(form + ": " + method + " does not fit its operands");
    }

    void pushOp() {
        if (!parameters.isEmpty() && parameters.get(parameters.size() - 1) == Op.class) {
            mv.visitVarInsn(ALOAD, THIS);
        }
    }

    void invoke() {
        mv.visitMethodInsn(
                INVOKESTATIC,
                Type.getInternalName(method.getDeclaringClass()),
                method.getName(),
                Type.getMethodDescriptor(method),
                false);
    }
}
