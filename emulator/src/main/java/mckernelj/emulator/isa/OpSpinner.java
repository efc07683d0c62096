// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa;

import static org.objectweb.asm.Opcodes.*;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.isa.Operand.Kind;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/**
 * Spins, for one instruction form and one operand shape, the {@link Op} subclass that executes it: load the operands, call the
 * method that defines the instruction, write back. This is the only place that knows how operand codes become accesses. Classes
 * are hidden classes, made at first use and kept with their form.
 */
public final class OpSpinner {
    /** Shape bits: operand size 0..2 (16, 32, 64), then the flags below. */
    static final int SIZE_MASK = 3;

    static final int MEMORY = 4;
    static final int HIGH_REG = 8;
    static final int HIGH_RM = 16;
    static final int ADDRESS64 = 32;
    static final int LOCK = 64;
    static final int SHAPES = 128;

    private static final String CPU = "mckernelj/emulator/cpu/Cpu";
    private static final String OP = "mckernelj/emulator/cpu/Op";
    private static final int THIS = 0;
    private static final int CPU_LOCAL = 1;
    private static final int ADDRESS = 2;
    private static final int RESULT = 4;
    private static final int RESULT_HIGH = 6;
    private static final int OLD = 8;

    private final MethodHandles.Lookup lookup;

    OpSpinner(MethodHandles.Lookup lookup) {
        this.lookup = lookup;
    }

    /** Shape of an operation with the given properties. */
    public static int shape(int operandSize, boolean memory, boolean highReg, boolean highRm, boolean address64, boolean lock) {
        int size = operandSize == 16 ? 0 : operandSize == 32 ? 1 : 2;
        return size | (memory ? MEMORY : 0) | (highReg ? HIGH_REG : 0) | (highRm ? HIGH_RM : 0)
                | (address64 && memory ? ADDRESS64 : 0) | (lock ? LOCK : 0);
    }

    /** A new, empty operation of the class for this form and shape. */
    public Op newOp(InstructionForm form, int shape) {
        Op prototype;
        synchronized (form) {
            prototype = form.prototypes[shape];
            if (prototype == null) {
                prototype = spin(form, shape);
                form.prototypes[shape] = prototype;
            }
        }
        return prototype.fresh();
    }

    private Op spin(InstructionForm form, int shape) {
        Class<?> host = lookup.lookupClass();
        String name = host.getPackageName().replace('.', '/') + "/" + form.mnemonic.replaceAll("[^A-Za-z0-9]", "_") + "_" + shape;
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
        writer.visit(V17, ACC_FINAL | ACC_SUPER | ACC_PUBLIC, name, null, OP, null);
        MethodVisitor init = writer.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
        init.visitCode();
        init.visitVarInsn(ALOAD, 0);
        init.visitMethodInsn(INVOKESPECIAL, OP, "<init>", "()V", false);
        init.visitInsn(RETURN);
        init.visitMaxs(0, 0);
        init.visitEnd();
        MethodVisitor fresh = writer.visitMethod(ACC_PUBLIC, "fresh", "()L" + OP + ";", null, null);
        fresh.visitCode();
        fresh.visitTypeInsn(NEW, name);
        fresh.visitInsn(DUP);
        fresh.visitMethodInsn(INVOKESPECIAL, name, "<init>", "()V", false);
        fresh.visitInsn(ARETURN);
        fresh.visitMaxs(0, 0);
        fresh.visitEnd();
        MethodVisitor exec = writer.visitMethod(ACC_PUBLIC, "exec", "(L" + CPU + ";)V", null, null);
        exec.visitCode();
        new Body(exec, form, shape).emit();
        exec.visitInsn(RETURN);
        exec.visitMaxs(0, 0);
        exec.visitEnd();
        writer.visitEnd();
        try {
            MethodHandles.Lookup spun = lookup.defineHiddenClass(writer.toByteArray(), true);
            return (Op) spun.lookupClass().getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot spin " + form + " shape " + shape, e);
        }
    }

    /** Emits one exec method. */
    private static final class Body {
        private final MethodVisitor mv;
        private final InstructionForm form;
        private final int shape;
        private final int operandSize;
        private final boolean memory;
        private final Method method;
        private final List<Class<?>> parameters;

        Body(MethodVisitor mv, InstructionForm form, int shape) {
            this.mv = mv;
            this.form = form;
            this.shape = shape;
            this.operandSize = 16 << (shape & SIZE_MASK);
            this.memory = (shape & MEMORY) != 0;
            this.method = form.method;
            this.parameters = new ArrayList<>(List.of(method.getParameterTypes()));
        }

        void emit() {
            if (form.encoding.privileged()) {
                cpuCall("checkPrivileged", "()V");
            }
            if (isControlStyle()) {
                if (method.getParameterCount() == 2) {
                    mv.visitVarInsn(ALOAD, CPU_LOCAL);
                }
                mv.visitVarInsn(ALOAD, THIS);
                invoke();
                return;
            }
            if (memory) {
                emitAddress();
            }
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
            return count > 0 && count <= 2 && parameters.get(count - 1) == Op.class && method.getReturnType() == void.class
                    && (count == 1 || parameters.get(0).getSimpleName().equals("Cpu"));
        }

        private Operand first() {
            return form.operands.get(0);
        }

        private int width(Operand operand) {
            return operand.width(operandSize);
        }

        private boolean inMemory(Operand operand) {
            return memory && operand.mayBeMemory();
        }

        private void emitAddress() {
            mv.visitVarInsn(ALOAD, THIS);
            mv.visitVarInsn(ALOAD, CPU_LOCAL);
            boolean plain = form.operands.stream().anyMatch(o -> o.isAddress() && o.size().equals("a"));
            String name = plain ? "offsetAddress" : (shape & ADDRESS64) != 0 ? "linear64" : "linear";
            mv.visitMethodInsn(INVOKEVIRTUAL, OP, name, "(L" + CPU + ";)J", false);
            mv.visitVarInsn(LSTORE, ADDRESS);
            for (Operand operand : form.operands) {
                if (inMemory(operand) && operand.size().equals("dq")) {
                    mv.visitVarInsn(ALOAD, CPU_LOCAL);
                    mv.visitVarInsn(LLOAD, ADDRESS);
                    cpuInvoke("checkAligned16", "(J)V");
                }
            }
        }

        // ---- the three styles ---------------------------------------------------------------------------------------

        private void emitVoid() {
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
            if (longs(operand) == 2) {
                load(operand, 1);
            }
        }

        /** How many long parameters an operand takes outside lane-wise methods. */
        private int longs(Operand operand) {
            return operand.kind() == Kind.ST0 || operand.kind() == Kind.STI || operand.kind() == Kind.SPECIAL
                    ? 0
                    : isVectorOrMemory(operand) && !operand.isAddress() && width(operand) == 128 ? 2 : 1;
        }

        private void emitValue() {
            boolean readsFirst = readsFirst();
            boolean toMemory = inMemory(first());
            if (toMemory && readsFirst && (shape & LOCK) != 0) {
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
            if (inMemory(first())) {
                checkWrite(128);
            }
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
            store(first(), 0, RESULT);
            store(first(), 1, RESULT_HIGH);
        }

        // ---- parameters -------------------------------------------------------------------------------------------------

        private void pushLeading(boolean widthAllowed) {
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

        private Class<?> firstValueParameter() {
            int next = !parameters.isEmpty() && parameters.get(0).getSimpleName().equals("Cpu") ? 1 : 0;
            return next < parameters.size() ? parameters.get(next) : void.class;
        }

        /** True if there are value parameters for every operand, the first included. */
        private boolean readsFirst() {
            boolean lanes = width(first()) == 128;
            int expected = form.operands.stream().mapToInt(o -> lanes ? Math.min(1, longs(o)) : longs(o)).sum();
            int actual = (int) parameters.stream().filter(p -> p == long.class).count();
            if (actual == expected) {
                return true;
            }
            if (actual == expected - (lanes ? 1 : longs(first()))) {
                return false;
            }
            throw new IllegalStateException(form + ": " + method + " does not fit its operands");
        }

        private void pushOp() {
            if (!parameters.isEmpty() && parameters.get(parameters.size() - 1) == Op.class) {
                mv.visitVarInsn(ALOAD, THIS);
            }
        }

        private void invoke() {
            mv.visitMethodInsn(INVOKESTATIC, Type.getInternalName(method.getDeclaringClass()), method.getName(),
                    Type.getMethodDescriptor(method), false);
        }

        // ---- operands -------------------------------------------------------------------------------------------------------

        private static boolean isVector(Operand operand) {
            switch (operand.kind()) {
                case V:
                case U:
                case W:
                case P:
                case N:
                case Q:
                    return true;
                default:
                    return false;
            }
        }

        private static boolean isVectorOrMemory(Operand operand) {
            return isVector(operand) || operand.kind() == Kind.M;
        }

        /** Pushes the value of one operand as a long (of a 128-bit one the given half), nothing for ST0, an int for STi. */
        private void load(Operand operand, int half) {
            switch (operand.kind()) {
                case ST0:
                case SPECIAL:
                    break;
                case STI:
                    field("rm", "I");
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
            field("nextOffset", "I");
            mv.visitInsn(I2L);
            mv.visitInsn(LADD);
            field("immediate", "J");
            mv.visitInsn(LADD);
            if (operandSize != 64) {
                mv.visitLdcInsn(operandSize == 32 ? 0xFFFFFFFFL : 0xFFFFL);
                mv.visitInsn(LAND);
            }
        }

        private void loadMemory(Operand operand, int half) {
            int width = Math.min(64, width(operand));
            mv.visitVarInsn(ALOAD, CPU_LOCAL);
            mv.visitVarInsn(LLOAD, ADDRESS);
            if (half == 1) {
                mv.visitLdcInsn(8L);
                mv.visitInsn(LADD);
            }
            cpuInvoke("load" + width, "(J)J");
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

        private boolean high(Operand operand) {
            return width(operand) == 8 && (operand.kind() == Kind.G && (shape & HIGH_REG) != 0
                    || (operand.kind() == Kind.E || operand.kind() == Kind.R || operand.kind() == Kind.Z) && (shape & HIGH_RM) != 0);
        }

        private void generalNumber(Operand operand) {
            switch (operand.kind()) {
                case FIXED:
                    push(operand.register());
                    break;
                case G:
                    field("reg", "I");
                    break;
                default:
                    field("rm", "I");
                    break;
            }
            if (high(operand)) {
                push(3);
                mv.visitInsn(IAND);
            }
        }

        private void registerNumber(Operand operand) {
            field(operand.kind() == Kind.V || operand.kind() == Kind.P ? "reg" : "rm", "I");
            if (operand.kind() == Kind.P || operand.kind() == Kind.N || operand.kind() == Kind.Q) {
                push(7);
                mv.visitInsn(IAND);
            }
        }

        private static boolean isMmx(Operand operand) {
            return operand.kind() == Kind.P || operand.kind() == Kind.N || operand.kind() == Kind.Q;
        }

        private void loadVector(Operand operand, int half) {
            if (isMmx(operand)) {
                mv.visitVarInsn(ALOAD, CPU_LOCAL);
                mv.visitFieldInsn(GETFIELD, CPU, "x87", "Lmckernelj/emulator/cpu/X87;");
                registerNumber(operand);
                mv.visitMethodInsn(INVOKEVIRTUAL, "mckernelj/emulator/cpu/X87", "mm", "(I)J", false);
            } else {
                registers("xmm");
                xmmIndex(operand, operand.size().equals("hq") ? 1 : half);
                mv.visitInsn(LALOAD);
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

        private void xmmIndex(Operand operand, int half) {
            registerNumber(operand);
            mv.visitInsn(ICONST_1);
            mv.visitInsn(ISHL);
            if (half == 1) {
                mv.visitInsn(ICONST_1);
                mv.visitInsn(IADD);
            }
        }

        // ---- write-back -----------------------------------------------------------------------------------------------------

        private void store(Operand operand, int half, int local) {
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
                mv.visitFieldInsn(GETFIELD, CPU, "x87", "Lmckernelj/emulator/cpu/X87;");
                registerNumber(operand);
                low(local, width(operand));
                mv.visitMethodInsn(INVOKEVIRTUAL, "mckernelj/emulator/cpu/X87", "setMm", "(IJ)V", false);
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

        private void writeSecond() {
            for (Operand operand : form.operands) {
                if (operand.alsoWritten()) {
                    mv.visitVarInsn(ALOAD, CPU_LOCAL);
                    mv.visitFieldInsn(GETFIELD, CPU, "secondResult", "J");
                    mv.visitVarInsn(LSTORE, RESULT_HIGH);
                    store(operand, 0, RESULT_HIGH);
                }
            }
        }

        private void checkWrite(int width) {
            mv.visitVarInsn(ALOAD, CPU_LOCAL);
            mv.visitVarInsn(LLOAD, ADDRESS);
            push(width / 8);
            cpuInvoke("checkWrite", "(JI)V");
        }

        // ---- small pieces ---------------------------------------------------------------------------------------------------

        private void low(int local, int width) {
            mv.visitVarInsn(LLOAD, local);
            if (width == 32) {
                mv.visitLdcInsn(0xFFFFFFFFL);
                mv.visitInsn(LAND);
            }
        }

        private void registers(String array) {
            mv.visitVarInsn(ALOAD, CPU_LOCAL);
            mv.visitFieldInsn(GETFIELD, CPU, array, "[J");
        }

        private void field(String name, String type) {
            mv.visitVarInsn(ALOAD, THIS);
            mv.visitFieldInsn(GETFIELD, OP, name, type);
        }

        private void cpuCall(String name, String descriptor) {
            mv.visitVarInsn(ALOAD, CPU_LOCAL);
            cpuInvoke(name, descriptor);
        }

        private void cpuInvoke(String name, String descriptor) {
            mv.visitMethodInsn(INVOKEVIRTUAL, CPU, name, descriptor, false);
        }

        private void push(int value) {
            if (value <= 5) {
                mv.visitInsn(ICONST_0 + value);
            } else if (value < 128) {
                mv.visitIntInsn(BIPUSH, value);
            } else {
                mv.visitIntInsn(SIPUSH, value);
            }
        }
    }
}
