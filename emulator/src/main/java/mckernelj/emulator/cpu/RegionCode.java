// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

/**
 * Several blocks of 64-bit code as one Java method. Subclasses are made at run time. Does what the instructions do one by one, cycle by
 * cycle; it may come back early at the start of any block.
 */
public abstract class RegionCode {
    /** A step in {@link Cpu#step} is the number of the block times this, plus the number of the instruction in it. */
    public static final int STEPS_PER_BLOCK = 64;

    /** False as soon as one of the blocks has changed. */
    public boolean valid = true;

    /**
     * Executes from the first block on, which begins at RIP {@code base}; comes back with {@link Cpu#nextRip} at the next block. When it
     * throws, {@link Cpu#step} tells which instruction has not completed.
     */
    public abstract void run(Cpu cpu, long base);
}
