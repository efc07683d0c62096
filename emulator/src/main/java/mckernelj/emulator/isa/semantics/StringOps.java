// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.isa.Encoding;

/**
 * String instructions (SDM vol. 1, 5.1.8) but for port input and output. Registers are current after every iteration, so
 * a fault in the middle of a repetition can be resumed. A long repetition is given up after {@link #SLICE} iterations with the
 * instruction pointer on the instruction itself, so that interrupts get their turn.
 */
public final class StringOps {
    private StringOps() {}

    private static final int SLICE = 4096;

    // ---- MOVS
    // ------------------------------------------------------------------------------------------------------------

    @Encoding(value = "A4 MOVSB", ends = true)
    static void movsb(Cpu cpu, Op op) {
        movs(cpu, op, 8);
    }

    @Encoding(value = "A5 MOVS", ends = true)
    static void movs(Cpu cpu, Op op) {
        movs(cpu, op, op.operandSize);
    }

    private static void movs(Cpu cpu, Op op, int width) {
        if (op.rep == 0) {
            moveElement(cpu, op, width);
            return;
        }
        int left = slice(cpu);
        while (count(cpu, op) != 0) {
            if (left <= 0) {
                resumeLater(cpu, op);
                return;
            }
            int moved = moveRun(cpu, op, width, left);
            if (moved == 0) {
                moveElement(cpu, op, width);
                countDown(cpu, op, 1);
                moved = 1;
            }
            left -= moved;
        }
    }

    private static void moveElement(Cpu cpu, Op op, int width) {
        cpu.store(width, destination(cpu, op, width, true), cpu.load(width, source(cpu, op, width)));
        advance(cpu, op, Cpu.RSI, step(cpu, width));
        advance(cpu, op, Cpu.RDI, step(cpu, width));
    }

    /**
     * Moves the elements up to the end of either page; 0 if that is not possible here. The time is that of moving 32 bytes at once, however
     * they are moved: it must not tell what the TLB holds.
     */
    private static int moveRun(Cpu cpu, Op op, int width, int limit) {
        if (op.addressSize != 64 || (cpu.systemFlags & Cpu.DF) != 0) {
            return 0;
        }
        int toEnds = Math.min(leftInPage(source(cpu, op, width)), leftInPage(destination(cpu, op, width, true)));
        int elements = Math.min(run(cpu, limit), toEnds / (width >> 3));
        if (elements < 2) {
            return 0;
        }
        // an element moved singly brings both pages into the TLB; all are, where they overlap or are no memory
        for (int left = elements; left > 0 && !moveAtOnce(cpu, op, width, left); left--) {
            moveElement(cpu, op, width);
            cpu.r[Cpu.RCX]--;
        }
        cpu.cycles += elements * (width >> 3) >> 5;
        return elements;
    }

    private static boolean moveAtOnce(Cpu cpu, Op op, int width, int elements) {
        int bytes = elements * (width >> 3);
        if (!cpu.copyWithinPages(source(cpu, op, width), destination(cpu, op, width, true), bytes)) {
            return false;
        }
        cpu.r[Cpu.RSI] += bytes;
        cpu.r[Cpu.RDI] += bytes;
        cpu.r[Cpu.RCX] -= elements;
        return true;
    }

    // ---- STOS
    // ------------------------------------------------------------------------------------------------------------

    @Encoding(value = "AA STOSB", ends = true)
    static void stosb(Cpu cpu, Op op) {
        stos(cpu, op, 8);
    }

    @Encoding(value = "AB STOS", ends = true)
    static void stos(Cpu cpu, Op op) {
        stos(cpu, op, op.operandSize);
    }

    private static void stos(Cpu cpu, Op op, int width) {
        if (op.rep == 0) {
            storeElement(cpu, op, width);
            return;
        }
        int left = slice(cpu);
        while (count(cpu, op) != 0) {
            if (left <= 0) {
                resumeLater(cpu, op);
                return;
            }
            int stored = storeRun(cpu, op, width, left);
            if (stored == 0) {
                storeElement(cpu, op, width);
                countDown(cpu, op, 1);
                stored = 1;
            }
            left -= stored;
        }
    }

    private static void storeElement(Cpu cpu, Op op, int width) {
        cpu.store(width, destination(cpu, op, width, true), cpu.r[Cpu.RAX]);
        advance(cpu, op, Cpu.RDI, step(cpu, width));
    }

    /** As {@link #moveRun}. */
    private static int storeRun(Cpu cpu, Op op, int width, int limit) {
        if (op.addressSize != 64 || (cpu.systemFlags & Cpu.DF) != 0) {
            return 0;
        }
        int elements = Math.min(run(cpu, limit), leftInPage(destination(cpu, op, width, true)) / (width >> 3));
        if (elements < 2) {
            return 0;
        }
        for (int left = elements; left > 0 && !storeAtOnce(cpu, op, width, left); left--) {
            storeElement(cpu, op, width);
            cpu.r[Cpu.RCX]--;
        }
        cpu.cycles += elements * (width >> 3) >> 5;
        return elements;
    }

    private static boolean storeAtOnce(Cpu cpu, Op op, int width, int elements) {
        if (!cpu.fillWithinPage(destination(cpu, op, width, true), elements, width, cpu.r[Cpu.RAX])) {
            return false;
        }
        cpu.r[Cpu.RDI] += (long) elements * (width >> 3);
        cpu.r[Cpu.RCX] -= elements;
        return true;
    }

    // ---- LODS
    // ------------------------------------------------------------------------------------------------------------

    @Encoding(value = "AC LODSB", ends = true)
    static void lodsb(Cpu cpu, Op op) {
        lods(cpu, op, 8);
    }

    @Encoding(value = "AD LODS", ends = true)
    static void lods(Cpu cpu, Op op) {
        lods(cpu, op, op.operandSize);
    }

    private static void lods(Cpu cpu, Op op, int width) {
        if (op.rep == 0) {
            loadElement(cpu, op, width);
            return;
        }
        for (int left = slice(cpu); count(cpu, op) != 0; left--) {
            if (left <= 0) {
                resumeLater(cpu, op);
                return;
            }
            loadElement(cpu, op, width);
            countDown(cpu, op, 1);
        }
    }

    private static void loadElement(Cpu cpu, Op op, int width) {
        cpu.setRegister(width, Cpu.RAX, cpu.load(width, source(cpu, op, width)));
        advance(cpu, op, Cpu.RSI, step(cpu, width));
    }

    // ---- SCAS
    // ------------------------------------------------------------------------------------------------------------

    @Encoding(value = "AE SCASB", ends = true)
    static void scasb(Cpu cpu, Op op) {
        scas(cpu, op, 8);
    }

    @Encoding(value = "AF SCAS", ends = true)
    static void scas(Cpu cpu, Op op) {
        scas(cpu, op, op.operandSize);
    }

    private static void scas(Cpu cpu, Op op, int width) {
        if (op.rep == 0) {
            scanElement(cpu, op, width);
            return;
        }
        cpu.saveFlags();
        try {
            repeatScas(cpu, op, width);
        } catch (X86Fault fault) {
            cpu.restoreFlags(); // a repetition that faults leaves the flags as they were before the instruction
            throw fault;
        }
    }

    private static void repeatScas(Cpu cpu, Op op, int width) {
        for (int left = slice(cpu); count(cpu, op) != 0; left--) {
            if (left <= 0) {
                cpu.restoreFlags();
                resumeLater(cpu, op);
                return;
            }
            scanElement(cpu, op, width);
            countDown(cpu, op, 1);
            if (endsRepetition(cpu, op)) {
                return;
            }
        }
    }

    private static void scanElement(Cpu cpu, Op op, int width) {
        long b = cpu.load(width, destination(cpu, op, width, false));
        cpu.setFlagsSub(width, cpu.register(width, Cpu.RAX), b);
        advance(cpu, op, Cpu.RDI, step(cpu, width));
    }

    // ---- CMPS
    // ------------------------------------------------------------------------------------------------------------

    @Encoding(value = "A6 CMPSB", ends = true)
    static void cmpsb(Cpu cpu, Op op) {
        cmps(cpu, op, 8);
    }

    @Encoding(value = "A7 CMPS", ends = true)
    static void cmps(Cpu cpu, Op op) {
        cmps(cpu, op, op.operandSize);
    }

    private static void cmps(Cpu cpu, Op op, int width) {
        if (op.rep == 0) {
            compareElement(cpu, op, width);
            return;
        }
        cpu.saveFlags();
        try {
            repeatCmps(cpu, op, width);
        } catch (X86Fault fault) {
            cpu.restoreFlags(); // a repetition that faults leaves the flags as they were before the instruction
            throw fault;
        }
    }

    private static void repeatCmps(Cpu cpu, Op op, int width) {
        for (int left = slice(cpu); count(cpu, op) != 0; left--) {
            if (left <= 0) {
                cpu.restoreFlags();
                resumeLater(cpu, op);
                return;
            }
            compareElement(cpu, op, width);
            countDown(cpu, op, 1);
            if (endsRepetition(cpu, op)) {
                return;
            }
        }
    }

    private static void compareElement(Cpu cpu, Op op, int width) {
        // in this order: seen where both would fault
        long b = cpu.load(width, destination(cpu, op, width, false));
        long a = cpu.load(width, source(cpu, op, width));
        cpu.setFlagsSub(width, a, b);
        advance(cpu, op, Cpu.RSI, step(cpu, width));
        advance(cpu, op, Cpu.RDI, step(cpu, width));
    }

    // ---- shared
    // ------------------------------------------------------------------------------------------------------------

    /** REPE goes on while equal, REPNE while different. */
    private static boolean endsRepetition(Cpu cpu, Op op) {
        return (cpu.flagA == cpu.flagB) == (op.rep == 0xF2);
    }

    /** Iterations until interrupts, or the single-step trap, must be looked at. */
    private static int slice(Cpu cpu) {
        return (cpu.systemFlags & Cpu.TF) != 0 || cpu.breakpoints.active() ? 1 : SLICE;
    }

    /**
     * INS and OUTS, of which one execution does one element: true if the count is 0; if it is
     * greater than 1 the instruction comes back.
     */
    static boolean isDone(Cpu cpu, Op op) {
        if (op.rep == 0) {
            return false;
        }
        long count = count(cpu, op);
        if (count > 1 || count < 0) {
            resumeLater(cpu, op);
        }
        return count == 0;
    }

    /** What interrupts or traps now sees RF = 1 (SDM vol. 3, 18.3.1.1). */
    private static void resumeLater(Cpu cpu, Op op) {
        cpu.systemFlags |= Cpu.RF;
        cpu.nextRip = cpu.r[Cpu.BLOCK] + op.offset;
    }

    private static int run(Cpu cpu, int limit) {
        long count = cpu.r[Cpu.RCX];
        return count < 0 || count > limit ? limit : (int) count;
    }

    private static int leftInPage(long linear) {
        return 4096 - ((int) linear & 4095);
    }

    private static long count(Cpu cpu, Op op) {
        return Addressing.truncate(op.addressSize, cpu.r[Cpu.RCX]);
    }

    private static void countDown(Cpu cpu, Op op, int iterations) {
        advance(cpu, op, Cpu.RCX, -iterations);
        cpu.cycles += iterations;
    }

    private static long step(Cpu cpu, int width) {
        int bytes = width >> 3;
        return (cpu.systemFlags & Cpu.DF) != 0 ? -bytes : bytes;
    }

    /** Moves rSI or rDI behind an element that INS or OUTS did, and counts it. */
    static void moveOn(Cpu cpu, Op op, int register, int bytes) {
        advance(cpu, op, register, step(cpu, 8 * bytes));
        if (op.rep != 0) {
            countDown(cpu, op, 1);
        }
    }

    private static void advance(Cpu cpu, Op op, int register, long delta) {
        cpu.setRegister(op.addressSize, register, cpu.r[register] + delta);
    }

    /** rSI in the segment of the prefixes, DS by default. */
    static long source(Cpu cpu, Op op, int width) {
        long offset = Addressing.truncate(op.addressSize, cpu.r[Cpu.RSI]);
        cpu.checkSegment(op.segment, offset, width >> 3, false);
        return cpu.segmented(op.segment, offset);
    }

    /** rDI in ES, always. */
    static long destination(Cpu cpu, Op op, int width, boolean write) {
        int segment = cpu.long64 ? Cpu.ZERO : Cpu.ES;
        long offset = Addressing.truncate(op.addressSize, cpu.r[Cpu.RDI]);
        cpu.checkSegment(segment, offset, width >> 3, write);
        return cpu.segmented(segment, offset);
    }
}
