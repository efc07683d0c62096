// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import java.util.Arrays;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.X86Fault;

/**
 * Tier 0: executes decoded blocks, one virtual call per instruction. Finds the next block in a small cache by linear
 * address; after a change of translations an entry is verified before its next use.
 */
public final class Interpreter implements ExecutionEngine {
    private static final int ENTRIES = 8192;
    private static final long NO_TAG = 1L << 63;

    private final Cpu cpu;
    private final BlockCache blocks;
    private final ExceptionSink exceptions;
    private final long[] tags = new long[ENTRIES];
    private final Block[] cached = new Block[ENTRIES];

    /** {@link Cpu#translationEpoch} for which an entry is known to be right. */
    private final int[] epochs = new int[ENTRIES];

    public Interpreter(Cpu cpu, BlockCache blocks, ExceptionSink exceptions) {
        this.cpu = cpu;
        this.blocks = blocks;
        this.exceptions = exceptions;
        Arrays.fill(tags, NO_TAG);
    }

    @Override
    public void run() {
        Cpu c = cpu;
        int interruptFlag = c.systemFlags & Cpu.IF;
        do {
            if (c.interruptShadow || (c.systemFlags & (Cpu.TF | Cpu.RF)) != 0) {
                step();
            } else {
                runBlocks(interruptFlag);
            }
        } while (c.exit == Cpu.EXIT_NONE
                && c.cycles < c.deadline
                && c.attention == 0
                && (c.systemFlags & Cpu.IF) == interruptFlag
                && !c.interruptShadow);
    }

    /** Runs blocks until something needs a look; returns also after an exception. */
    private void runBlocks(int interruptFlag) {
        Cpu c = cpu;
        long[] r = c.r;
        int i = 0;
        Op[] ops = null;
        long rip = c.rip;
        try {
            do {
                Block block = find(c, rip);
                ops = block.ops;
                int length = block.length;
                do {
                    r[Cpu.BLOCK] = rip;
                    c.nextRip = rip + length;
                    c.cycles += ops.length;
                    for (i = 0; i < ops.length; i++) {
                        ops[i].exec(c);
                    }
                } while (c.nextRip == rip && c.cycles < c.deadline && c.attention == 0 && c.exit == Cpu.EXIT_NONE);
                rip = c.nextRip;
                ops = null;
            } while (c.cycles < c.deadline
                    && c.attention == 0
                    && c.exit == Cpu.EXIT_NONE
                    && (c.systemFlags & (Cpu.IF | Cpu.TF | Cpu.RF)) == interruptFlag
                    && !c.interruptShadow);
            c.rip = rip;
        } catch (X86Fault fault) {
            undo(ops, i, rip);
            if (fault.nonCanonical && ops != null) {
                StackSegment.adjust(c, ops[i], fault);
            }
            exceptions.deliver(c, fault);
        } catch (Block.StaleBlock stale) {
            undo(ops, i, rip);
            forget(rip);
        }
    }

    /** Puts time and RIP back to the instruction that did not complete. */
    private void undo(Op[] ops, int i, long rip) {
        if (ops == null) {
            cpu.rip = rip; // the fetch itself failed
        } else {
            cpu.cycles -= ops.length - i;
            cpu.rip = rip + ops[i].offset;
        }
    }

    /** One instruction, with the single-step trap if RFLAGS.TF was set before it. */
    private void step() {
        Cpu c = cpu;
        boolean trap = (c.systemFlags & Cpu.TF) != 0;
        boolean shadow = c.interruptShadow;
        long rip = c.rip;
        long before = c.cycles;
        boolean resuming = (c.systemFlags & Cpu.RF) != 0;
        c.systemFlags &= ~Cpu.RF;
        c.interruptShadow = false;
        c.stepDiscarded = false;
        Op op = null;
        try {
            op = find(c, rip).ops[0];
            c.r[Cpu.BLOCK] = rip;
            c.nextRip = rip + op.nextOffset;
            c.cycles++;
            op.exec(c);
            c.rip = c.nextRip;
            if (trap && !c.interruptShadow && !c.stepDiscarded) {
                exceptions.singleStep(c);
            }
        } catch (X86Fault fault) {
            c.cycles = before;
            if (fault.nonCanonical && op != null) {
                StackSegment.adjust(c, op, fault);
            }
            exceptions.deliver(c, fault);
        } catch (Block.StaleBlock stale) {
            c.cycles = before;
            c.interruptShadow = shadow;
            c.systemFlags |= resuming ? Cpu.RF : 0;
            forget(rip);
        }
    }

    private Block find(Cpu c, long rip) {
        long linear = rip + c.r[Cpu.CS];
        long tag = linear ^ (long) (c.cpl & 1) << 60 ^ (long) (c.codeSize >>> 4) << 56;
        int index = index(linear);
        if (tags[index] == tag && epochs[index] == c.translationEpoch) {
            return cached[index];
        }
        return findSlow(c, linear, tag, index);
    }

    private static int index(long linear) {
        return (int) (linear ^ linear >>> 13) & ENTRIES - 1;
    }

    private Block findSlow(Cpu c, long linear, long tag, int index) {
        long wrapped = c.long64 ? linear : linear & 0xFFFFFFFFL;
        if (tags[index] != tag || !blocks.matches(cached[index], c, wrapped)) {
            cached[index] = blocks.lookup(c, wrapped);
            tags[index] = tag;
        }
        epochs[index] = c.translationEpoch;
        return cached[index];
    }

    private void forget(long rip) {
        tags[index(rip + cpu.r[Cpu.CS])] = NO_TAG;
    }
}
