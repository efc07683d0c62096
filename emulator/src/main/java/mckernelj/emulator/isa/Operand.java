// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa;

/**
 * One operand of an encoding, such as {@code Ev} or {@code Wsd}: see {@link Encoding}.
 *
 * @param kind the SDM's letter; {@link Kind#FIXED} for a named register
 * @param size size letters, empty for an address
 * @param register number of a fixed register
 * @param alsoWritten true with the suffix "!"
 */
public record Operand(Kind kind, String size, int register, boolean alsoWritten) {
    /** Where an operand comes from. */
    public enum Kind {
        /** General register or memory (ModRM.rm). */
        E,
        /** General register (ModRM.reg). */
        G,
        /** General register (ModRM.rm). */
        R,
        /** Memory only. */
        M,
        /** Register in the opcode byte. */
        Z,
        /** Immediate. */
        I,
        /** Branch target. */
        J,
        /** Memory at an immediate offset. */
        O,
        /** xmm (ModRM.reg). */
        V,
        /** xmm or memory (ModRM.rm). */
        W,
        /** xmm (ModRM.rm). */
        U,
        /** mm (ModRM.reg). */
        P,
        /** mm or memory (ModRM.rm). */
        Q,
        /** mm (ModRM.rm). */
        N,
        /** Far pointer. */
        A,
        /** xmm or ymm (VEX.vvvv). */
        H,
        /** General register (VEX.vvvv). */
        B,
        /** xmm or ymm (bits 7..4 of an immediate). */
        L,
        /** xmm0. */
        XMM0,
        /** Named general register. */
        FIXED,
        /** The constant 1. */
        ONE,
        /** Top of the x87 stack; nothing is passed. */
        ST0,
        /** x87 register i (ModRM.rm). */
        STI,
        /** Segment, control or debug register (ModRM.reg): only for methods that take the Op. */
        SPECIAL
    }

    static Operand parse(String text) {
        boolean second = text.endsWith("!");
        String code = second ? text.substring(0, text.length() - 1) : text;
        switch (code) {
            case "AL":
                return new Operand(Kind.FIXED, "b", 0, second);
            case "AX":
                return new Operand(Kind.FIXED, "w", 0, second);
            case "EAX":
                return new Operand(Kind.FIXED, "d", 0, second);
            case "RAX":
                return new Operand(Kind.FIXED, "q", 0, second);
            case "rAX":
                return new Operand(Kind.FIXED, "v", 0, second);
            case "CL":
                return new Operand(Kind.FIXED, "b", 1, second);
            case "DX":
                return new Operand(Kind.FIXED, "w", 2, second);
            case "1":
                return new Operand(Kind.ONE, "b", 0, false);
            case "XMM0":
                return new Operand(Kind.XMM0, "dq", 0, false);
            case "ST0":
                return new Operand(Kind.ST0, "", 0, false);
            case "STi":
                return new Operand(Kind.STI, "", 0, false);
            default:
                return parseLetter(code, second);
        }
    }

    private static Operand parseLetter(String code, boolean second) {
        char letter = code.charAt(0);
        int kind = "EGRMZIJOVWUPQNAHBL".indexOf(letter);
        if (kind < 0) {
            return new Operand(Kind.SPECIAL, "", 0, false);
        }
        return new Operand(Kind.valueOf(String.valueOf(letter)), code.substring(1), 0, second);
    }

    /** True if ModRM.rm can make it a memory operand. */
    public boolean mayBeMemory() {
        return kind == Kind.E || kind == Kind.M || kind == Kind.W || kind == Kind.Q || kind == Kind.O;
    }

    /** True for {@code M} and {@code Ma}: the address is the value. */
    public boolean isAddress() {
        return kind == Kind.M && (size.isEmpty() || size.equals("a"));
    }

    /** True if the size of the operand follows VEX.L. */
    public boolean followsVectorSize() {
        return size.endsWith("x") || size.equals("xa");
    }

    /** For an immediate of 8 bits: how far it is shifted right for the upper half of a ymm register. */
    int laneShift() {
        return kind == Kind.I && size.length() == 2 && Character.isDigit(size.charAt(1)) ? size.charAt(1) - '0' : 0;
    }

    /** Width in bits for an effective operand size. {@code vectorSize}: 128 or 256, as VEX.L tells. */
    public int width(int operandSize, int vectorSize) {
        switch (size) {
            case "x":
            case "xa":
                return vectorSize;
            case "hx":
                return vectorSize / 2;
            case "qx":
                return vectorSize / 4;
            case "ex":
                return vectorSize / 8;
            case "qq":
                return 256;
            case "b":
            case "b2":
            case "b3":
            case "b4":
            case "bs":
                return 8;
            case "w":
                return 16;
            case "d":
            case "ss":
                return 32;
            case "q":
            case "sd":
            case "hq":
                return 64;
            case "dq":
            case "u":
                return 128;
            case "y":
                return operandSize == 64 ? 64 : 32;
            case "z":
                return operandSize == 16 ? 16 : 32;
            case "v":
            case "":
            case "a":
            case "p":
                return operandSize;
            default:
                throw new IllegalArgumentException("unknown operand size " + kind + size);
        }
    }
}
