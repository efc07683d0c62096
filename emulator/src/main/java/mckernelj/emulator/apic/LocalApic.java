// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.apic;

import java.util.Arrays;
import java.util.function.LongSupplier;
import mckernelj.emulator.memory.MmioRegion;

/**
 * Local APIC (SDM vol. 3, chapter 11): xAPIC registers in a page of memory and x2APIC registers as MSRs. Of
 * the LINT entries only ExtINT at LINT0 has an effect; thermal, performance and error entries exist as registers only.
 *
 * <p>Requests ({@link #request}) come from any thread; the rest belongs to the host thread that is the processor.
 */
public final class LocalApic implements MmioRegion {
    public static final int ID = 0x20;
    public static final int VERSION = 0x30;
    public static final int TPR = 0x80;
    public static final int PPR = 0xA0;
    public static final int EOI = 0xB0;
    public static final int LDR = 0xD0;
    public static final int DFR = 0xE0;
    public static final int SVR = 0xF0;
    public static final int ISR = 0x100;
    public static final int TMR = 0x180;
    public static final int IRR = 0x200;
    public static final int ESR = 0x280;
    public static final int ICR = 0x300;
    public static final int ICR_HIGH = 0x310;
    public static final int LVT_TIMER = 0x320;
    public static final int LVT_LINT0 = 0x350;
    public static final int LVT_LINT1 = 0x360;
    public static final int TIMER_INITIAL = 0x380;
    public static final int TIMER_CURRENT = 0x390;
    public static final int TIMER_DIVIDE = 0x3E0;
    public static final int SELF_IPI = 0x3F0;

    /** IA32_APIC_BASE bits. */
    public static final long BASE_BSP = 1 << 8;

    public static final long BASE_EXTD = 1 << 10;
    public static final long BASE_ENABLE = 1 << 11;

    /** SVR bit: the APIC is switched on by software. */
    public static final int SVR_ENABLE = 1 << 8;

    private static final long DEFAULT_PAGE = 0xFEE00000L;
    private static final int MASKED = 1 << 16;
    private static final int LVT_ENTRIES = 6;
    private static final int EXTINT = 7;
    private static final int INTEGRATED = 0x14;

    private final int id;
    private final boolean bootstrap;
    private final LongSupplier clock;
    private final ApicBus bus;
    private final Runnable changed;
    private final VectorSet requested = new VectorSet();
    private final VectorSet inService = new VectorSet();
    private final VectorSet levelTriggered = new VectorSet();
    private final ApicTimer timer = new ApicTimer();
    private final int[] registers = new int[0x40];
    private long baseRegister;
    private int taskPriority;

    /**
     * @param clock the processor's cycles
     * @param changed run on the processor's thread after a write that may make an interrupt deliverable or move the
     * timer
     */
    public LocalApic(int id, boolean bootstrap, LongSupplier clock, ApicBus bus, Runnable changed) {
        this.id = id;
        this.bootstrap = bootstrap;
        this.clock = clock;
        this.bus = bus;
        this.changed = changed;
        reset();
    }

    public int id() {
        return id;
    }

    /** Power-up and INIT state. */
    public void reset() {
        baseRegister = DEFAULT_PAGE | BASE_ENABLE | (bootstrap ? BASE_BSP : 0);
        requested.clearAll();
        inService.clearAll();
        levelTriggered.clearAll();
        timer.reset();
        Arrays.fill(registers, 0);
        taskPriority = 0;
        registers[DFR >> 4] = -1;
        registers[SVR >> 4] = 0xFF;
        for (int i = 0; i < LVT_ENTRIES; i++) {
            registers[(LVT_TIMER >> 4) + i] = MASKED;
        }
    }

    // ---- interrupts -------------------------------------------------------------------------------------------------

    /** Any thread: sets the request bit. The caller wakes the processor. */
    public void request(int vector) {
        request(vector, false);
    }

    /** As {@link #request(int)}; the end of a level-triggered interrupt goes to the I/O APICs. */
    public void request(int vector, boolean level) {
        if (level) {
            levelTriggered.set(vector & 0xFF);
        } else if (levelTriggered.has(vector & 0xFF)) {
            levelTriggered.clear(vector & 0xFF);
        }
        requested.set(vector & 0xFF);
    }

    /** True if the 8259s' INTR line reaches the processor: LINT0 passes ExtINT, or the APIC is switched off. */
    public boolean acceptsExternal() {
        int entry = registers[LVT_LINT0 >> 4];
        return (baseRegister & BASE_ENABLE) == 0 || (entry & MASKED) == 0 && (entry >> 8 & 7) == EXTINT;
    }

    /** Vector that would be delivered now if RFLAGS.IF were set, or -1. */
    public int pendingVector() {
        int vector = requested.highest();
        if (vector < 16 || (registers[SVR >> 4] & SVR_ENABLE) == 0 || (baseRegister & BASE_ENABLE) == 0) {
            return -1;
        }
        return (vector & 0xF0) > (processorPriority() & 0xF0) ? vector : -1;
    }

    /** The processor takes {@link #pendingVector}: from requested to in service. */
    public int acknowledge() {
        int vector = pendingVector();
        requested.clear(vector);
        inService.set(vector);
        return vector;
    }

    private int processorPriority() {
        int inServiceClass = Math.max(inService.highest(), 0) & 0xF0;
        return (taskPriority & 0xF0) >= inServiceClass ? taskPriority : inServiceClass;
    }

    public int taskPriority() {
        return taskPriority;
    }

    public void setTaskPriority(int value) {
        taskPriority = value & 0xFF;
        changed.run();
    }

    /** Cycle count at which {@link #fireTimer} has something to do; Long.MAX_VALUE if never. */
    public long timerExpiry() {
        return (lvtTimer() & MASKED) == 0 ? timer.expiry() : ApicTimer.NEVER;
    }

    /** Requests the timer's interrupt if it expired. */
    public void fireTimer() {
        if (timer.fire(clock.getAsLong()) && (lvtTimer() & MASKED) == 0) {
            request(lvtTimer() & 0xFF);
        }
    }

    private int lvtTimer() {
        return registers[LVT_TIMER >> 4];
    }

    public long tscDeadline() {
        return timer.deadline();
    }

    public void setTscDeadline(long tsc) {
        timer.setDeadline(tsc);
        changed.run();
    }

    // ---- addressing
    // -----------------------------------------------------------------------------------------------------

    /** True if this APIC is addressed by a logical destination. Any thread. */
    boolean matchesLogical(int destination) {
        if (x2apic()) {
            int cluster = id >> 4;
            return destination >>> 16 == cluster && (destination & 1 << (id & 15)) != 0;
        }
        int logical = registers[LDR >> 4] >>> 24;
        boolean flat = registers[DFR >> 4] >>> 28 == 0xF;
        return flat
                ? (logical & destination) != 0
                : logical >> 4 == destination >> 4 && (logical & destination & 0xF) != 0;
    }

    boolean isBroadcast(int destination) {
        return destination == (x2apic() ? -1 : 0xFF);
    }

    public boolean x2apic() {
        return (baseRegister & BASE_EXTD) != 0;
    }

    public long baseRegister() {
        return baseRegister;
    }

    /** WRMSR IA32_APIC_BASE; false if the change is illegal. */
    public boolean setBaseRegister(long value) {
        boolean extended = (value & BASE_EXTD) != 0;
        boolean enabled = (value & BASE_ENABLE) != 0;
        if (extended && !enabled || x2apic() && enabled && !extended || (value & 0xFF) != 0 || value >>> 46 != 0) {
            return false;
        }
        baseRegister = value & ~BASE_BSP | (bootstrap ? BASE_BSP : 0);
        return true;
    }

    // ---- registers
    // ----------------------------------------------------------------------------------------------------

    @Override
    public long page() {
        return (baseRegister & (BASE_ENABLE | BASE_EXTD)) == BASE_ENABLE ? baseRegister & -4096L : -1;
    }

    /** Registers are 32 bits at 16-byte steps; narrower reads see their bytes, the gaps read zero. */
    @Override
    public long load(int offset, int bytes) {
        if ((offset & 0xF) + bytes > 4) {
            return (offset & 0xF) == 0 ? read(offset) & 0xFFFFFFFFL : 0;
        }
        long value = (read(offset & ~0xF) & 0xFFFFFFFFL) >>> 8 * (offset & 0xF);
        return value & -1L >>> 64 - 8 * bytes;
    }

    @Override
    public void store(int offset, int bytes, long value) {
        if ((offset & 0xF) == 0) {
            write(offset, (int) value);
        }
    }

    /** Register at {@code offset} of the xAPIC page, whichever mode is on. */
    public int read(int offset) {
        switch (offset) {
            case ID:
                return x2apic() ? id : id << 24;
            case VERSION:
                return LVT_ENTRIES - 1 << 16 | INTEGRATED;
            case TPR:
                return taskPriority;
            case PPR:
                return processorPriority();
            case LDR:
                return x2apic() ? id >> 4 << 16 | 1 << (id & 15) : registers[LDR >> 4];
            case TIMER_INITIAL:
                return timer.initialCount();
            case TIMER_CURRENT:
                return timer.currentCount(clock.getAsLong());
            case TIMER_DIVIDE:
                return timer.divideRegister();
            default:
                return readPlain(offset);
        }
    }

    private int readPlain(int offset) {
        if (offset >= ISR && offset < TMR) {
            return inService.register(offset - ISR >> 4);
        }
        if (offset >= TMR && offset < IRR) {
            return levelTriggered.register(offset - TMR >> 4);
        }
        if (offset >= IRR && offset < ESR) {
            return requested.register(offset - IRR >> 4);
        }
        boolean writeOnly = offset == EOI || offset == SELF_IPI;
        return writeOnly || offset >>> 4 >= registers.length ? 0 : registers[offset >>> 4];
    }

    public void write(int offset, int value) {
        switch (offset) {
            case TPR:
                setTaskPriority(value);
                break;
            case EOI:
                endOfInterrupt();
                break;
            case ICR:
                registers[ICR >> 4] = value & ~(1 << 12);
                bus.command(this, value, x2apic() ? registers[ICR_HIGH >> 4] : registers[ICR_HIGH >> 4] >>> 24);
                break;
            case LDR:
                registers[LDR >> 4] = value & 0xFF000000;
                break;
            case SVR:
                writeSpuriousVector(value);
                break;
            case SELF_IPI:
                bus.command(this, 1 << 18 | 1 << 14 | value & 0xFF, 0);
                break;
            default:
                writeTimerOrPlain(offset, value);
                break;
        }
    }

    private void writeTimerOrPlain(int offset, int value) {
        switch (offset) {
            case LVT_TIMER:
                registers[LVT_TIMER >> 4] = value & 0x700FF | ((registers[SVR >> 4] & SVR_ENABLE) == 0 ? MASKED : 0);
                timer.setMode(value >> 17 & 3);
                changed.run();
                break;
            case TIMER_INITIAL:
                timer.setInitialCount(value, clock.getAsLong());
                changed.run();
                break;
            case TIMER_DIVIDE:
                timer.setDivideRegister(value, clock.getAsLong());
                changed.run();
                break;
            case DFR:
                registers[DFR >> 4] = value | 0x0FFFFFFF;
                break;
            default:
                if (offset == ICR_HIGH || offset == ESR || offset > LVT_TIMER && offset < TIMER_INITIAL) {
                    registers[offset >>> 4] = offset == ESR ? 0 : value;
                }
                break;
        }
    }

    private void endOfInterrupt() {
        int vector = inService.highest();
        if (vector >= 0) {
            inService.clear(vector);
            if (levelTriggered.has(vector)) {
                bus.endOfInterrupt(vector);
            }
        }
        changed.run();
    }

    private void writeSpuriousVector(int value) {
        registers[SVR >> 4] = value & 0x1FF;
        if ((value & SVR_ENABLE) == 0) {
            for (int i = 0; i < LVT_ENTRIES; i++) {
                registers[(LVT_TIMER >> 4) + i] |= MASKED;
            }
        }
        changed.run();
    }

    // ---- x2APIC MSRs 0x800..0x83F
    // -----------------------------------------------------------------------------------------

    public long readMsr(int number) {
        int offset = (number & 0x3F) << 4;
        long value = read(offset) & 0xFFFFFFFFL;
        return offset == ICR ? value | (long) registers[ICR_HIGH >> 4] << 32 : value;
    }

    public void writeMsr(int number, long value) {
        int offset = (number & 0x3F) << 4;
        if (offset == ICR) {
            registers[ICR_HIGH >> 4] = (int) (value >>> 32);
        }
        write(offset, (int) value);
    }
}
