// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.AVX2;
import static mckernelj.emulator.cpu.CpuFeature.SSE;
import static mckernelj.emulator.cpu.CpuFeature.SSE2;
import static mckernelj.emulator.cpu.CpuFeature.SSE4_1;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/** Elements to and from general registers and memory, and byte masks (SDM vol. 1, 5.5.2, 5.10.6, 5.10.7). */
final class SseExtract {
    private SseExtract() {}

    @Encoding(value = "NP 0F D7 /r:reg PMOVMSKB Gd, Nq", feature = SSE)
    static long pmovmskb(Cpu cpu, long src) {
        cpu.x87.enterMmx();
        return signs(src);
    }

    @Encoding(value = "66 0F D7 /r:reg PMOVMSKB Gd, Udq", feature = SSE2, vex = "L0 66 0F D7 /r:reg VPMOVMSKB Gd, Udq")
    static long pmovmskb(long low, long high) {
        return signs(low) | signs(high) << 8;
    }

    @Encoding(vex = "L1 66 0F D7 /r:reg VPMOVMSKB Gd, Uqq", vexFeature = AVX2)
    static long vpmovmskb(long a, long b, long c, long d) {
        return pmovmskb(a, b) | pmovmskb(c, d) << 16;
    }

    /** The sign bits of the eight bytes: the product gathers them in the top byte, no two partial products meet. */
    private static long signs(long bytes) {
        return ((bytes & Swar.BYTES) >>> 7) * 0x0102040810204080L >>> 56;
    }

    @Encoding(value = "NP 0F C5 /r:reg PEXTRW Gd, Nq, Ib", feature = SSE)
    static long pextrw(Cpu cpu, long src, long number) {
        cpu.x87.enterMmx();
        return src >>> ((number & 3) << 4) & 0xFFFF;
    }

    @Encoding(
            value = {
                "66 0F C5 /r:reg PEXTRW Gd, Udq, Ib",
                "66 0F 3A 15 /r:reg PEXTRW Rd, Vdq, Ib",
                "66 0F 3A 15 /r:mem PEXTRW Mw, Vdq, Ib"
            },
            feature = SSE2,
            vex = {
                "L0 66 0F C5 /r:reg VPEXTRW Gd, Udq, Ib",
                "L0 66 0F 3A 15 /r:reg VPEXTRW Rd, Vdq, Ib",
                "L0 66 0F 3A 15 /r:mem VPEXTRW Mw, Vdq, Ib"
            })
    static long pextrw(long low, long high, long number) {
        return ((number & 4) == 0 ? low : high) >>> ((number & 3) << 4) & 0xFFFF;
    }

    @Encoding(
            value = {"66 0F 3A 14 /r:reg PEXTRB Rd, Vdq, Ib", "66 0F 3A 14 /r:mem PEXTRB Mb, Vdq, Ib"},
            feature = SSE4_1,
            vex = {"L0 66 0F 3A 14 /r:reg VPEXTRB Rd, Vdq, Ib", "L0 66 0F 3A 14 /r:mem VPEXTRB Mb, Vdq, Ib"})
    static long pextrb(long low, long high, long number) {
        return ((number & 8) == 0 ? low : high) >>> ((number & 7) << 3) & 0xFF;
    }

    @Encoding(
            value = "66 W0 0F 3A 16 /r PEXTRD Ed, Vdq, Ib",
            feature = SSE4_1,
            vex = "L0 66 W0 0F 3A 16 /r VPEXTRD Ed, Vdq, Ib")
    static long pextrd(long low, long high, long number) {
        return ((number & 2) == 0 ? low : high) >>> ((number & 1) << 5);
    }

    @Encoding(
            value = "66 W1 0F 3A 16 /r PEXTRQ Eq, Vdq, Ib",
            feature = SSE4_1,
            vex = "L0 66 W1 0F 3A 16 /r VPEXTRQ Eq, Vdq, Ib")
    static long pextrq(long low, long high, long number) {
        return (number & 1) == 0 ? low : high;
    }

    @Encoding(
            value = "66 0F 3A 17 /r EXTRACTPS Ed, Vdq, Ib",
            feature = SSE4_1,
            vex = "L0 66 0F 3A 17 /r VEXTRACTPS Ed, Vdq, Ib")
    static long extractps(long low, long high, long number) {
        return pextrd(low, high, number);
    }

    @Encoding(value = "NP 0F C4 /r PINSRW Pq, Ew, Ib", feature = SSE)
    static long pinsrw(long dst, long src, long number) {
        return insert(dst, src, 0xFFFF, (number & 3) << 4);
    }

    @Encoding(value = "66 0F C4 /r PINSRW Vdq, Ew, Ib", feature = SSE2, vex = "L0 66 0F C4 /r VPINSRW Vdq, Hdq, Ew, Ib")
    static void pinsrw(Cpu cpu, int dst, long src, long number) {
        insert(cpu, dst, src, 0xFFFF, (number & 7) << 4);
    }

    @Encoding(
            value = {"66 0F 3A 20 /r:reg PINSRB Vdq, Rd, Ib", "66 0F 3A 20 /r:mem PINSRB Vdq, Mb, Ib"},
            feature = SSE4_1,
            vex = {"L0 66 0F 3A 20 /r:reg VPINSRB Vdq, Hdq, Rd, Ib", "L0 66 0F 3A 20 /r:mem VPINSRB Vdq, Hdq, Mb, Ib"})
    static void pinsrb(Cpu cpu, int dst, long src, long number) {
        insert(cpu, dst, src, 0xFF, (number & 15) << 3);
    }

    @Encoding(
            value = "66 W0 0F 3A 22 /r PINSRD Vdq, Ed, Ib",
            feature = SSE4_1,
            vex = "L0 66 W0 0F 3A 22 /r VPINSRD Vdq, Hdq, Ed, Ib")
    static void pinsrd(Cpu cpu, int dst, long src, long number) {
        insert(cpu, dst, src, 0xFFFFFFFFL, (number & 3) << 5);
    }

    @Encoding(
            value = "66 W1 0F 3A 22 /r PINSRQ Vdq, Eq, Ib",
            feature = SSE4_1,
            vex = "L0 66 W1 0F 3A 22 /r VPINSRQ Vdq, Hdq, Eq, Ib")
    static void pinsrq(Cpu cpu, int dst, long src, long number) {
        cpu.xmm[2 * dst + ((int) number & 1)] = src;
    }

    private static void insert(Cpu cpu, int dst, long value, long mask, long bit) {
        int lane = 2 * dst + (int) (bit >> 6);
        cpu.xmm[lane] = insert(cpu.xmm[lane], value, mask, bit);
    }

    private static long insert(long dst, long value, long mask, long bit) {
        return dst & ~(mask << bit) | (value & mask) << bit;
    }

    /** Control: source element (7..6, registers only), destination element (5..4), elements to clear (3..0). */
    @Encoding(
            value = "66 0F 3A 21 /r:reg INSERTPS Vdq, Udq, Ib",
            feature = SSE4_1,
            vex = "L0 66 0F 3A 21 /r:reg VINSERTPS Vdq, Hdq, Udq, Ib")
    static void insertps(Cpu cpu, int dst, long low, long high, long control) {
        insertps(cpu, dst, pextrd(low, high, control >> 6), control);
    }

    @Encoding(
            value = "66 0F 3A 21 /r:mem INSERTPS Vdq, Md, Ib",
            feature = SSE4_1,
            vex = "L0 66 0F 3A 21 /r:mem VINSERTPS Vdq, Hdq, Md, Ib")
    static void insertps(Cpu cpu, int dst, long src, long control) {
        insert(cpu, dst, src, 0xFFFFFFFFL, (control >> 4 & 3) << 5);
        for (int i = 0; i < 4; i++) {
            if ((control >> i & 1) != 0) {
                insert(cpu, dst, 0, 0xFFFFFFFFL, i << 5);
            }
        }
    }
}
