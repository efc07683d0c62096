// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

/** How much a translation costs HotSpot, and how fast it is. */
public enum Tier {
    /**
     * Registers stay in the processor's arrays, memory is accessed by the interpreter's methods, no loop gets a method of its own: little code, which
     * HotSpot's first compiler translates as it is. It never leaves in the middle of a block, but for a device or a store to code.
     */
    QUICK("Quick"),

    /** Registers are local variables; what is rare, a miss of the TLB included, leaves the region before the instruction has done anything. */
    FULL("Region"),

    /** As {@link #FULL}, with calls of what turned out not to be rare. */
    CALLING("Region");

    /** Of the classes. */
    final String className;

    Tier(String className) {
        this.className = className;
    }

    /** True if registers are local variables. */
    boolean hasLocals() {
        return this != QUICK;
    }

    /** True if it leaves where it would have to call what is {@link mckernelj.emulator.cpu.Rare}. */
    boolean leavesWhenRare() {
        return this == FULL;
    }
}
