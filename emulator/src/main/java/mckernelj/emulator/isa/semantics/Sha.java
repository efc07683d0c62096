// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.SHA;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/** SHA-1 and SHA-256 (SDM vol. 1, 5.19). Words are numbered from the least significant doubleword of a register on. */
final class Sha {
    private static final int[] SHA1_CONSTANTS = {0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6};

    private Sha() {}

    private static int low(long pair) {
        return (int) pair;
    }

    private static int high(long pair) {
        return (int) (pair >>> 32);
    }

    private static void set(Cpu cpu, int dst, int word0, int word1, int word2, int word3) {
        cpu.setXmm(dst, Binary32.pair(word0, word1), Binary32.pair(word2, word3));
    }

    // ---- SHA-1 ----------------------------------------------------------------------------------------------------

    /** Four rounds on A, B, C, D (words 3..0); the source has the message words, E added to the first. */
    @Encoding(value = "NP 0F 3A CC /r SHA1RNDS4 Vdq, Wdq, Ib", feature = SHA)
    static void sha1rnds4(Cpu cpu, int dst, long low, long high, long function) {
        int a = high(cpu.xmm[2 * dst + 1]);
        int b = low(cpu.xmm[2 * dst + 1]);
        int c = high(cpu.xmm[2 * dst]);
        int d = low(cpu.xmm[2 * dst]);
        int e = 0;
        int[] words = {high(high), low(high), high(low), low(low)};
        int number = (int) function & 3;
        for (int word : words) {
            int sum = choose(number, b, c, d) + Integer.rotateLeft(a, 5) + word + e + SHA1_CONSTANTS[number];
            e = d;
            d = c;
            c = Integer.rotateLeft(b, 30);
            b = a;
            a = sum;
        }
        set(cpu, dst, d, c, b, a);
    }

    private static int choose(int number, int b, int c, int d) {
        return number == 0 ? b & c ^ ~b & d : number == 2 ? majority(b, c, d) : b ^ c ^ d;
    }

    private static int majority(int a, int b, int c) {
        return a & b ^ a & c ^ b & c;
    }

    @Encoding(value = "NP 0F 38 C8 /r SHA1NEXTE Vdq, Wdq", feature = SHA)
    static void sha1nexte(Cpu cpu, int dst, long low, long high) {
        int e = Integer.rotateLeft(high(cpu.xmm[2 * dst + 1]), 30);
        cpu.setXmm(dst, low, Binary32.pair(high, high(high) + e));
    }

    @Encoding(value = "NP 0F 38 C9 /r SHA1MSG1 Vdq, Wdq", feature = SHA)
    static void sha1msg1(Cpu cpu, int dst, long low, long high) {
        long dstLow = cpu.xmm[2 * dst];
        long dstHigh = cpu.xmm[2 * dst + 1];
        cpu.setXmm(dst, dstLow ^ high, dstHigh ^ dstLow);
    }

    @Encoding(value = "NP 0F 38 CA /r SHA1MSG2 Vdq, Wdq", feature = SHA)
    static void sha1msg2(Cpu cpu, int dst, long low, long high) {
        int w16 = Integer.rotateLeft(high(cpu.xmm[2 * dst + 1]) ^ low(high), 1);
        int w17 = Integer.rotateLeft(low(cpu.xmm[2 * dst + 1]) ^ high(low), 1);
        int w18 = Integer.rotateLeft(high(cpu.xmm[2 * dst]) ^ low(low), 1);
        int w19 = Integer.rotateLeft(low(cpu.xmm[2 * dst]) ^ w16, 1);
        set(cpu, dst, w19, w18, w17, w16);
    }

    // ---- SHA-256 --------------------------------------------------------------------------------------------------

    /**
     * Two rounds; the source has A, B, E, F, the destination C, D, G, H (words 3..0), XMM0 message words plus
     * constants.
     */
    @Encoding(value = "NP 0F 38 CB /r SHA256RNDS2 Vdq, Wdq, XMM0", feature = SHA)
    static void sha256rnds2(Cpu cpu, int dst, long low, long high, long words, long unused) {
        int a = high(high);
        int b = low(high);
        int c = high(cpu.xmm[2 * dst + 1]);
        int d = low(cpu.xmm[2 * dst + 1]);
        int e = high(low);
        int f = low(low);
        int g = high(cpu.xmm[2 * dst]);
        int h = low(cpu.xmm[2 * dst]);
        for (int round = 0; round < 2; round++) {
            int sum = (e & f ^ ~e & g) + sigma(e, 6, 11, 25) + (round == 0 ? low(words) : high(words)) + h;
            h = g;
            g = f;
            f = e;
            e = sum + d;
            d = c;
            int next = sum + majority(a, b, c) + sigma(a, 2, 13, 22);
            c = b;
            b = a;
            a = next;
        }
        set(cpu, dst, f, e, b, a);
    }

    private static int sigma(int x, int first, int second, int third) {
        return Integer.rotateRight(x, first) ^ Integer.rotateRight(x, second) ^ Integer.rotateRight(x, third);
    }

    private static int sigma0(int x) {
        return Integer.rotateRight(x, 7) ^ Integer.rotateRight(x, 18) ^ x >>> 3;
    }

    private static int sigma1(int x) {
        return Integer.rotateRight(x, 17) ^ Integer.rotateRight(x, 19) ^ x >>> 10;
    }

    @Encoding(value = "NP 0F 38 CC /r SHA256MSG1 Vdq, Wdq", feature = SHA)
    static void sha256msg1(Cpu cpu, int dst, long low, long high) {
        int w0 = low(cpu.xmm[2 * dst]);
        int w1 = high(cpu.xmm[2 * dst]);
        int w2 = low(cpu.xmm[2 * dst + 1]);
        int w3 = high(cpu.xmm[2 * dst + 1]);
        set(cpu, dst, w0 + sigma0(w1), w1 + sigma0(w2), w2 + sigma0(w3), w3 + sigma0(low(low)));
    }

    @Encoding(value = "NP 0F 38 CD /r SHA256MSG2 Vdq, Wdq", feature = SHA)
    static void sha256msg2(Cpu cpu, int dst, long low, long high) {
        int w16 = low(cpu.xmm[2 * dst]) + sigma1(low(high));
        int w17 = high(cpu.xmm[2 * dst]) + sigma1(high(high));
        int w18 = low(cpu.xmm[2 * dst + 1]) + sigma1(w16);
        int w19 = high(cpu.xmm[2 * dst + 1]) + sigma1(w17);
        set(cpu, dst, w16, w17, w18, w19);
    }
}
