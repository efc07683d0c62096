// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.SSE;
import static mckernelj.emulator.cpu.CpuFeature.SSE2;
import static mckernelj.emulator.isa.semantics.Binary32.pair;
import static mckernelj.emulator.isa.semantics.SseException.TRUNCATE;
import static mckernelj.emulator.isa.semantics.SseException.rounding;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/** Conversion between number formats (SDM vol. 1, 5.5.1.6, 5.6.1.6, 5.6.2). */
final class SseConvert {
    private SseConvert() {}

    // ---- integers to floating point -------------------------------------------------------------------------------

    @Encoding(value = "F3 0F 2A /r CVTSI2SS Vss, Ey", feature = SSE, vex = "F3 0F 2A /r VCVTSI2SS Vss, Hss, Ey")
    static long cvtsi2ss(Cpu cpu, long src) {
        return Binary32.fromInteger(cpu, src);
    }

    @Encoding(value = "F2 0F 2A /r CVTSI2SD Vsd, Ey", feature = SSE2, vex = "F2 0F 2A /r VCVTSI2SD Vsd, Hsd, Ey")
    static long cvtsi2sd(Cpu cpu, long src) {
        return Binary64.fromInteger(cpu, src);
    }

    @Encoding(value = "NP 0F 2A /r:mem CVTPI2PS Vsd, Mq", feature = SSE)
    static long cvtpi2ps(Cpu cpu, long src) {
        return cvtdq2ps(cpu, src);
    }

    @Encoding(value = "NP 0F 2A /r:reg CVTPI2PS Vsd, Nq", feature = SSE)
    static long cvtpi2psRegister(Cpu cpu, long src) {
        cpu.x87.enterMmx();
        return cvtdq2ps(cpu, src);
    }

    @Encoding(value = "66 0F 2A /r:mem CVTPI2PD Vdq, Mq", feature = SSE2)
    static void cvtpi2pd(Cpu cpu, int dst, long src) {
        cvtdq2pd(cpu, dst, src);
    }

    @Encoding(value = "66 0F 2A /r:reg CVTPI2PD Vdq, Nq", feature = SSE2)
    static void cvtpi2pdRegister(Cpu cpu, int dst, long src) {
        cpu.x87.enterMmx();
        cvtdq2pd(cpu, dst, src);
    }

    @Encoding(value = "NP 0F 5B /r CVTDQ2PS Vdq, Wdq", feature = SSE2, vex = "NP 0F 5B /r VCVTDQ2PS Vx, Wx")
    static long cvtdq2ps(Cpu cpu, long src) {
        return pair(Binary32.fromInteger(cpu, (int) src), Binary32.fromInteger(cpu, src >> 32));
    }

    @Encoding(value = "F3 0F E6 /r CVTDQ2PD Vdq, Wq", feature = SSE2, vex = "F3 0F E6 /r VCVTDQ2PD Vx, Whx")
    static void cvtdq2pd(Cpu cpu, int dst, long src) {
        cpu.setXmm(dst, Double.doubleToRawLongBits((int) src), Double.doubleToRawLongBits((int) (src >> 32)));
    }

    // ---- floating point to general registers ----------------------------------------------------------------------

    @Encoding(value = "F3 W0 0F 2C /r CVTTSS2SI Gd, Wss", feature = SSE, vex = "F3 W0 0F 2C /r VCVTTSS2SI Gd, Wss")
    static long cvttss2si32(Cpu cpu, long src) {
        return Binary32.toInteger(cpu, src, TRUNCATE, 32);
    }

    @Encoding(value = "F3 W1 0F 2C /r CVTTSS2SI Gq, Wss", feature = SSE, vex = "F3 W1 0F 2C /r VCVTTSS2SI Gq, Wss")
    static long cvttss2si64(Cpu cpu, long src) {
        return Binary32.toInteger(cpu, src, TRUNCATE, 64);
    }

    @Encoding(value = "F3 W0 0F 2D /r CVTSS2SI Gd, Wss", feature = SSE, vex = "F3 W0 0F 2D /r VCVTSS2SI Gd, Wss")
    static long cvtss2si32(Cpu cpu, long src) {
        return Binary32.toInteger(cpu, src, rounding(cpu.mxcsr), 32);
    }

    @Encoding(value = "F3 W1 0F 2D /r CVTSS2SI Gq, Wss", feature = SSE, vex = "F3 W1 0F 2D /r VCVTSS2SI Gq, Wss")
    static long cvtss2si64(Cpu cpu, long src) {
        return Binary32.toInteger(cpu, src, rounding(cpu.mxcsr), 64);
    }

    @Encoding(value = "F2 W0 0F 2C /r CVTTSD2SI Gd, Wsd", feature = SSE2, vex = "F2 W0 0F 2C /r VCVTTSD2SI Gd, Wsd")
    static long cvttsd2si32(Cpu cpu, long src) {
        return Binary64.toInteger(cpu, src, TRUNCATE, 32);
    }

    @Encoding(value = "F2 W1 0F 2C /r CVTTSD2SI Gq, Wsd", feature = SSE2, vex = "F2 W1 0F 2C /r VCVTTSD2SI Gq, Wsd")
    static long cvttsd2si64(Cpu cpu, long src) {
        return Binary64.toInteger(cpu, src, TRUNCATE, 64);
    }

    @Encoding(value = "F2 W0 0F 2D /r CVTSD2SI Gd, Wsd", feature = SSE2, vex = "F2 W0 0F 2D /r VCVTSD2SI Gd, Wsd")
    static long cvtsd2si32(Cpu cpu, long src) {
        return Binary64.toInteger(cpu, src, rounding(cpu.mxcsr), 32);
    }

    @Encoding(value = "F2 W1 0F 2D /r CVTSD2SI Gq, Wsd", feature = SSE2, vex = "F2 W1 0F 2D /r VCVTSD2SI Gq, Wsd")
    static long cvtsd2si64(Cpu cpu, long src) {
        return Binary64.toInteger(cpu, src, rounding(cpu.mxcsr), 64);
    }

    // ---- packed floating point to packed doublewords --------------------------------------------------------------

    @Encoding(value = "F3 0F 5B /r CVTTPS2DQ Vdq, Wdq", feature = SSE2, vex = "F3 0F 5B /r VCVTTPS2DQ Vx, Wx")
    static long cvttps2dq(Cpu cpu, long src) {
        return pair(cvttss2si32(cpu, src), cvttss2si32(cpu, src >>> 32));
    }

    @Encoding(value = "66 0F 5B /r CVTPS2DQ Vdq, Wdq", feature = SSE2, vex = "66 0F 5B /r VCVTPS2DQ Vx, Wx")
    static long cvtps2dq(Cpu cpu, long src) {
        return pair(cvtss2si32(cpu, src), cvtss2si32(cpu, src >>> 32));
    }

    @Encoding(value = "66 0F E6 /r CVTTPD2DQ Vq, Wdq", feature = SSE2, vex = "66 0F E6 /r VCVTTPD2DQ Vhx, Wx")
    static long cvttpd2dq(Cpu cpu, long low, long high) {
        return pair(cvttsd2si32(cpu, low), cvttsd2si32(cpu, high));
    }

    @Encoding(value = "F2 0F E6 /r CVTPD2DQ Vq, Wdq", feature = SSE2, vex = "F2 0F E6 /r VCVTPD2DQ Vhx, Wx")
    static long cvtpd2dq(Cpu cpu, long low, long high) {
        return pair(cvtsd2si32(cpu, low), cvtsd2si32(cpu, high));
    }

    // ---- the same to MMX registers: x87 mode ends even if the conversion raises #XM -------------------------------

    @Encoding(value = "NP 0F 2C /r CVTTPS2PI Pq, Wq", feature = SSE)
    static long cvttps2pi(Cpu cpu, long src) {
        cpu.x87.enterMmx();
        return cvttps2dq(cpu, src);
    }

    @Encoding(value = "NP 0F 2D /r CVTPS2PI Pq, Wq", feature = SSE)
    static long cvtps2pi(Cpu cpu, long src) {
        cpu.x87.enterMmx();
        return cvtps2dq(cpu, src);
    }

    @Encoding(value = "66 0F 2C /r CVTTPD2PI Pq, Wdq", feature = SSE2)
    static long cvttpd2pi(Cpu cpu, long low, long high) {
        cpu.x87.enterMmx();
        return cvttpd2dq(cpu, low, high);
    }

    @Encoding(value = "66 0F 2D /r CVTPD2PI Pq, Wdq", feature = SSE2)
    static long cvtpd2pi(Cpu cpu, long low, long high) {
        cpu.x87.enterMmx();
        return cvtpd2dq(cpu, low, high);
    }

    // ---- between single and double precision ----------------------------------------------------------------------

    @Encoding(value = "F3 0F 5A /r CVTSS2SD Vsd, Wss", feature = SSE2, vex = "F3 0F 5A /r VCVTSS2SD Vsd, Hsd, Wss")
    static long cvtss2sd(Cpu cpu, long src) {
        return Binary32.toBinary64(cpu, src);
    }

    @Encoding(value = "F2 0F 5A /r CVTSD2SS Vss, Wsd", feature = SSE2, vex = "F2 0F 5A /r VCVTSD2SS Vss, Hss, Wsd")
    static long cvtsd2ss(Cpu cpu, long src) {
        return Binary64.toBinary32(cpu, src);
    }

    @Encoding(value = "NP 0F 5A /r CVTPS2PD Vdq, Wq", feature = SSE2, vex = "NP 0F 5A /r VCVTPS2PD Vx, Whx")
    static void cvtps2pd(Cpu cpu, int dst, long src) {
        cpu.setXmm(dst, Binary32.toBinary64(cpu, src), Binary32.toBinary64(cpu, src >>> 32));
    }

    @Encoding(value = "66 0F 5A /r CVTPD2PS Vq, Wdq", feature = SSE2, vex = "66 0F 5A /r VCVTPD2PS Vhx, Wx")
    static long cvtpd2ps(Cpu cpu, long low, long high) {
        return pair(Binary64.toBinary32(cpu, low), Binary64.toBinary32(cpu, high));
    }
}
