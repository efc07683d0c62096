// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.device;

/**
 * One counter of an 8254 (Intel 8254 data sheet). Its state follows from when it was loaded, in ticks of the input clock; it counts in binary,
 * whatever the BCD bit says. Not thread-safe: it belongs to its {@link Pit8254}.
 */
final class PitChannel {
    static final long NEVER = Long.MAX_VALUE;

    private static final int LOW_BYTE = 1;
    private static final int HIGH_BYTE = 2;
    private static final int BOTH = 3;

    private int control = BOTH << 4;
    private int mode;
    private int count = 0x10000;
    private boolean loaded;
    private boolean gate = true;
    /** When it was loaded or triggered; while the gate stops it: how far it was (negative, minus one). */
    private long start;

    private boolean stopped;
    private long elapsedAtStop;

    private int latched = -1;
    private int latchedStatus = -1;
    private boolean readHigh;
    private int writtenLow = -1;

    void writeControl(int value) {
        control = value & 0x3F;
        mode = value >> 1 & 7;
        if (mode > 5) {
            mode &= 3; // 6 and 7 are 2 and 3
        }
        loaded = false;
        stopped = false;
        latched = -1;
        latchedStatus = -1;
        readHigh = false;
        writtenLow = -1;
    }

    /** True if the count is complete and counting starts anew (as far as the mode lets a count start it). */
    boolean writeCount(int value, long now) {
        int access = control >> 4 & 3;
        if (access == BOTH && writtenLow < 0) {
            writtenLow = value;
            return false;
        }
        int whole = access == BOTH ? value << 8 | writtenLow : access == LOW_BYTE ? value : value << 8;
        writtenLow = -1;
        count = whole == 0 ? 0x10000 : whole;
        load(now);
        return true;
    }

    private void load(long now) {
        loaded = true;
        stopped = false;
        start = waitsForTrigger() ? NEVER : now;
        if (!gate) {
            stop(now);
        }
    }

    private boolean waitsForTrigger() {
        return mode == 1 || mode == 5;
    }

    private void stop(long now) {
        if (!stopped && !waitsForTrigger()) {
            elapsedAtStop = elapsed(now);
            stopped = true;
        }
    }

    /** Modes 0 and 4 pause while the gate is low, 2 and 3 start anew when it rises, 1 and 5 are triggered by that. */
    void setGate(boolean high, long now) {
        if (high == gate) {
            return;
        }
        gate = high;
        if (!loaded) {
            return;
        }
        if (!high) {
            stop(now);
        } else if (waitsForTrigger() || mode == 2 || mode == 3) {
            stopped = false;
            start = now;
        } else {
            stopped = false;
            start = now - elapsedAtStop;
        }
    }

    boolean gate() {
        return gate;
    }

    private long elapsed(long now) {
        return stopped ? elapsedAtStop : start == NEVER ? 0 : Math.max(now - start, 0);
    }

    boolean output(long now) {
        if (!loaded) {
            return mode != 0;
        }
        long elapsed = elapsed(now);
        switch (mode) {
            case 0:
                return elapsed >= count;
            case 1:
                return start == NEVER || elapsed >= count;
            case 2:
                return stopped || elapsed % count != count - 1;
            case 3:
                return stopped || elapsed % count < (count + 1) / 2;
            default:
                return elapsed != count;
        }
    }

    /** The first tick after {@code now} at which the output rises, or {@link #NEVER}. */
    long nextRise(long now) {
        if (!loaded || stopped || start == NEVER) {
            return NEVER;
        }
        if (mode == 2 || mode == 3) {
            return start + (Math.max(now - start, 0) / count + 1) * count;
        }
        long rise = start + count + (mode >= 4 ? 1 : 0);
        return rise > now ? rise : NEVER;
    }

    private int value(long now) {
        long elapsed = elapsed(now);
        if (mode == 2) {
            return (int) (count - elapsed % count);
        }
        if (mode == 3) {
            return (int) (count - 2 * elapsed % count) & ~1;
        }
        return (int) (count - elapsed);
    }

    void latchCount(long now) {
        if (latched < 0) {
            latched = value(now) & 0xFFFF;
        }
    }

    void latchStatus(long now) {
        if (latchedStatus < 0) {
            latchedStatus = (output(now) ? 0x80 : 0) | (loaded ? 0 : 0x40) | control;
        }
    }

    int read(long now) {
        if (latchedStatus >= 0) {
            int status = latchedStatus;
            latchedStatus = -1;
            return status;
        }
        int access = control >> 4 & 3;
        boolean high = access == HIGH_BYTE || access == BOTH && readHigh;
        int whole = latched >= 0 ? latched : value(now);
        if (access == BOTH) {
            readHigh = !readHigh;
        }
        if (access != BOTH || high) {
            latched = -1;
        }
        return (high ? whole >> 8 : whole) & 0xFF;
    }
}
