// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.seccomp;

/**
 * A program of the classic BPF machine as seccomp(2) allows it (bpf(4), Linux: networking/filter): accumulator, index,
 * 16 words of memory, forward jumps. It reads struct seccomp_data and returns an action. Immutable.
 */
final class FilterProgram {
    static final int MAX_INSTRUCTIONS = 4096;

    /** {u32 nr, arch; u64 instruction_pointer; u64 args[6]}. */
    static final int DATA_BYTES = 64;

    private static final int MEMORY_WORDS = 16;

    // Instruction classes and operands: bpf_common.h.
    private static final int LD_W_ABS = 0x20;
    private static final int LD_W_LEN = 0x80;
    private static final int LDX_W_LEN = 0x81;
    private static final int LD_IMM = 0x00;
    private static final int LDX_IMM = 0x01;
    private static final int LD_MEM = 0x60;
    private static final int LDX_MEM = 0x61;
    private static final int ST = 0x02;
    private static final int STX = 0x03;
    private static final int RET_K = 0x06;
    private static final int RET_A = 0x16;
    private static final int TAX = 0x07;
    private static final int TXA = 0x87;
    private static final int JMP_JA = 0x05;
    private static final int ALU_NEG = 0x84;
    private static final int CLASS = 7;
    private static final int ALU = 4;
    private static final int JMP = 5;
    private static final int OPERATION = 0xF0;
    private static final int INDEX = 8;
    private static final int DIV = 0x30;
    private static final int LSH = 0x60;
    private static final int RSH = 0x70;

    private final int[] codes;
    private final int[] constants;

    private FilterProgram(int[] codes, int[] constants) {
        this.codes = codes;
        this.constants = constants;
    }

    /**
     * From struct sock_filter {u16 code; u8 jt, jf; u32 k}, one word each; null: not a valid program.
     */
    static FilterProgram of(long[] instructions) {
        int[] codes = new int[instructions.length];
        int[] constants = new int[instructions.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (int) instructions[i];
            constants[i] = (int) (instructions[i] >>> 32);
        }
        FilterProgram program = new FilterProgram(codes, constants);
        return program.isValid() ? program : null;
    }

    int length() {
        return codes.length;
    }

    private boolean isValid() {
        for (int i = 0; i < codes.length; i++) {
            if (!isValid(i)) {
                return false;
            }
        }
        int last = codes[codes.length - 1] & 0xFFFF;
        return last == RET_K || last == RET_A;
    }

    private boolean isValid(int at) {
        int code = codes[at] & 0xFFFF;
        int k = constants[at];
        int after = codes.length - at - 1;
        return switch (code) {
            case LD_W_ABS -> k >= 0 && k < DATA_BYTES && k % 4 == 0;
            case LD_MEM, LDX_MEM, ST, STX -> k >= 0 && k < MEMORY_WORDS;
            case LD_W_LEN, LDX_W_LEN, LD_IMM, LDX_IMM, RET_K, RET_A, TAX, TXA, ALU_NEG -> true;
            case JMP_JA -> k >= 0 && k < after;
            default -> (code & CLASS) == ALU ? isAlu(code, k) : (code & CLASS) == JMP && isJump(at, code, after);
        };
    }

    private static boolean isAlu(int code, int k) {
        int operation = code & OPERATION;
        boolean constant = (code & INDEX) == 0;
        boolean known = operation <= RSH || operation == 0xA0; // ADD SUB MUL DIV OR AND LSH RSH, XOR
        boolean shift = operation == LSH || operation == RSH;
        return (code & ~(CLASS | OPERATION | INDEX)) == 0
                && known
                && !(constant && operation == DIV && k == 0)
                && !(constant && shift && (k < 0 || k > 31));
    }

    private boolean isJump(int at, int code, int after) {
        int operation = code & OPERATION;
        return (code & ~(CLASS | OPERATION | INDEX)) == 0
                && operation >= 0x10
                && operation <= 0x40
                && whenTrue(at) < after
                && whenFalse(at) < after;
    }

    private int whenTrue(int at) {
        return codes[at] >>> 16 & 0xFF;
    }

    private int whenFalse(int at) {
        return codes[at] >>> 24;
    }

    /** {@code data}: struct seccomp_data as 32-bit words. */
    int run(int[] data) {
        int[] memory = new int[MEMORY_WORDS];
        int a = 0;
        int x = 0;
        for (int at = 0; ; at++) {
            int code = codes[at] & 0xFFFF;
            int k = constants[at];
            switch (code) {
                case LD_W_ABS -> a = data[k / 4];
                case LD_W_LEN -> a = DATA_BYTES;
                case LDX_W_LEN -> x = DATA_BYTES;
                case LD_IMM -> a = k;
                case LDX_IMM -> x = k;
                case LD_MEM -> a = memory[k];
                case LDX_MEM -> x = memory[k];
                case ST -> memory[k] = a;
                case STX -> memory[k] = x;
                case TAX -> x = a;
                case TXA -> a = x;
                case ALU_NEG -> a = -a;
                case JMP_JA -> at += k;
                case RET_K -> {
                    return k;
                }
                case RET_A -> {
                    return a;
                }
                default -> {
                    int operand = (code & INDEX) == 0 ? k : x;
                    if ((code & CLASS) == JMP) {
                        at += holds(code, a, operand) ? whenTrue(at) : whenFalse(at);
                    } else if ((code & OPERATION) == DIV && operand == 0) {
                        return 0; // as Linux: the program ends with 0
                    } else {
                        a = compute(code, a, operand);
                    }
                }
            }
        }
    }

    private static boolean holds(int code, int a, int operand) {
        return switch (code & OPERATION) {
            case 0x10 -> a == operand;
            case 0x20 -> Integer.compareUnsigned(a, operand) > 0;
            case 0x30 -> Integer.compareUnsigned(a, operand) >= 0;
            default -> (a & operand) != 0;
        };
    }

    private static int compute(int code, int a, int operand) {
        return switch (code & OPERATION) {
            case 0x00 -> a + operand;
            case 0x10 -> a - operand;
            case 0x20 -> a * operand;
            case DIV -> Integer.divideUnsigned(a, operand);
            case 0x40 -> a | operand;
            case 0x50 -> a & operand;
            case LSH -> a << operand;
            case RSH -> a >>> operand;
            default -> a ^ operand;
        };
    }
}
