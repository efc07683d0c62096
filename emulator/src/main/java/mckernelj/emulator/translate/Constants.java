// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.cpu.Op;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** Code that pushes constants; the instructions that a region's code refers to. */
final class Constants {
    private static final String OP = "mckernelj/emulator/cpu/Op";

    private static final Handle CLASS_DATA_AT = new Handle(
            H_INVOKESTATIC,
            "java/lang/invoke/MethodHandles",
            "classDataAt",
            "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/Class;I)Ljava/lang/Object;",
            false);

    final List<Op> ops = new ArrayList<>();

    AbstractInsnNode of(Op op) {
        int index = ops.indexOf(op);
        if (index < 0) {
            index = ops.size();
            ops.add(op);
        }
        return new LdcInsnNode(new ConstantDynamic("_", "L" + OP + ";", CLASS_DATA_AT, index));
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
