// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.apic;

/**
 * The timer of a local APIC (SDM vol. 3, 11.5.4): one-shot, periodic and TSC-deadline. Its input clock (the "bus
 * clock") is the TSC. All times are cycles of the processor.
 */
final class ApicTimer {
    static final long NEVER = Long.MAX_VALUE;

    private static final int ONE_SHOT = 0;
    private static final int PERIODIC = 1;
    private static final int TSC_DEADLINE = 2;

    private int mode;
    private int divideRegister;
    private int initialCount;
    private long expiry = NEVER;

    /** The LVT entry's mode field changed: SDM says switching to or from TSC-deadline disarms the timer. */
    void setMode(int newMode) {
        if (newMode != mode && (newMode == TSC_DEADLINE || mode == TSC_DEADLINE)) {
            expiry = NEVER;
        }
        mode = newMode;
    }

    void setInitialCount(int count, long now) {
        if (mode == TSC_DEADLINE) {
            return;
        }
        initialCount = count;
        expiry = count == 0 ? NEVER : now + periodCycles();
    }

    int initialCount() {
        return mode == TSC_DEADLINE ? 0 : initialCount;
    }

    int currentCount(long now) {
        if (expiry == NEVER || mode == TSC_DEADLINE) {
            return 0;
        }
        return (int) Math.max(0, (expiry - now + divisor() - 1) / divisor());
    }

    void setDivideRegister(int value, long now) {
        int remaining = currentCount(now);
        divideRegister = value & 0xB;
        if (expiry != NEVER && mode != TSC_DEADLINE) {
            expiry = now + (remaining & 0xFFFFFFFFL) * divisor();
        }
    }

    int divideRegister() {
        return divideRegister;
    }

    /** WRMSR IA32_TSC_DEADLINE; ignored in the other modes. */
    void setDeadline(long tsc) {
        if (mode == TSC_DEADLINE) {
            expiry = tsc == 0 ? NEVER : Math.max(tsc, 0);
        }
    }

    long deadline() {
        return mode == TSC_DEADLINE && expiry != NEVER ? expiry : 0;
    }

    long expiry() {
        return expiry;
    }

    /**
     * True if it expired; then it is set for its next period or stopped. Periods that were missed are one interrupt.
     */
    boolean fire(long now) {
        if (now < expiry) {
            return false;
        }
        if (mode == PERIODIC) {
            long period = periodCycles();
            expiry += ((now - expiry) / period + 1) * period;
        } else {
            expiry = NEVER;
        }
        return true;
    }

    void reset() {
        mode = ONE_SHOT;
        divideRegister = 0;
        initialCount = 0;
        expiry = NEVER;
    }

    private long periodCycles() {
        return (initialCount & 0xFFFFFFFFL) * divisor();
    }

    private long divisor() {
        int code = divideRegister & 3 | divideRegister >> 1 & 4;
        return code == 7 ? 1 : 2L << code;
    }
}
