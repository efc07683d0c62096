// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.cpu.Op;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** Code that pushes constants; the instructions that a region's code refers to. */
final class Constants {
    private static final String OP = "mckernelj/emulator/cpu/Op";
    private static final String HANDLES = "java/lang/invoke/MethodHandles";
    private static final String LOOKUP = "L" + HANDLES + "$Lookup;";

    private final String className;
    final List<Op> ops = new ArrayList<>();

    Constants(String className) {
        this.className = className;
    }

    AbstractInsnNode of(Op op) {
        int index = ops.indexOf(op);
        if (index < 0) {
            index = ops.size();
            ops.add(op);
        }
        return new FieldInsnNode(GETSTATIC, className, field(index), "L" + OP + ";");
    }

    private static String field(int index) {
        return "op" + index;
    }

    /**
     * Fields of the class, taken from its class data. (Not constants that are resolved when they are used: HotSpot 17's first compiler does not compile
     * what has not been resolved.)
     */
    void write(ClassVisitor writer) {
        if (ops.isEmpty()) {
            return;
        }
        MethodVisitor init = writer.visitMethod(ACC_STATIC, "<clinit>", "()V", null, null);
        init.visitCode();
        for (int i = 0; i < ops.size(); i++) {
            writer.visitField(ACC_PRIVATE | ACC_STATIC | ACC_FINAL, field(i), "L" + OP + ";", null, null)
                    .visitEnd();
            init.visitMethodInsn(INVOKESTATIC, HANDLES, "lookup", "()" + LOOKUP, false);
            init.visitLdcInsn("_");
            init.visitLdcInsn(Type.getObjectType(OP));
            init.visitLdcInsn(i);
            init.visitMethodInsn(
                    INVOKESTATIC,
                    HANDLES,
                    "classDataAt",
                    "(" + LOOKUP + "Ljava/lang/String;Ljava/lang/Class;I)Ljava/lang/Object;",
                    false);
            init.visitTypeInsn(CHECKCAST, OP);
            init.visitFieldInsn(PUTSTATIC, className, field(i), "L" + OP + ";");
        }
        init.visitInsn(RETURN);
        init.visitMaxs(0, 0);
        init.visitEnd();
    }

    static AbstractInsnNode ofInt(int value) {
        if (value >= -1 && value <= 5) {
            return new InsnNode(ICONST_0 + value);
        } else if (value == (byte) value) {
            return new IntInsnNode(BIPUSH, value);
        } else if (value == (short) value) {
            return new IntInsnNode(SIPUSH, value);
        }
        return new LdcInsnNode(value);
    }

    static void pushLong(InsnList code, long value) {
        if (value == 0 || value == 1) {
            code.add(new InsnNode(LCONST_0 + (int) value));
        } else if (value == (short) value) {
            code.add(ofInt((int) value));
            code.add(new InsnNode(I2L));
        } else {
            code.add(new LdcInsnNode(value));
        }
    }

    static void pushRip(InsnList code, long offset) {
        code.add(new VarInsnNode(LLOAD, StateLocals.BASE));
        if (offset != 0) {
            pushLong(code, offset);
            code.add(new InsnNode(LADD));
        }
    }

    /** A field of an instruction, of primitive type. */
    static Value fieldOf(Op op, String name) {
        try {
            Object value = Op.class.getField(name).get(op);
            if (value instanceof Boolean flag) {
                return Value.ofInt(flag ? 1 : 0);
            } else if (value instanceof Character unit) {
                return Value.ofInt(unit);
            } else if (value instanceof Long wide) {
                return Value.ofLong(wide);
            }
            return Value.ofInt(((Number) value).intValue());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("field of an instruction: " + name, e);
        }
    }
}
