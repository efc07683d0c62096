// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import mckernelj.emulator.cpu.Breakpoints;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.DeviceStore;
import mckernelj.emulator.cpu.LeaveRegion;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.RegionCode;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.isa.InstructionForm;
import mckernelj.emulator.translate.Tier;

/**
 * Tier 0: executes decoded blocks, one virtual call per instruction. Finds the next block in a small cache by linear
 * address; after a change of translations an entry is verified before its next use.
 */
public final class Interpreter implements ExecutionEngine {
    private static final int ENTRIES = 32_768;
    private static final long NO_TAG = 1L << 63;
    private static final int RUNS_PER_LOOK = 16;
    private static final int CYCLES_PER_CHECK = 500_000;

    private final Cpu cpu;
    private final BlockCache blocks;
    private final ExceptionSink exceptions;
    private final Thresholds thresholds;
    private final int hot;
    private final int observed;

    private final Slot[] slots = new Slot[ENTRIES];

    /** {@link BlockCache#evictions} when they were last looked at. */
    private int evictions;

    /** The next instruction is to be executed alone. */
    private boolean stepNext;

    public Interpreter(Cpu cpu, BlockCache blocks, ExceptionSink exceptions) {
        this.cpu = cpu;
        this.blocks = blocks;
        this.exceptions = exceptions;
        thresholds = blocks.thresholds();
        hot = thresholds.hot();
        observed = thresholds.observed();
    }

    @Override
    public void run() {
        if (evictions != blocks.evictions()) {
            evictions = blocks.evictions();
            forgetRetired();
        }
        Cpu c = cpu;
        int interruptFlag = c.systemFlags & Cpu.IF;
        do {
            if (stepNext || c.interruptShadow || (c.systemFlags & (Cpu.TF | Cpu.RF)) != 0 || c.breakpoints.active()) {
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
        Region region = null;
        long base = 0;
        long rip = c.rip;
        c.inBlock = true;
        try {
            do {
                Slot slot = find(c, rip);
                region = slot.region;
                if (region == null || region.retired) {
                    region = slot.takeRegion(c, rip);
                }
                if (region != null && slot.regionFits && mayEnter(c, region)) {
                    base = rip - slot.offset;
                    long before = c.cycles;
                    c.inRegion = true;
                    boolean whole = region.code.run(c, base, slot.number);
                    c.inRegion = false;
                    if (!whole) {
                        leave(region, base);
                        return;
                    }
                    slot.cycles += c.cycles - before;
                    if (++slot.runs == RUNS_PER_LOOK || slot.cycles > CYCLES_PER_CHECK) {
                        look(slot, region, base);
                    }
                    region = null;
                } else {
                    region = null;
                    Block block = slot.block;
                    ops = block.ops;
                    int length = block.length;
                    int heat = block.heat;
                    do {
                        heat++;
                        r[Cpu.BLOCK] = rip;
                        c.nextRip = rip + length;
                        c.cycles += ops.length;
                        for (i = 0; i < ops.length; i++) {
                            ops[i].exec(c);
                        }
                    } while (c.nextRip == rip
                            && heat != hot
                            && c.cycles < c.deadline
                            && c.attention == 0
                            && c.exit == Cpu.EXIT_NONE);
                    ops = null;
                    warm(block, heat, rip);
                    slot.tryAgain(c, rip);
                }
                rip = c.nextRip;
            } while (c.cycles < c.deadline
                    && c.attention == 0
                    && c.exit == Cpu.EXIT_NONE
                    && (c.systemFlags & (Cpu.IF | Cpu.TF | Cpu.RF)) == interruptFlag
                    && !c.interruptShadow);
            c.rip = rip;
        } catch (X86Fault fault) {
            c.inRegion = false;
            fail(region, ops, i, region == null ? rip : base, fault);
        } catch (Block.StaleBlock stale) {
            undo(ops, i, rip);
            forget(rip);
        } catch (DeviceStore store) {
            undo(ops, i, rip);
            stepNext = true;
        } catch (LeaveRegion leave) {
            c.inRegion = false;
            leave(region, base);
        } finally {
            c.inBlock = false;
        }
    }

    private void deliver(Op op, X86Fault fault) {
        cpu.inBlock = false; // the handler's frame may be stored to a device
        if (op != null && fault.vector == X86Fault.AC && isWide(op)) {
            cpu.alignmentExempt = true; // once more, without the check
            stepNext = true;
            return;
        }
        cpu.alignmentExempt = false;
        if (op != null && fault.nonCanonical) {
            StackSegment.adjust(cpu, op, fault);
        }
        exceptions.deliver(cpu, fault);
    }

    /** Operands of 128 bits and more are not subject to alignment checks. */
    private static boolean isWide(Op op) {
        return op.form instanceof InstructionForm form && form.hasWideOperand();
    }

    /** True if there is time for the region and the control registers permit what it does. */
    private static boolean mayEnter(Cpu c, Region region) {
        return c.cycles + region.instructions < c.deadline
                && !(region.needsSse && c.sseFault != 0 || region.needsAvx && c.avxFault != 0);
    }

    /** Where the region went on; time after time, whether it had better been larger. */
    private void look(Slot slot, Region region, long base) {
        region.runs += slot.runs;
        region.cycles += slot.cycles;
        slot.runs = 0;
        slot.cycles = 0;
        region.exits.observe(cpu.nextRip - base);
        if (region.cycles - region.checked > CYCLES_PER_CHECK) {
            region.checked = region.cycles;
            blocks.check(region);
        }
        if (!region.outgrown && !region.onTrial && region.generation < Region.LAST_GENERATION && isDue(region)) {
            region.outgrown = true;
            blocks.requestReforming(cpu, region, base + cpu.r[Cpu.CS]);
        }
    }

    private boolean isDue(Region region) {
        if (region.tier == Tier.QUICK) {
            return region.cycles >= thresholds.manyCycles();
        }
        return region.runs >= thresholds.runs() && region.cycles / region.runs < thresholds.longRun();
    }

    /** The region cannot execute the current instruction. */
    private void leave(Region region, long base) {
        if (cpu.rare) {
            cpu.rare = false;
            if (++region.rareLeaves == thresholds.rare()) {
                blocks.requestReplacement(region);
            }
        }
        Region.Member member = member(region);
        finish(member.block(), cpu.step % RegionCode.STEPS_PER_BLOCK, base + member.offset());
    }

    private void warm(Block block, int heat, long rip) {
        int before = block.heat;
        block.heat = heat;
        if (block.indirect && heat >= observed) {
            block.observe(cpu.nextRip - rip);
        }
        if (heat >= hot && before < hot) {
            blocks.requestTranslation(cpu, block, rip + cpu.r[Cpu.CS]);
        }
    }

    /** Executes the rest of a block whose begin a region has executed. */
    private void finish(Block block, int from, long start) {
        Cpu c = cpu;
        Op[] ops = block.ops;
        int i = from;
        try {
            c.r[Cpu.BLOCK] = start;
            c.nextRip = start + block.length;
            for (; i < ops.length; i++) {
                ops[i].exec(c);
            }
            c.rip = c.nextRip;
        } catch (X86Fault fault) {
            fail(null, ops, i, start, fault);
        } catch (Block.StaleBlock stale) {
            undo(ops, i, start);
            forget(start);
        } catch (DeviceStore store) {
            undo(ops, i, start);
            stepNext = true;
        }
    }

    /** The block that a region was executing. */
    private Region.Member member(Region region) {
        return region.members().get(cpu.step / RegionCode.STEPS_PER_BLOCK);
    }

    private void fail(Region region, Op[] ops, int i, long rip, X86Fault fault) {
        Op failed;
        if (region != null) {
            Region.Member member = member(region);
            failed = undo(member.block().ops, cpu.step % RegionCode.STEPS_PER_BLOCK, rip + member.offset());
        } else {
            failed = undo(ops, i, rip);
        }
        deliver(failed, fault);
    }

    /** Puts time and RIP back to the instruction that did not complete, and returns it; null if it could not be fetched. */
    private Op undo(Op[] ops, int i, long rip) {
        if (ops == null) {
            cpu.rip = rip;
            return null;
        }
        cpu.cycles -= ops.length - i;
        cpu.rip = rip + ops[i].offset;
        return ops[i];
    }

    /** One instruction, with the debug exceptions before and after it. */
    private void step() {
        Cpu c = cpu;
        stepNext = false;
        int flags = c.systemFlags;
        boolean shadow = c.interruptShadow;
        boolean debugShadow = c.debugShadow;
        long rip = c.rip;
        long before = c.cycles;
        if ((flags & Cpu.RF) == 0 && !debugShadow && breaksHere(c, rip)) {
            return;
        }
        c.systemFlags = flags & ~Cpu.RF;
        c.interruptShadow = false;
        c.debugShadow = false;
        c.stepDiscarded = false;
        Op op = null;
        try {
            op = find(c, rip).block.ops[0];
            c.r[Cpu.BLOCK] = rip;
            c.nextRip = rip + op.nextOffset;
            c.cycles++;
            op.exec(c);
            c.rip = c.nextRip;
            c.alignmentExempt = false;
            trap(c, (flags & Cpu.TF) != 0 && !c.stepDiscarded);
        } catch (X86Fault fault) {
            c.cycles = before;
            c.breakpoints.forget();
            deliver(op, fault);
        } catch (Block.StaleBlock stale) {
            c.cycles = before;
            c.interruptShadow = shadow;
            c.debugShadow = debugShadow;
            c.systemFlags = flags;
            forget(rip);
        }
    }

    /** A breakpoint on the instruction at {@code rip}: #DB before it is even fetched. */
    private boolean breaksHere(Cpu c, long rip) {
        int met = c.breakpoints.active() ? c.breakpoints.atInstruction(rip + c.r[Cpu.CS]) : 0;
        if (met != 0) {
            exceptions.debug(c, met);
        }
        return met != 0;
    }

    /** The debug trap after an instruction; after MOV SS it waits for the next one, and there is no single step. */
    private void trap(Cpu c, boolean singleStep) {
        if (c.debugShadow) {
            return;
        }
        long conditions = c.breakpoints.takeMet() | (singleStep ? Breakpoints.DR6_BS : 0);
        if (conditions != 0) {
            exceptions.debug(c, conditions);
            if (c.exit == Cpu.EXIT_HALT) {
                c.exit = Cpu.EXIT_NONE; // the exception ends the halt at once
            }
        }
    }

    private Slot find(Cpu c, long rip) {
        long linear = rip + c.r[Cpu.CS];
        long tag = linear ^ (long) (c.cpl & 1) << 60 ^ (long) (c.codeSize >>> 4) << 56;
        Slot slot = slots[index(linear)];
        if (slot != null && slot.tag == tag && slot.epoch == c.translationEpoch) {
            return slot;
        }
        return findSlow(c, linear, tag);
    }

    private static int index(long linear) {
        return (int) (linear ^ linear >>> 15) & ENTRIES - 1;
    }

    private Slot findSlow(Cpu c, long linear, long tag) {
        c.checkFetch(linear - c.r[Cpu.CS]);
        long wrapped = c.long64 ? linear : linear & 0xFFFFFFFFL;
        int index = index(linear);
        Slot slot = slots[index];
        if (slot == null) {
            slot = new Slot();
            slots[index] = slot;
        }
        if (slot.tag != tag || !blocks.matches(slot.block, c, wrapped)) {
            slot.tag = NO_TAG; // until the block is found
            slot.block = blocks.lookup(c, wrapped);
            slot.region = null;
            slot.tag = tag;
        } else if (slot.region != null) {
            slot.regionFits = slot.region.isAt(c, linear - slot.offset);
        }
        slot.epoch = c.translationEpoch;
        return slot;
    }

    /** Regions that were removed to make room would live as long as a slot refers to them. */
    private void forgetRetired() {
        for (Slot slot : slots) {
            if (slot != null && slot.region != null && slot.region.retired) {
                slot.region = null;
            }
        }
    }

    private void forget(long rip) {
        Slot slot = slots[index(rip + cpu.r[Cpu.CS])];
        if (slot != null) {
            slot.tag = NO_TAG;
        }
    }

    /** What was found at a linear address. */
    private static final class Slot {
        long tag = NO_TAG;

        /** {@link Cpu#translationEpoch} for which it is known to be right. */
        int epoch;

        Block block;

        /** What is executed instead of the block, or null; it may have been retired meanwhile. */
        Region region;

        /** Of the block in the region: {@link Region.Entry}. */
        int number;

        int offset;

        /** The region's pages lie as they have to. */
        boolean regionFits;

        int misfits;

        /** Runs of the region from here, and how long they took, since it was looked at. */
        int runs;

        long cycles;

        /** The region's pages may have been mapped meanwhile, which is no change of translations. */
        void tryAgain(Cpu cpu, long rip) {
            if (region != null && !regionFits && (++misfits & RUNS_PER_LOOK - 1) == 0) {
                regionFits = region.isAt(cpu, rip - offset + cpu.r[Cpu.CS]);
            }
        }

        /** The block's region as it is now; null if it has none. */
        Region takeRegion(Cpu cpu, long rip) {
            Region.Entry entry = block.entry;
            if (entry == null) {
                region = null;
                return null;
            }
            if (region != entry.region()) {
                region = entry.region();
                number = entry.number();
                offset = entry.offset();
                regionFits = region.isAt(cpu, rip - offset + cpu.r[Cpu.CS]);
                runs = 0;
                cycles = 0;
            }
            return region;
        }
    }
}
