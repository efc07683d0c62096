// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

/** Executes guest code of one processor. The interpreter is tier 0; others can stand behind this. */
public interface ExecutionEngine {
    /**
     * Executes until {@code cpu.exit} is set, {@code cpu.cycles} reaches {@code cpu.deadline}, {@code cpu.attention}
     * is set, or RFLAGS.IF changed. Then {@code cpu.rip} is the next instruction and all state is architectural.
     * Exceptions are delivered inside.
     */
    void run();
}
