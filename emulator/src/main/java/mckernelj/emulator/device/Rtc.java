// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.device;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import mckernelj.emulator.hw.LogicalCpu;

/**
 * The real-time clock and CMOS RAM of a PC (Motorola MC146818): time, alarm, periodic and update-ended interrupts, 128 bytes. UTC. Any thread.
 */
public final class Rtc extends BytePorts {
    public static final int INDEX_PORT = 0x70;
    public static final int DATA_PORT = 0x71;

    private static final int SECONDS = 0;
    private static final int SECONDS_ALARM = 1;
    private static final int MINUTES = 2;
    private static final int MINUTES_ALARM = 3;
    private static final int HOURS = 4;
    private static final int HOURS_ALARM = 5;
    private static final int DAY_OF_WEEK = 6;
    private static final int DAY = 7;
    private static final int MONTH = 8;
    private static final int YEAR = 9;
    private static final int A = 10;
    private static final int B = 11;
    private static final int C = 12;
    private static final int D = 13;
    private static final int CENTURY = 0x32;

    private static final int UPDATE_IN_PROGRESS = 0x80;
    private static final int SET = 0x80;
    private static final int PERIODIC = 0x40;
    private static final int ALARM = 0x20;
    private static final int UPDATE_ENDED = 0x10;
    private static final int BINARY = 4;
    private static final int HOURS_24 = 2;
    private static final int PM = 0x80;
    private static final int INTERRUPT = 0x80;
    private static final int VALID = 0x80;
    private static final int DONT_CARE = 0xC0;

    private static final long SECOND = 1_000_000_000L;
    private static final long UPDATE_NANOS = 2_228_000;
    private static final int CRYSTAL_HZ = 32_768;

    private final InterruptLine line;
    private final Oscillator nanos;
    private final long epochNanos;
    private final int[] memory = new int[128];
    private int index;
    private int flags;
    private long offsetNanos;
    private long lastLook;
    private LocalDateTime frozen;
    private long expected = Long.MAX_VALUE;

    /** @param epochNanos wall-clock time at cycle 0, since 1970 */
    public Rtc(InterruptLine line, long epochNanos, long tscHz) {
        this.line = line;
        this.epochNanos = epochNanos;
        nanos = new Oscillator(SECOND, tscHz);
        memory[A] = 0x26;
        memory[B] = HOURS_24;
    }

    /** Writes a byte of CMOS RAM, as firmware does. */
    public synchronized void setMemory(int address, int value) {
        memory[address] = value & 0xFF;
    }

    // ---- time

    private long now(LogicalCpu cpu) {
        return epochNanos + offsetNanos + nanos.ticks(cpu.cycles());
    }

    private static LocalDateTime time(long now) {
        return LocalDateTime.ofInstant(Instant.ofEpochSecond(Math.floorDiv(now, SECOND)), ZoneOffset.UTC);
    }

    private LocalDateTime shown(long now) {
        return frozen != null ? frozen : time(now);
    }

    private int encode(int value) {
        return (memory[B] & BINARY) != 0 ? value : value / 10 << 4 | value % 10;
    }

    private int decode(int value) {
        return (memory[B] & BINARY) != 0 ? value : (value >> 4) * 10 + (value & 15);
    }

    private int encodeHours(int hours) {
        if ((memory[B] & HOURS_24) != 0) {
            return encode(hours);
        }
        return encode((hours + 11) % 12 + 1) | (hours >= 12 ? PM : 0);
    }

    private int decodeHours(int value) {
        if ((memory[B] & HOURS_24) != 0) {
            return decode(value);
        }
        return decode(value & ~PM) % 12 + ((value & PM) != 0 ? 12 : 0);
    }

    // ---- registers

    @Override
    synchronized int read(LogicalCpu cpu, int port) {
        if (port == INDEX_PORT) {
            return 0xFF;
        }
        long now = now(cpu);
        LocalDateTime time = shown(now);
        switch (index) {
            case SECONDS:
                return encode(time.getSecond());
            case MINUTES:
                return encode(time.getMinute());
            case HOURS:
                return encodeHours(time.getHour());
            case DAY_OF_WEEK:
                return encode(time.getDayOfWeek().getValue() % 7 + 1);
            case DAY:
                return encode(time.getDayOfMonth());
            case MONTH:
                return encode(time.getMonthValue());
            case YEAR:
                return encode(time.getYear() % 100);
            case CENTURY:
                return encode(time.getYear() / 100);
            default:
                return readStatus(now);
        }
    }

    private int readStatus(long now) {
        switch (index) {
            case A:
                boolean updating = frozen == null && Math.floorMod(now, SECOND) >= SECOND - UPDATE_NANOS;
                return memory[A] & ~UPDATE_IN_PROGRESS | (updating ? UPDATE_IN_PROGRESS : 0);
            case C:
                look(now);
                int shown = flags;
                flags = 0;
                updateLine();
                return shown;
            case D:
                return VALID;
            default:
                return memory[index];
        }
    }

    @Override
    synchronized void write(LogicalCpu cpu, int port, int value) {
        if (port == INDEX_PORT) {
            index = value & 0x7F;
            return;
        }
        long now = now(cpu);
        look(now);
        if (index == B) {
            writeControl(now, value);
        } else if (index == A) {
            memory[A] = value & ~UPDATE_IN_PROGRESS;
        } else if (isTime(index)) {
            set(now, index, value);
        } else if (index != C && index != D) {
            memory[index] = value;
        }
        updateLine();
        expect(cpu);
    }

    private static boolean isTime(int register) {
        return register <= YEAR && register != SECONDS_ALARM && register != MINUTES_ALARM && register != HOURS_ALARM
                || register == CENTURY;
    }

    private void writeControl(long now, int value) {
        boolean set = (value & SET) != 0;
        if (set && frozen == null) {
            frozen = time(now);
        } else if (!set && frozen != null) {
            adopt(now, frozen);
            frozen = null;
        }
        memory[B] = set ? value & ~UPDATE_ENDED : value;
    }

    private void adopt(long now, LocalDateTime wanted) {
        offsetNanos += wanted.toEpochSecond(ZoneOffset.UTC) * SECOND - Math.floorDiv(now, SECOND) * SECOND;
        lastLook = 0;
    }

    private void set(long now, int register, int value) {
        LocalDateTime old = shown(now);
        LocalDateTime changed = with(old, register, register == HOURS ? decodeHours(value) : decode(value));
        if (frozen != null) {
            frozen = changed;
        } else {
            adopt(now, changed);
        }
    }

    /** Nonsense (second 77, 30 February) moves the time on accordingly. */
    private static LocalDateTime with(LocalDateTime old, int register, int value) {
        switch (register) {
            case SECONDS:
                return old.plusSeconds(value - old.getSecond());
            case MINUTES:
                return old.plusMinutes(value - old.getMinute());
            case HOURS:
                return old.plusHours(value - old.getHour());
            case DAY:
                return old.plusDays(value - old.getDayOfMonth());
            case MONTH:
                return old.plusMonths(value - old.getMonthValue());
            case YEAR:
                return old.plusYears(value - old.getYear() % 100);
            case CENTURY:
                return old.plusYears((value - old.getYear() / 100) * 100L);
            default: // the day of the week follows from the date
                return old;
        }
    }

    // ---- interrupts

    /** Nanoseconds between two periodic interrupts, or 0. */
    private long period() {
        int rate = memory[A] & 0xF;
        int shift = rate == 0 ? 0 : rate <= 2 ? rate + 7 : rate;
        return rate == 0 ? 0 : SECOND * (1L << shift - 1) / CRYSTAL_HZ;
    }

    /** Sets the flags of what has happened since the last look. */
    private void look(long now) {
        long last = lastLook == 0 ? now : lastLook;
        lastLook = now;
        long period = period();
        if (period != 0 && Math.floorDiv(now, period) > Math.floorDiv(last, period)) {
            flags |= PERIODIC;
        }
        long second = Math.floorDiv(last, SECOND);
        long seconds = Math.floorDiv(now, SECOND) - second;
        if (frozen == null && seconds > 0) {
            flags |= UPDATE_ENDED;
            LocalDateTime first = time(last);
            for (long i = 1;
                    i <= Math.min(seconds, ChronoUnit.DAYS.getDuration().toSeconds());
                    i++) {
                flags |= isAlarm(first.plusSeconds(i)) ? ALARM : 0;
            }
        }
    }

    private boolean isAlarm(LocalDateTime time) {
        return matches(memory[SECONDS_ALARM], encode(time.getSecond()))
                && matches(memory[MINUTES_ALARM], encode(time.getMinute()))
                && matches(memory[HOURS_ALARM], encodeHours(time.getHour()));
    }

    private static boolean matches(int alarm, int shown) {
        return (alarm & DONT_CARE) == DONT_CARE || alarm == shown;
    }

    private void updateLine() {
        boolean interrupt = (flags & memory[B] & (PERIODIC | ALARM | UPDATE_ENDED)) != 0;
        if (interrupt) {
            flags |= INTERRUPT;
        }
        line.set(interrupt);
    }

    /** Asks for the next time at which an enabled interrupt may come. */
    private void expect(LogicalCpu cpu) {
        long time = nextInterrupt(now(cpu));
        expected = time;
        if (time != Long.MAX_VALUE) {
            cpu.schedule(nanos.cycles(time - epochNanos - offsetNanos), (on, cycles) -> arrive(on, time));
        }
    }

    private long nextInterrupt(long now) {
        long next = Long.MAX_VALUE;
        if ((memory[B] & PERIODIC) != 0 && period() != 0) {
            next = (Math.floorDiv(now, period()) + 1) * period();
        }
        if ((memory[B] & (ALARM | UPDATE_ENDED)) != 0 && frozen == null) {
            next = Math.min(next, (Math.floorDiv(now, SECOND) + 1) * SECOND);
        }
        return next;
    }

    private synchronized void arrive(LogicalCpu cpu, long time) {
        if (time == expected) {
            look(Math.max(time, now(cpu)));
            updateLine();
            expect(cpu);
        }
    }
}
