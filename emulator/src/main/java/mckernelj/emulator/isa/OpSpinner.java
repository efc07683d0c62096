// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa;

import static org.objectweb.asm.Opcodes.*;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import mckernelj.emulator.cpu.Op;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;

/**
 * Spins, for one instruction form and one operand shape, the {@link Op} subclass that executes it: load the operands, call the
 * method that defines the instruction, write back ({@link OpBody}, {@link OperandCode}). Classes are hidden classes, made at
 * first use and kept with their form.
 */
public final class OpSpinner {
    /** Shape bits: operand size 0..2 (16, 32, 64), then the flags below. */
    static final int SIZE_MASK = 3;

    static final int MEMORY = 4;
    static final int HIGH_REG = 8;
    static final int HIGH_RM = 16;
    static final int ADDRESS64 = 32;
    static final int LOCK = 64;
    static final int VECTOR256 = 128;
    static final int SHAPES = 256;

    private static final String CPU = OperandCode.CPU;
    private static final String OP = OperandCode.OP;

    private static final MethodType CONSTRUCTOR = MethodType.methodType(void.class);
    private static final MethodType CONSTRUCTOR_OF_OP = MethodType.methodType(Op.class);

    private final MethodHandles.Lookup lookup;

    /** Bytecode of the spun classes. */
    private final Map<Class<?>, byte[]> codes = new ConcurrentHashMap<>();

    OpSpinner(MethodHandles.Lookup lookup) {
        this.lookup = lookup;
    }

    /** Shape of an operation with the given properties. */
    public static int shape(
            int operandSize, boolean memory, boolean highReg, boolean highRm, boolean address64, boolean lock) {
        int size = operandSize == 16 ? 0 : operandSize == 32 ? 1 : 2;
        return size
                | (memory ? MEMORY : 0)
                | (highReg ? HIGH_REG : 0)
                | (highRm ? HIGH_RM : 0)
                | (address64 && memory ? ADDRESS64 : 0)
                | (lock ? LOCK : 0);
    }

    /** The same for a VEX form; it has no high byte registers and no LOCK. */
    public static int vexShape(int operandSize, boolean memory, boolean address64, boolean vector256) {
        return shape(operandSize, memory, false, false, address64, false) | (vector256 ? VECTOR256 : 0);
    }

    /** A new, empty operation of the class for this form and shape. */
    public Op newOp(InstructionForm form, int shape) {
        Op prototype;
        synchronized (form) {
            if (form.prototypes == null) {
                form.prototypes = new Op[SHAPES];
            }
            prototype = form.prototypes[shape];
            if (prototype == null) {
                prototype = spin(form, shape);
                form.prototypes[shape] = prototype;
            }
        }
        return prototype.fresh();
    }

    /** The class file from which the class of {@code op} was made. */
    public byte[] code(Op op) {
        return codes.get(op.getClass());
    }

    private Op spin(InstructionForm form, int shape) {
        Class<?> host = lookup.lookupClass();
        String name = host.getPackageName().replace('.', '/') + "/" + form.mnemonic + "_" + shape;
        // only a locked operation branches, and only branches need frames
        ClassWriter writer =
                new ClassWriter((shape & LOCK) != 0 ? ClassWriter.COMPUTE_FRAMES : ClassWriter.COMPUTE_MAXS);
        writer.visit(V17, ACC_FINAL | ACC_SUPER | ACC_PUBLIC, name, null, OP, null);
        MethodVisitor init = writer.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
        init.visitCode();
        init.visitVarInsn(ALOAD, 0);
        init.visitMethodInsn(INVOKESPECIAL, OP, "<init>", "()V", false);
        init.visitInsn(RETURN);
        init.visitMaxs(0, 0);
        init.visitEnd();
        MethodVisitor exec = writer.visitMethod(ACC_PUBLIC, "exec", "(L" + CPU + ";)V", null, null);
        exec.visitCode();
        (form.vex ? new VexBody(exec, form, shape) : new OpBody(exec, form, shape)).emit();
        exec.visitInsn(RETURN);
        exec.visitMaxs(0, 0);
        exec.visitEnd();
        writer.visitEnd();
        try {
            byte[] code = writer.toByteArray();
            MethodHandles.Lookup spun = lookup.defineHiddenClass(code, true);
            codes.put(spun.lookupClass(), code);
            return (Op) spun.findConstructor(spun.lookupClass(), CONSTRUCTOR)
                    .asType(CONSTRUCTOR_OF_OP)
                    .invokeExact();
        } catch (Throwable e) { // invokeExact declares it
            throw new IllegalStateException("cannot spin " + form + " shape " + shape, e);
        }
    }
}
