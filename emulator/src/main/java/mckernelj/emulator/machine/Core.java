// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import java.util.concurrent.atomic.AtomicReference;
import mckernelj.emulator.apic.IpiTarget;
import mckernelj.emulator.apic.LocalApic;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.ExceptionDelivery;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.engine.ExecutionEngine;
import mckernelj.emulator.hw.HostEvent;
import mckernelj.emulator.hw.KernelStack;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.PortHandler;
import mckernelj.emulator.hw.TimedEvent;

/**
 * One logical processor: the loop that executes guest code, takes interrupts and calls port handlers. How processors
 * share time, wait and wake each other is the business of the two subclasses. Register access is in {@link
 * CoreRegisters}.
 */
abstract class Core extends CoreRegisters implements LogicalCpu, IpiTarget {
    private static final int NMI_VECTOR = 2;

    final X86Machine machine;
    final LocalApic apic;
    private final int index;
    private final int node;
    private final ExecutionEngine engine;

    /** The stack that is this processor; null while it waits for SIPI. Written by who hands the processor over. */
    volatile HostStack stack;

    /** An NMI is requested. Any thread sets it. */
    volatile boolean nmiPending;

    volatile boolean passive;

    /** The INTR line of the 8259s was raised; they know whether it still is. Any thread. */
    volatile boolean externalRequested;

    final TimedEvents events = new TimedEvents();

    final AtomicReference<HostEvent> hostEvent = new AtomicReference<>();

    Core(X86Machine machine, int index, int node) {
        super(machine, index);
        this.machine = machine;
        this.index = index;
        this.node = node;
        apic = cpu.msrs.apic();
        engine = machine.newEngine(cpu);
    }

    // ---- what differs between parallel and deterministic machines
    // ---------------------------------------------------------

    /** Bits beside the vector of a request. */
    static final int LEVEL_TRIGGERED = 1 << 9;

    static final int EXTERNAL = 1 << 10;

    /** Requests {@code vector} (ORed with the bits above); {@code from} is the sending processor or null for a host thread. Any thread. */
    abstract void request(int vector, Core from);

    /** After {@link #nmiPending} was set. */
    abstract void requestNmi(Core from);

    /**
     * Between the exit of one stretch of guest code and the next: turn-taking, slack, end of the stack. Sets no
     * deadline.
     */
    abstract void beforeGuest();

    /** Guest code may run and touch this processor's TLBs from now on / no longer. */
    abstract void enterGuest();

    abstract void leaveGuestCode();

    /** Latest cycle count at which the engine must come back, apart from the timer. */
    abstract long sliceEnd();

    /**
     * Waits until {@link #wakes}, or the cycle count reaches {@code deadline}. {@code halted}: by HLT, so only what
     * HLT reacts to counts.
     */
    abstract void await(long deadline, boolean halted);

    /** Requests whose time has come become visible in the local APIC. */
    abstract void collect();

    /** Makes a waiting thread look at {@link X86Machine#closing}. */
    abstract void wakeForClose();

    /** A stack is about to hand this processor to another one. */
    void beforeStackSwitch() {
        abandonHostEvent();
    }

    /** True if no other processor can make progress while the caller runs (deterministic machine). */
    abstract boolean alone();

    /** On the new thread of the first stack after INIT, or of a stack that becomes a processor for the first time. */
    void onStackStart() {}

    /** The host thread of the processor's stack ended without a successor. */
    abstract void stackDied();

    // ---- executing
    // ---------------------------------------------------------------------------------------------------------

    @Override
    public final void runGuest() {
        run(stack, false);
    }

    /**
     * Runs guest code on {@code stack} until leaveGuest, or (for in-place execution) until it halts without a reason
     * to wake.
     */
    static void run(HostStack stack, boolean untilHalt) {
        for (; ; ) {
            Core core = stack.core();
            core.stretch();
            int exit = core.cpu.exit;
            core.cpu.exit = Cpu.EXIT_NONE;
            switch (exit) {
                case Cpu.EXIT_OUT:
                case Cpu.EXIT_IN:
                case Cpu.EXIT_INS:
                    core.accessPort(exit, stack);
                    if (stack.takeLeave()) {
                        return;
                    }
                    break;
                case Cpu.EXIT_HALT:
                    if (untilHalt && !core.wakes()) {
                        return;
                    }
                    core.await(Long.MAX_VALUE, true);
                    break;
                case Cpu.EXIT_SHUTDOWN:
                    core.shutDown();
                    break;
                default:
                    break;
            }
        }
    }

    /** One stretch of guest code between two looks at events. */
    private void stretch() {
        beforeGuest();
        enterGuest();
        try {
            takeInterrupt();
            if (cpu.exit == Cpu.EXIT_NONE) {
                cpu.deadline = Math.min(nextOwnEvent(), sliceEnd());
                engine.run();
            }
        } finally {
            leaveGuestCode();
        }
    }

    private void takeInterrupt() {
        cpu.attention = 0; // before the looks: what is requested from now on sets it again
        collect();
        cpu.interruptWaits = false;
        if (nmiPending && !cpu.nmiBlocked) {
            if (cpu.interruptShadow) {
                cpu.attention = 1; // one instruction, then again
                return;
            }
            nmiPending = false;
            cpu.nmiBlocked = true;
            ExceptionDelivery.interrupt(cpu, NMI_VECTOR);
            return;
        }
        if (!vectorWaits()) {
            return;
        }
        if ((cpu.systemFlags & Cpu.IF) == 0) {
            cpu.interruptWaits = true;
        } else if (cpu.interruptShadow) {
            cpu.attention = 1;
        } else {
            ExceptionDelivery.interrupt(cpu, acknowledge());
        }
    }

    /** True if the local APIC or the 8259s would interrupt if RFLAGS.IF were set. */
    private boolean vectorWaits() {
        return apic.pendingVector() >= 0 || externalWaits();
    }

    private boolean externalWaits() {
        return externalRequested && machine.external().requested() && apic.acceptsExternal();
    }

    private int acknowledge() {
        if (apic.pendingVector() >= 0) {
            return apic.acknowledge();
        }
        int vector = machine.external().acknowledge();
        externalRequested = false; // before the look: a request from now on sets it again
        if (machine.external().requested()) {
            externalRequested = true;
        }
        return vector;
    }

    /** An arrived request becomes visible. */
    final void accept(int request) {
        if (request == EXTERNAL) {
            externalRequested = true;
        } else {
            apic.request(request & 0xFF, (request & LEVEL_TRIGGERED) != 0);
        }
    }

    /** When the APIC timer or a device wants something from this processor. */
    final long nextOwnEvent() {
        return Math.min(apic.timerExpiry(), events.next());
    }

    @Override
    public final void schedule(long cycles, TimedEvent event) {
        events.add(cycles, event);
        cpu.attention = 1;
    }

    /** This processor is reset: what devices asked it for is done by {@code executing}, or one that runs. */
    final void moveEvents() {
        Core executing = StackThread.executing();
        Core heir = executing != null && executing != this ? executing : machine.runningCore(this);
        if (heir != null && events.next() != Long.MAX_VALUE) {
            events.moveTo(heir.events);
            heir.cpu.attention = 1;
        }
    }

    private void accessPort(int exit, HostStack onStack) {
        int port = cpu.portNumber;
        int width = cpu.portWidth;
        PortHandler handler = machine.ports().at(port);
        if (exit == Cpu.EXIT_OUT) {
            handler.out(this, port, width, cpu.portValue);
        } else if (exit == Cpu.EXIT_IN) {
            int value = handler.in(this, port, width);
            onStack.core().cpu.setRegister(width * 8, Cpu.RAX, value);
        } else {
            storeInput(width, handler.in(this, port, width));
        }
    }

    /** INS has checked that the store is possible. */
    private void storeInput(int width, int value) {
        enterGuest();
        try {
            cpu.store(width * 8, cpu.portDestination, value);
        } catch (X86Fault fault) {
            ExceptionDelivery.deliver(cpu, fault); // another processor took the page away meanwhile
        } finally {
            leaveGuestCode();
        }
    }

    private void shutDown() {
        machine.shutDown(this);
        cpu.exit = Cpu.EXIT_SHUTDOWN; // only INIT gets it out
        await(Long.MAX_VALUE, true);
    }

    /** True if a halted processor has a reason to go on. */
    final boolean wakes() {
        return nmiPending && !cpu.nmiBlocked || (cpu.systemFlags & Cpu.IF) != 0 && vectorWaits();
    }

    final boolean interruptPendingNow() {
        return nmiPending || vectorWaits();
    }

    @Override
    public final boolean interruptPending() {
        collect();
        return interruptPendingNow();
    }

    @Override
    public final boolean awaitInterrupt(long deadlineCycles) {
        if (!interruptPending()) {
            await(deadlineCycles, false);
        }
        return interruptPending();
    }

    @Override
    public final void leaveGuest() {
        stack.requestLeave();
    }

    // ---- interrupts from elsewhere
    // --------------------------------------------------------------------------------------

    @Override
    public final void sendIpi(int apicId, int vector) {
        machine.sendIpi(this, apicId, vector);
    }

    @Override
    public final void raiseInterrupt(int vector) {
        request(vector, StackThread.executing());
    }

    @Override
    public final void interrupt(int vector, int from) {
        request(vector, machine.core(from));
    }

    @Override
    public final void nmi(int from) {
        nmiPending = true;
        requestNmi(machine.core(from));
    }

    @Override
    public final void message(int mode, int vector, boolean level) {
        switch (mode) {
            case 0:
            case 1:
                request(level ? vector | LEVEL_TRIGGERED : vector, StackThread.executing());
                break;
            case 4:
                nmiPending = true;
                requestNmi(StackThread.executing());
                break;
            case 5:
                init();
                break;
            default: // SMI, ExtINT and reserved modes
                break;
        }
    }

    @Override
    public final void init(int from) {
        init();
    }

    @Override
    public final void startup(int vector, int from) {
        start(machine.core(from), () -> startRealMode(vector));
    }

    @Override
    public final void startLongMode(long cr3, long rip, long rsp, long argument) {
        start(StackThread.executing(), () -> startLong(cr3, rip, rsp, argument));
    }

    @Override
    public final void startProtectedMode(int eip, int eax, int ebx) {
        start(StackThread.executing(), () -> startProtected(eip, eax, ebx));
    }

    /** Starts a processor that waits for SIPI with the state that {@code setState} gives it; else does nothing. */
    abstract void start(Core starter, Runnable setState);

    // ---- the rest
    // -------------------------------------------------------------------------------------------------------

    @Override
    public final int index() {
        return index;
    }

    @Override
    public final int apicId() {
        return apic.id();
    }

    @Override
    public final LocalApic apic() {
        return apic;
    }

    @Override
    public final int numaNode() {
        return node;
    }

    @Override
    public final KernelStack stack() {
        return stack;
    }

    @Override
    public final void setPassive(boolean value) {
        passive = value;
    }

    @Override
    public final void setHostEvent(HostEvent event) {
        HostEvent old = hostEvent.getAndSet(event);
        if (old != null && old != event) {
            old.abandon();
        }
        hostEventChanged();
    }

    /** It may have to be polled now, or abandoned. */
    abstract void hostEventChanged();

    final void abandonHostEvent() {
        HostEvent event = hostEvent.getAndSet(null);
        if (event != null) {
            event.abandon();
        }
    }

    final String describe() {
        return "cpu " + index + " rip=0x" + Long.toHexString(cpu.rip) + " rsp=0x" + Long.toHexString(cpu.r[Cpu.RSP])
                + " cr2=0x" + Long.toHexString(cpu.cr2) + " cr3=0x" + Long.toHexString(cpu.cr3) + " cs=0x"
                + Integer.toHexString(cpu.selector[Cpu.CS]) + " last exception " + cpu.fault.vector;
    }
}
