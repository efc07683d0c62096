// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.sched;

import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.lwk.cpu.PtRegs;
import mckernelj.lwk.image.AddressLayout;

/**
 * The kernel memory of one thread, four pages: extended state and response records in the first, then the kernel stack. The stack
 * holds only frames pushed by stubs (kernel code is Java), a few hundred bytes per nesting.
 */
final class ThreadMemory {
    static final int PAGES = 4;
    static final int RESPONSE_SLOTS = 8;
    private static final int RESPONSES = 0xE00;

    private final long physical;
    private final PtRegs frame;

    ThreadMemory(PhysicalMemory memory, long physical) {
        this.physical = physical;
        this.frame = new PtRegs(memory, physical + PAGES * 4096L - PtRegs.SIZE);
    }

    long physical() {
        return physical;
    }

    long linear() {
        return AddressLayout.linear(physical);
    }

    long extendedState() {
        return physical;
    }

    long responseSlot(int index) {
        if (index < 0 || index >= RESPONSE_SLOTS) {
            throw new IllegalStateException("too many nested delegated calls: " + index);
        }
        return physical + RESPONSES + index * 64L;
    }

    long stackTopLinear() {
        return linear() + PAGES * 4096L;
    }

    PtRegs trapFrame() {
        return frame;
    }
}
