// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.AES;
import static mckernelj.emulator.cpu.CpuFeature.VAES;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.isa.Encoding;

/**
 * AESNI and carry-less multiplication (SDM vol. 1, 5.12 and 12.13). The state is four columns of four bytes, the first
 * lowest.
 */
final class Aes {
    static final int[] S_BOX = new int[256];
    static final int[] INVERSE_S_BOX = new int[256];

    /** What a byte of row 0 adds to its column: substituted, then mixed. */
    static final int[] ENCRYPTION = new int[256];

    static final int[] DECRYPTION = new int[256];

    /** The inverse mix of columns alone. */
    static final int[] INVERSE_MIX = new int[256];

    static {
        int p = 1;
        int q = 1;
        do { // p runs through all non-zero elements of the field, q is its inverse
            p ^= times2(p);
            q ^= q << 1;
            q ^= q << 2;
            q = (q ^ q << 4) & 0xFF;
            q ^= (q & 0x80) != 0 ? 9 : 0;
            int s = q ^ rotateLeft(q, 1) ^ rotateLeft(q, 2) ^ rotateLeft(q, 3) ^ rotateLeft(q, 4);
            S_BOX[p] = s ^ 0x63;
        } while (p != 1);
        S_BOX[0] = 0x63;
        for (int i = 0; i < 256; i++) {
            int s = S_BOX[i];
            INVERSE_S_BOX[s] = i;
            ENCRYPTION[i] = times2(s) | s << 8 | s << 16 | (times2(s) ^ s) << 24;
            int two = times2(i);
            int four = times2(two);
            int eight = times2(four);
            INVERSE_MIX[i] = eight ^ four ^ two | (eight ^ i) << 8 | (eight ^ four ^ i) << 16 | (eight ^ two ^ i) << 24;
        }
        for (int i = 0; i < 256; i++) {
            DECRYPTION[i] = INVERSE_MIX[INVERSE_S_BOX[i]];
        }
    }

    private Aes() {}

    private static int times2(int x) {
        return (x << 1 ^ ((x & 0x80) != 0 ? 0x1B : 0)) & 0xFF;
    }

    private static int rotateLeft(int x, int bits) {
        return (x << bits | x >> 8 - bits) & 0xFF;
    }

    @Encoding(
            value = "66 0F 38 DC /r AESENC Vdq, Wdq",
            feature = AES,
            vex = "66 0F 38 DC /r VAESENC Vx, Hx, Wx",
            vexFeature = AES,
            ymmFeature = VAES)
    static void aesenc(Cpu cpu, int dst, long low, long high) {
        round(cpu, dst, ENCRYPTION, 1, low, high);
    }

    @Encoding(
            value = "66 0F 38 DD /r AESENCLAST Vdq, Wdq",
            feature = AES,
            vex = "66 0F 38 DD /r VAESENCLAST Vx, Hx, Wx",
            vexFeature = AES,
            ymmFeature = VAES)
    static void aesenclast(Cpu cpu, int dst, long low, long high) {
        round(cpu, dst, S_BOX, 1, low, high);
    }

    @Encoding(
            value = "66 0F 38 DE /r AESDEC Vdq, Wdq",
            feature = AES,
            vex = "66 0F 38 DE /r VAESDEC Vx, Hx, Wx",
            vexFeature = AES,
            ymmFeature = VAES)
    static void aesdec(Cpu cpu, int dst, long low, long high) {
        round(cpu, dst, DECRYPTION, -1, low, high);
    }

    @Encoding(
            value = "66 0F 38 DF /r AESDECLAST Vdq, Wdq",
            feature = AES,
            vex = "66 0F 38 DF /r VAESDECLAST Vx, Hx, Wx",
            vexFeature = AES,
            ymmFeature = VAES)
    static void aesdeclast(Cpu cpu, int dst, long low, long high) {
        round(cpu, dst, INVERSE_S_BOX, -1, low, high);
    }

    @Encoding(
            value = "66 0F 38 DB /r AESIMC Vdq, Wdq",
            feature = AES,
            vex = "L0 66 0F 38 DB /r VAESIMC Vdq, Wdq",
            vexFeature = AES)
    static void aesimc(Cpu cpu, int dst, long low, long high) {
        cpu.setXmm(dst, low, high);
        round(cpu, dst, INVERSE_MIX, 0, 0, 0);
    }

    /**
     * Row r of the state is rotated by r times {@code step} columns, each byte replaced from the table, then the key
     * added.
     */
    private static void round(Cpu cpu, int dst, int[] table, int step, long keyLow, long keyHigh) {
        long low = cpu.xmm[2 * dst];
        long high = cpu.xmm[2 * dst + 1];
        long first = columnPair(low, high, table, step, 0);
        cpu.setXmm(dst, first ^ keyLow, columnPair(low, high, table, step, 2) ^ keyHigh);
    }

    private static long columnPair(long low, long high, int[] table, int step, int number) {
        return Binary32.pair(column(low, high, table, step, number), column(low, high, table, step, number + 1));
    }

    private static int column(long low, long high, int[] table, int step, int number) {
        int column = 0;
        for (int row = 0; row < 4; row++) {
            int at = (number + row * step & 3) * 4 + row;
            int value = (int) ((at < 8 ? low : high) >>> ((at & 7) << 3)) & 0xFF;
            column ^= Integer.rotateLeft(table[value], 8 * row);
        }
        return column;
    }

    @Encoding(
            value = "66 0F 3A DF /r AESKEYGENASSIST Vdq, Wdq, Ib",
            feature = AES,
            vex = "L0 66 0F 3A DF /r VAESKEYGENASSIST Vdq, Wdq, Ib",
            vexFeature = AES)
    static void aeskeygenassist(Cpu cpu, int dst, long low, long high, long roundConstant) {
        cpu.setXmm(dst, keyWords((int) (low >>> 32), roundConstant), keyWords((int) (high >>> 32), roundConstant));
    }

    private static long keyWords(int word, long roundConstant) {
        int substituted = S_BOX[word & 0xFF]
                | S_BOX[word >>> 8 & 0xFF] << 8
                | S_BOX[word >>> 16 & 0xFF] << 16
                | S_BOX[word >>> 24] << 24;
        return Binary32.pair(substituted, Integer.rotateRight(substituted, 8) ^ roundConstant & 0xFF);
    }

    /** Control: halves of destination (bit 0) and source (bit 4). */
    @Encoding(
            value = "66 0F 3A 44 /r PCLMULQDQ Vdq, Wdq, Ib",
            feature = CpuFeature.PCLMULQDQ,
            vex = "66 0F 3A 44 /r VPCLMULQDQ Vx, Hx, Wx, Ib",
            vexFeature = CpuFeature.PCLMULQDQ,
            ymmFeature = CpuFeature.VPCLMULQDQ)
    static void pclmulqdq(Cpu cpu, int dst, long low, long high, long control) {
        long a = cpu.xmm[2 * dst + ((int) control & 1)];
        long b = (control & 16) == 0 ? low : high;
        long productLow = 0;
        long productHigh = 0;
        for (int i = 0; i < 64; i++) {
            long mask = -(b >>> i & 1);
            productLow ^= a << i & mask;
            productHigh ^= a >>> 1 >>> 63 - i & mask;
        }
        cpu.setXmm(dst, productLow, productHigh);
    }
}
