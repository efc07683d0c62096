// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

/** The host thread of a {@link HostStack}. */
final class StackThread extends Thread {
    private static final long STACK_BYTES = 1 << 20;

    final HostStack stack;

    /** The idle processor that this thread executes in place of its own, or null. */
    Core inPlace;

    StackThread(HostStack stack, Runnable body) {
        super(null, body, stack.name(), STACK_BYTES);
        this.stack = stack;
        setDaemon(true);
    }

    /** The processor whose code the calling thread executes at the moment; null on other host threads. */
    static Core executing() {
        return Thread.currentThread() instanceof StackThread thread
                ? thread.inPlace != null ? thread.inPlace : thread.stack.core()
                : null;
    }

    /** The processor that the calling thread is; null on other host threads. */
    static Core owner() {
        return Thread.currentThread() instanceof StackThread thread ? thread.stack.core() : null;
    }
}
