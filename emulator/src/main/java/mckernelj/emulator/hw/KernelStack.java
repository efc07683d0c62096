// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.hw;

/**
 * A host execution context for kernel code: the analogue of a kernel stack. At any time exactly one stack is a given
 * processor; a context switch hands the processor from stack to stack. Implemented with host threads, or continuations.
 *
 * <p>Architectural registers are not saved by a switch: that is the kernel's business ({@link LogicalCpu#saveContext}).
 */
public interface KernelStack {
    String name();

    /** The processor which this stack currently is; only valid while it runs. */
    LogicalCpu cpu();

    /**
     * Called on this stack: gives its processor to {@code next} and sleeps until somebody switches back. Returns the
     * processor on which it was resumed, which may be another one.
     */
    LogicalCpu switchTo(KernelStack next);

    /** As {@link #switchTo}, but this stack ends. Does not return (unwinds the host stack). */
    void exitTo(KernelStack next);

    /** Ends a stack that nobody will switch to any more. Called from another stack or any host thread. */
    void discard();
}
