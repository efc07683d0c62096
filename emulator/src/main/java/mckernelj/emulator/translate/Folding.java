// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

import static org.objectweb.asm.Opcodes.*;

/** Types of the simple bytecodes' operands, and their results for constants. */
final class Folding {
    private Folding() {}

    /** Types of operands, then of the result (V: none); null for bytecodes that are not simple. */
    static String signature(int opcode) {
        switch (opcode) {
            case IADD:
            case ISUB:
            case IMUL:
            case IDIV:
            case IREM:
            case IAND:
            case IOR:
            case IXOR:
            case ISHL:
            case ISHR:
            case IUSHR:
                return "III";
            case LADD:
            case LSUB:
            case LMUL:
            case LDIV:
            case LREM:
            case LAND:
            case LOR:
            case LXOR:
                return "JJJ";
            case LSHL:
            case LSHR:
            case LUSHR:
                return "JIJ";
            case INEG:
            case I2B:
            case I2C:
            case I2S:
                return "II";
            case LNEG:
                return "JJ";
            case I2L:
                return "IJ";
            case L2I:
                return "JI";
            case LCMP:
                return "JJI";
            case FADD:
            case FSUB:
            case FMUL:
            case FDIV:
            case FREM:
                return "FFF";
            case DADD:
            case DSUB:
            case DMUL:
            case DDIV:
            case DREM:
                return "DDD";
            case FNEG:
                return "FF";
            case DNEG:
                return "DD";
            case FCMPL:
            case FCMPG:
                return "FFI";
            case DCMPL:
            case DCMPG:
                return "DDI";
            case I2F:
                return "IF";
            case I2D:
                return "ID";
            case L2F:
                return "JF";
            case L2D:
                return "JD";
            case F2I:
                return "FI";
            case F2L:
                return "FJ";
            case F2D:
                return "FD";
            case D2I:
                return "DI";
            case D2L:
                return "DJ";
            case D2F:
                return "DF";
            case FCONST_0:
            case FCONST_1:
            case FCONST_2:
                return "F";
            case DCONST_0:
            case DCONST_1:
                return "D";
            case ACONST_NULL:
                return "A";
            case ARRAYLENGTH:
                return "AI";
            case IALOAD:
            case BALOAD:
            case CALOAD:
            case SALOAD:
                return "AII";
            case LALOAD:
                return "AIJ";
            case FALOAD:
                return "AIF";
            case DALOAD:
                return "AID";
            case AALOAD:
                return "AIA";
            case IASTORE:
            case BASTORE:
            case CASTORE:
            case SASTORE:
                return "AIIV";
            case LASTORE:
                return "AIJV";
            default:
                return null;
        }
    }

    /** The result for numbers; null if it is not computed here. */
    static Value fold(int opcode, Value[] operands) {
        long a = operands[0].number();
        long b = operands.length > 1 ? operands[1].number() : 0;
        switch (opcode) {
            case IADD:
                return Value.ofInt((int) (a + b));
            case ISUB:
                return Value.ofInt((int) (a - b));
            case IMUL:
                return Value.ofInt((int) (a * b));
            case IAND:
                return Value.ofInt((int) (a & b));
            case IOR:
                return Value.ofInt((int) (a | b));
            case IXOR:
                return Value.ofInt((int) (a ^ b));
            case ISHL:
                return Value.ofInt((int) a << (int) b);
            case ISHR:
                return Value.ofInt((int) a >> (int) b);
            case IUSHR:
                return Value.ofInt((int) a >>> (int) b);
            case INEG:
                return Value.ofInt((int) -a);
            case I2B:
                return Value.ofInt((byte) a);
            case I2C:
                return Value.ofInt((char) a);
            case I2S:
                return Value.ofInt((short) a);
            case L2I:
                return Value.ofInt((int) a);
            case I2L:
                return Value.ofLong(a);
            case LADD:
                return Value.ofLong(a + b);
            case LSUB:
                return Value.ofLong(a - b);
            case LMUL:
                return Value.ofLong(a * b);
            case LAND:
                return Value.ofLong(a & b);
            case LOR:
                return Value.ofLong(a | b);
            case LXOR:
                return Value.ofLong(a ^ b);
            case LSHL:
                return Value.ofLong(a << (int) b);
            case LSHR:
                return Value.ofLong(a >> (int) b);
            case LUSHR:
                return Value.ofLong(a >>> (int) b);
            case LNEG:
                return Value.ofLong(-a);
            case LCMP:
                return Value.ofInt(Long.compare(a, b));
            default:
                return null;
        }
    }

    /** True if the operation with {@code right} as its second operand gives the first one. */
    static boolean isNeutral(int opcode, long right) {
        switch (opcode) {
            case IADD:
            case ISUB:
            case IOR:
            case IXOR:
            case ISHL:
            case ISHR:
            case IUSHR:
            case LADD:
            case LSUB:
            case LOR:
            case LXOR:
            case LSHL:
            case LSHR:
            case LUSHR:
                return right == 0;
            case IAND:
            case LAND:
                return right == -1;
            case IMUL:
            case LMUL:
                return right == 1;
            default:
                return false;
        }
    }

    /** True if the operation with {@code left} as its first operand gives the second one. */
    static boolean isNeutralOnLeft(int opcode, long left) {
        switch (opcode) {
            case IADD:
            case IOR:
            case IXOR:
            case IAND:
            case IMUL:
            case LADD:
            case LOR:
            case LXOR:
            case LAND:
            case LMUL:
                return isNeutral(opcode, left);
            default:
                return false;
        }
    }

    /** An RIP plus a number; null if it is something else. */
    static Value foldRip(int opcode, Value[] operands) {
        if (opcode != LADD) {
            return null;
        }
        Value a = operands[0].constant();
        Value b = operands[1].constant();
        if (a == null || b == null) {
            return null;
        }
        if (a.kind() == Value.Kind.RIP && b.isNumber()) {
            return Value.ofRip((Long) a.data() + b.number());
        }
        return b.kind() == Value.Kind.RIP && a.isNumber() ? Value.ofRip((Long) b.data() + a.number()) : null;
    }

    /** {@code IF_ICMPcc}. */
    static boolean compare(int opcode, int a, int b) {
        switch (opcode) {
            case IF_ICMPEQ:
                return a == b;
            case IF_ICMPNE:
                return a != b;
            case IF_ICMPLT:
                return a < b;
            case IF_ICMPGE:
                return a >= b;
            case IF_ICMPGT:
                return a > b;
            case IF_ICMPLE:
                return a <= b;
            default:
                throw new IllegalArgumentException("opcode " + opcode);
        }
    }
}
