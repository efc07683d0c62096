// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.SSE;
import static mckernelj.emulator.cpu.CpuFeature.SSE2;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/**
 * Floating-point comparison (SDM vol. 1, 5.5.1.3, 5.6.1.4). Of a predicate the low three bits count, in VEX forms five.
 */
final class SseCompare {
    private SseCompare() {}

    @Encoding(value = "NP 0F C2 /r CMPPS Vdq, Wdq, Ib", feature = SSE)
    static long cmpps(Cpu cpu, long dst, long src, long predicate) {
        return Binary32.pair(cmpss(cpu, dst, src, predicate), cmpss(cpu, dst >>> 32, src >>> 32, predicate));
    }

    @Encoding(vex = "NP 0F C2 /r VCMPPS Vx, Hx, Wx, Ib")
    static long vcmpps(Cpu cpu, long a, long b, long predicate) {
        return Binary32.pair(vcmpss(cpu, a, b, predicate), vcmpss(cpu, a >>> 32, b >>> 32, predicate));
    }

    @Encoding(vex = "F3 0F C2 /r VCMPSS Vss, Hss, Wss, Ib")
    static long vcmpss(Cpu cpu, long a, long b, long predicate) {
        return Binary32.holds(cpu, a, b, (int) predicate & 31) ? -1 : 0;
    }

    @Encoding(vex = {"66 0F C2 /r VCMPPD Vx, Hx, Wx, Ib", "F2 0F C2 /r VCMPSD Vsd, Hsd, Wsd, Ib"})
    static long vcmpsd(Cpu cpu, long a, long b, long predicate) {
        return Binary64.holds(cpu, a, b, (int) predicate & 31) ? -1 : 0;
    }

    @Encoding(value = "F3 0F C2 /r CMPSS Vss, Wss, Ib", feature = SSE)
    static long cmpss(Cpu cpu, long dst, long src, long predicate) {
        return Binary32.holds(cpu, dst, src, (int) predicate & 7) ? -1 : 0;
    }

    @Encoding(
            value = {"66 0F C2 /r CMPPD Vdq, Wdq, Ib", "F2 0F C2 /r CMPSD Vsd, Wsd, Ib"},
            feature = SSE2)
    static long cmpsd(Cpu cpu, long dst, long src, long predicate) {
        return Binary64.holds(cpu, dst, src, (int) predicate & 7) ? -1 : 0;
    }

    @Encoding(value = "NP 0F 2E /r UCOMISS Vss, Wss", feature = SSE, vex = "NP 0F 2E /r VUCOMISS Vss, Wss")
    static void ucomiss(Cpu cpu, long a, long b) {
        cpu.setStatusFlags(Binary32.order(cpu, a, b, false));
    }

    @Encoding(value = "NP 0F 2F /r COMISS Vss, Wss", feature = SSE, vex = "NP 0F 2F /r VCOMISS Vss, Wss")
    static void comiss(Cpu cpu, long a, long b) {
        cpu.setStatusFlags(Binary32.order(cpu, a, b, true));
    }

    @Encoding(value = "66 0F 2E /r UCOMISD Vsd, Wsd", feature = SSE2, vex = "66 0F 2E /r VUCOMISD Vsd, Wsd")
    static void ucomisd(Cpu cpu, long a, long b) {
        cpu.setStatusFlags(Binary64.order(cpu, a, b, false));
    }

    @Encoding(value = "66 0F 2F /r COMISD Vsd, Wsd", feature = SSE2, vex = "66 0F 2F /r VCOMISD Vsd, Wsd")
    static void comisd(Cpu cpu, long a, long b) {
        cpu.setStatusFlags(Binary64.order(cpu, a, b, true));
    }
}
