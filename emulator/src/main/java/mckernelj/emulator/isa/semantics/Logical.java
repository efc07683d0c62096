// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/** Logical instructions (SDM vol. 1, 5.1.4). AF, which the manual leaves undefined, becomes 0. */
public final class Logical {
    private Logical() {}

    @Encoding(
            value = {
                "20 /r AND Eb, Gb",
                "21 /r AND Ev, Gv",
                "22 /r AND Gb, Eb",
                "23 /r AND Gv, Ev",
                "24 AND AL, Ib",
                "25 AND rAX, Iz",
                "80 /4 AND Eb, Ib",
                "81 /4 AND Ev, Iz",
                "83 /4 AND Ev, Ib"
            },
            lock = true)
    static long and(Cpu cpu, int width, long a, long b) {
        long result = a & b;
        cpu.setFlagsSub(width, result, 0);
        return result;
    }

    @Encoding(value = "82 /4 AND Eb, Ib", lock = true, no64 = true)
    static long andAlias(Cpu cpu, int width, long a, long b) {
        return and(cpu, width, a, b);
    }

    @Encoding(
            value = {
                "08 /r OR Eb, Gb",
                "09 /r OR Ev, Gv",
                "0A /r OR Gb, Eb",
                "0B /r OR Gv, Ev",
                "0C OR AL, Ib",
                "0D OR rAX, Iz",
                "80 /1 OR Eb, Ib",
                "81 /1 OR Ev, Iz",
                "83 /1 OR Ev, Ib"
            },
            lock = true)
    static long or(Cpu cpu, int width, long a, long b) {
        long result = a | b;
        cpu.setFlagsSub(width, result, 0);
        return result;
    }

    @Encoding(value = "82 /1 OR Eb, Ib", lock = true, no64 = true)
    static long orAlias(Cpu cpu, int width, long a, long b) {
        return or(cpu, width, a, b);
    }

    @Encoding(
            value = {
                "30 /r XOR Eb, Gb",
                "31 /r XOR Ev, Gv",
                "32 /r XOR Gb, Eb",
                "33 /r XOR Gv, Ev",
                "34 XOR AL, Ib",
                "35 XOR rAX, Iz",
                "80 /6 XOR Eb, Ib",
                "81 /6 XOR Ev, Iz",
                "83 /6 XOR Ev, Ib"
            },
            lock = true)
    static long xor(Cpu cpu, int width, long a, long b) {
        long result = a ^ b;
        cpu.setFlagsSub(width, result, 0);
        return result;
    }

    @Encoding(value = "82 /6 XOR Eb, Ib", lock = true, no64 = true)
    static long xorAlias(Cpu cpu, int width, long a, long b) {
        return xor(cpu, width, a, b);
    }

    @Encoding(
            value = {"F6 /2 NOT Eb", "F7 /2 NOT Ev"},
            lock = true)
    static long not(long a) {
        return ~a;
    }
}
