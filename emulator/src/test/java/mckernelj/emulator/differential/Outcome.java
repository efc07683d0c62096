// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

/**
 * How a case ended.
 *
 * @param vector exception, or {@link #COMPLETED} or {@link #HUNG}
 * @param errorCode of the exception, else 0
 * @param cr2 of a page fault, else 0
 * @param rip of the next instruction, or of the one that faulted
 * @param outside sum over the data area without the window
 */
record Outcome(
        int vector, long errorCode, long cr2, long rip, long outside, long fsBase, long gsBase, MachineState after) {
    static final int COMPLETED = -1;
    static final int HUNG = -2;
}
