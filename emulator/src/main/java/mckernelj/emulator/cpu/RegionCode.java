// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

/**
 * Several blocks of 64-bit code as one Java method. Subclasses are made at run time. Does what the instructions do one by one, cycle by
 * cycle; it may come back early at the start of any block, or before any instruction.
 */
public abstract class RegionCode {
    /** A step in {@link Cpu#step} is the number of the block times this, plus the number of the instruction in it. */
    public static final int STEPS_PER_BLOCK = 64;

    /** It does not look at {@link Cpu#sseFault} or {@link Cpu#avxFault}, which must be 0. */
    public boolean needsSse;

    public boolean needsAvx;

    /**
     * Executes from one of the blocks on. When it throws, {@link Cpu#step} tells which instruction has not completed.
     *
     * @param base RIP of the first block
     * @param entry number of the block; 0: the first one
     * @return true with {@link Cpu#nextRip} at the next block; false if the interpreter has to go on with the instruction that {@link Cpu#step}
     *     tells, whose block has been added to the cycles
     */
    public abstract boolean run(Cpu cpu, long base, int entry);
}
