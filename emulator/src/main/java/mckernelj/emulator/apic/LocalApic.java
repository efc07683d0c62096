// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.apic;

import java.util.function.LongSupplier;
import mckernelj.emulator.memory.MmioRegion;

/**
 * Local APIC (SDM vol. 3, chapter 11): xAPIC registers in a page of memory and x2APIC registers as MSRs. Thermal and
 * performance entries are registers without a source; there is no SMI and no CMCI.
 *
 * <p>Requests ({@link #request}) come from any thread; the rest belongs to the host thread that is the processor.
 */
public final class LocalApic implements MmioRegion {
    public static final int ID = 0x20;
    public static final int VERSION = 0x30;
    public static final int TPR = 0x80;
    public static final int APR = 0x90;
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
    public static final int LVT_ERROR = 0x370;
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

    /** ESR bits. */
    static final int SEND_ILLEGAL_VECTOR = 1 << 5;

    static final int RECEIVE_ILLEGAL_VECTOR = 1 << 6;
    static final int ILLEGAL_REGISTER = 1 << 7;

    private static final long DEFAULT_PAGE = 0xFEE00000L;
    private static final long BASE_RESERVED = 0x2FF;
    private static final int PHYSICAL_BITS = 46;
    private static final int INTEGRATED = 0x14;
    private static final int LOWEST_VECTOR = 16;
    private static final int ICR_WRITABLE = 0xCCFFF;

    private final int id;
    private final boolean bootstrap;
    private final LongSupplier clock;
    private final ApicBus bus;
    private final Runnable changed;
    private final VectorSet requested = new VectorSet();
    private final VectorSet inService = new VectorSet();
    private final VectorSet levelTriggered = new VectorSet();
    private final LocalVectorTable vectors = new LocalVectorTable();
    private final ApicTimer timer = new ApicTimer();
    private volatile long baseRegister;
    private volatile int taskPriority;
    private volatile int spuriousVector;
    private volatile int logicalId;
    private volatile int logicalFormat;
    private int commandLow;
    private int commandHigh;
    private int errors;
    private int errorsShown;

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
        resetRegisters();
    }

    private void resetRegisters() {
        requested.clearAll();
        inService.clearAll();
        levelTriggered.clearAll();
        timer.reset();
        vectors.reset();
        taskPriority = 0;
        spuriousVector = 0xFF;
        logicalId = 0;
        logicalFormat = -1;
        commandLow = 0;
        commandHigh = 0;
        errors = 0;
        errorsShown = 0;
    }

    // ---- interrupts -------------------------------------------------------------------------------------------------

    /** Any thread: an edge-triggered request. The caller wakes the processor. Lost if the APIC is switched off. */
    public void request(int vector) {
        request(vector, false);
    }

    /** Any thread. A level-triggered request is reported to the bus at its EOI. */
    public void request(int vector, boolean level) {
        if (vector < LOWEST_VECTOR) {
            error(RECEIVE_ILLEGAL_VECTOR);
            return;
        }
        if (!enabled()) {
            return;
        }
        if (level) {
            levelTriggered.set(vector);
        } else {
            levelTriggered.clear(vector);
        }
        requested.set(vector);
    }

    /** Vector that would be delivered now if RFLAGS.IF were set, or -1. */
    public int pendingVector() {
        int vector = requested.highest();
        return vector >= 0 && enabled() && (vector & 0xF0) > (processorPriority() & 0xF0) ? vector : -1;
    }

    /** The processor takes {@link #pendingVector}: from requested to in service. */
    public int acknowledge() {
        int vector = pendingVector();
        requested.clear(vector);
        inService.set(vector);
        return vector;
    }

    private boolean enabled() {
        return (spuriousVector & SVR_ENABLE) != 0 && (baseRegister & BASE_ENABLE) != 0;
    }

    /**
     * True if the processor takes interrupts of an 8259A: it is wired to LINT0 in mode ExtINT, or to the processor
     * itself while the APIC is switched off.
     */
    public boolean acceptsExternal() {
        return (baseRegister & BASE_ENABLE) == 0
                || !vectors.masked(LocalVectorTable.LINT0)
                        && vectors.deliveryMode(LocalVectorTable.LINT0) == LocalVectorTable.EXTINT;
    }

    /** Processor priority. Any thread: a snapshot. */
    int processorPriority() {
        int inServiceClass = Math.max(inService.highest(), 0) & 0xF0;
        int task = taskPriority;
        return (task & 0xF0) >= inServiceClass ? task : inServiceClass;
    }

    public int taskPriority() {
        return taskPriority;
    }

    public void setTaskPriority(int value) {
        taskPriority = value & 0xFF;
        changed.run();
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

    private void error(int bits) {
        errors |= bits;
        if (!vectors.masked(LocalVectorTable.ERROR) && vectors.vector(LocalVectorTable.ERROR) >= LOWEST_VECTOR) {
            request(vectors.vector(LocalVectorTable.ERROR));
            changed.run();
        }
    }

    // ---- timer ------------------------------------------------------------------------------------------------------

    /** Cycle count at which {@link #fireTimer} has something to do; Long.MAX_VALUE if never. */
    public long timerExpiry() {
        return vectors.masked(LocalVectorTable.TIMER) ? ApicTimer.NEVER : timer.expiry();
    }

    /** Requests the timer's interrupt if it expired. */
    public void fireTimer() {
        if (timer.fire(clock.getAsLong()) && !vectors.masked(LocalVectorTable.TIMER)) {
            request(vectors.vector(LocalVectorTable.TIMER));
        }
    }

    public long tscDeadline() {
        fireTimer();
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
            boolean cluster = destination >>> 16 == id >> 4;
            return destination == -1 || cluster && (destination & 1 << (id & 15)) != 0;
        }
        int logical = logicalId >>> 24;
        if (logicalFormat >>> 28 == 0xF) {
            return (logical & destination) != 0;
        }
        int cluster = destination >> 4 & 0xF;
        return (cluster == logical >> 4 || cluster == 0xF) && (logical & destination & 0xF) != 0;
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

    /**
     * WRMSR IA32_APIC_BASE; false if the change is illegal (SDM vol. 3, figure 11-27): x2APIC mode is entered from
     * xAPIC mode only and left through the disabled state only, which resets all registers.
     */
    public boolean setBaseRegister(long value) {
        boolean extended = (value & BASE_EXTD) != 0;
        boolean enabled = (value & BASE_ENABLE) != 0;
        boolean wasEnabled = (baseRegister & BASE_ENABLE) != 0;
        boolean illegalMode = extended && !enabled || extended && !wasEnabled || x2apic() && enabled && !extended;
        if (illegalMode || (value & BASE_RESERVED & ~BASE_BSP) != 0 || value >>> PHYSICAL_BITS != 0) {
            return false;
        }
        if (wasEnabled && !enabled) {
            resetRegisters();
        }
        baseRegister = value & ~BASE_BSP | (bootstrap ? BASE_BSP : 0);
        changed.run();
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
            return (offset & 0xF) == 0 ? readReported(offset) & 0xFFFFFFFFL : 0;
        }
        long value = (readReported(offset & ~0xF) & 0xFFFFFFFFL) >>> 8 * (offset & 0xF);
        return value & -1L >>> 64 - 8 * bytes;
    }

    private int readReported(int offset) {
        if (!exists(offset)) {
            error(ILLEGAL_REGISTER);
            return 0;
        }
        return read(offset);
    }

    @Override
    public void store(int offset, int bytes, long value) {
        if ((offset & 0xF) != 0) {
            return;
        }
        if (exists(offset)) {
            write(offset, (int) value);
        } else {
            error(ILLEGAL_REGISTER);
        }
    }

    private static boolean exists(int offset) {
        return offset == ID
                || offset == VERSION
                || offset >= TPR && offset <= ESR && offset != 0xC0
                || offset >= ICR && offset <= TIMER_CURRENT
                || offset == TIMER_DIVIDE;
    }

    /** Register at {@code offset} of the xAPIC page, whichever mode is on. */
    public int read(int offset) {
        switch (offset) {
            case ID:
                return x2apic() ? id : id << 24;
            case VERSION:
                return LocalVectorTable.ENTRIES - 1 << 16 | INTEGRATED;
            case TPR:
                return taskPriority;
            case PPR:
                return processorPriority();
            case LDR:
                return x2apic() ? id >> 4 << 16 | 1 << (id & 15) : logicalId;
            case DFR:
                return logicalFormat;
            case SVR:
                return spuriousVector;
            case ESR:
                return errorsShown;
            case ICR:
                return commandLow;
            case ICR_HIGH:
                return commandHigh;
            case TIMER_INITIAL:
                return timer.initialCount();
            case TIMER_CURRENT:
                fireTimer();
                return timer.currentCount(clock.getAsLong());
            case TIMER_DIVIDE:
                return timer.divideRegister();
            default:
                return readTable(offset);
        }
    }

    private int readTable(int offset) {
        if (offset >= ISR && offset < TMR) {
            return inService.register(offset - ISR >> 4);
        }
        if (offset >= TMR && offset < IRR) {
            return levelTriggered.register(offset - TMR >> 4);
        }
        if (offset >= IRR && offset < ESR) {
            return requested.register(offset - IRR >> 4);
        }
        return offset >= LVT_TIMER && offset <= LVT_ERROR ? vectors.get(offset - LVT_TIMER >> 4) : 0;
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
                commandLow = value & ICR_WRITABLE;
                send(commandLow, x2apic() ? commandHigh : commandHigh >>> 24);
                break;
            case ICR_HIGH:
                commandHigh = x2apic() ? value : value & 0xFF000000;
                break;
            case LDR:
                logicalId = value & 0xFF000000;
                break;
            case DFR:
                logicalFormat = value | 0x0FFFFFFF;
                break;
            case SVR:
                writeSpuriousVector(value);
                break;
            case ESR:
                errorsShown = errors;
                errors = 0;
                break;
            case SELF_IPI:
                send(1 << 18 | 1 << 14 | value & 0xFF, 0);
                break;
            default:
                writeTimerOrTable(offset, value);
                break;
        }
    }

    private void send(int command, int destination) {
        int mode = command >> 8 & 7;
        if ((command & 0xFF) < LOWEST_VECTOR && mode <= IpiRouter.LOWEST_PRIORITY) {
            error(SEND_ILLEGAL_VECTOR);
        } else {
            bus.command(this, command, destination);
        }
    }

    private void writeTimerOrTable(int offset, int value) {
        fireTimer(); // what expired so far, expired under the old settings
        switch (offset) {
            case TIMER_INITIAL:
                timer.setInitialCount(value, clock.getAsLong());
                break;
            case TIMER_DIVIDE:
                timer.setDivideRegister(value, clock.getAsLong());
                break;
            default:
                if (offset >= LVT_TIMER && offset <= LVT_ERROR) {
                    vectors.set(offset - LVT_TIMER >> 4, value, (spuriousVector & SVR_ENABLE) != 0);
                    timer.setMode(vectors.timerMode());
                }
                break;
        }
        changed.run();
    }

    private void writeSpuriousVector(int value) {
        spuriousVector = value & 0x1FF;
        if ((value & SVR_ENABLE) == 0) {
            fireTimer();
            vectors.maskAll();
        }
        changed.run();
    }

    // ---- x2APIC MSRs 0x800..0x83F
    // -----------------------------------------------------------------------------------------

    /** False if RDMSR of this register raises #GP. */
    public boolean isReadableMsr(int number) {
        int offset = (number & 0x3F) << 4;
        return exists(offset) && offset != APR && offset != EOI && offset != DFR && offset != ICR_HIGH;
    }

    public long readMsr(int number) {
        int offset = (number & 0x3F) << 4;
        long value = read(offset) & 0xFFFFFFFFL;
        return offset == ICR ? value | (long) commandHigh << 32 : value;
    }

    /** False if WRMSR of {@code value} to this register raises #GP: read-only, or reserved bits are set. */
    public boolean isLegalMsr(int number, long value) {
        int offset = (number & 0x3F) << 4;
        int low = (int) value;
        if (value >>> 32 != 0 && offset != ICR) {
            return false;
        }
        switch (offset) {
            case TPR:
            case SELF_IPI:
                return low >>> 8 == 0;
            case EOI:
            case ESR:
                return low == 0;
            case SVR:
                return (low & ~0x11FF) == 0;
            case ICR:
                return (low & ~(ICR_WRITABLE | 1 << 12)) == 0;
            case TIMER_INITIAL:
                return true;
            case TIMER_DIVIDE:
                return (low & ~0xB) == 0;
            default:
                return offset >= LVT_TIMER
                        && offset <= LVT_ERROR
                        && LocalVectorTable.isLegal(offset - LVT_TIMER >> 4, low);
        }
    }

    public void writeMsr(int number, long value) {
        int offset = (number & 0x3F) << 4;
        if (offset == ICR) {
            commandHigh = (int) (value >>> 32);
        }
        write(offset, (int) value);
    }
}
