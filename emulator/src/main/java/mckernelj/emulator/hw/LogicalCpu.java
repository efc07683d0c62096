// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.hw;

/**
 * One logical processor, as seen by the software that runs on it and by whoever sends it interrupts.
 *
 * <p>Unless said otherwise a method may be called only by the host thread that currently <em>is</em> the processor (see
 * {@link KernelStack}). Register numbers are those of the encoding: RAX 0, RCX 1, RDX 2, RBX 3, RSP 4, RBP 5, RSI 6, RDI
 * 7, R8..R15 8..15.
 */
public interface LogicalCpu {
    int RAX = 0;
    int RCX = 1;
    int RDX = 2;
    int RBX = 3;
    int RSP = 4;
    int RBP = 5;
    int RSI = 6;
    int RDI = 7;

    /** Position in the machine, 0-based. Any thread. */
    int index();

    /** Local APIC identifier. Any thread. */
    int apicId();

    /** NUMA node that the processor belongs to. Any thread. */
    int numaNode();

    long register(int number);

    void setRegister(int number, long value);

    long rip();

    void setRip(long linear);

    long rflags();

    void setRflags(long value);

    /** CR0, CR2, CR3, CR4 or CR8. */
    long controlRegister(int number);

    /** As MOV CRn: CR3 and paging bits flush the TLBs as on hardware. */
    void setControlRegister(int number, long value);

    /** As RDMSR, without a fault: an unknown MSR reads 0. */
    long msr(int number);

    /** As WRMSR, without a fault: an unknown MSR is ignored. IA32_FS_BASE and IA32_GS_BASE are MSRs too. */
    void setMsr(int number, long value);

    /** DR0..DR3, DR6 or DR7. */
    long debugRegister(int number);

    /** As MOV DRn, without a fault: the upper half of DR6 and DR7 is ignored. */
    void setDebugRegister(int number, long value);

    /** Drops the translations of the page that holds {@code linear}, as INVLPG. */
    void invalidatePage(long linear);

    /** Drops all translations, global ones included. */
    void flushTranslations();

    /** Writes x87, SSE and (if enabled in XCR0) AVX state: XSAVE area layout, standard form, 64-byte aligned physical. */
    void saveExtendedState(long physical);

    /** Reads what {@link #saveExtendedState} wrote. An all-zero area gives the initial state. */
    void restoreExtendedState(long physical);

    /** Size of that area in bytes (576 without AVX, 832 with it). */
    int extendedStateSize();

    /** Copies general registers, RIP, RFLAGS into {@code context}. */
    void saveContext(CpuContext context);

    void loadContext(CpuContext context);

    /** The processor's own cycle count, which is also its TSC. */
    long cycles();

    /** Accounts {@code cycles} of work done by Java code on this processor's behalf. */
    void charge(long cycles);

    /** Local APIC register access: {@code offset} 0..0xFF0 as in the xAPIC MMIO page (SDM vol. 3, table 11-1). */
    int apicRead(int offset);

    void apicWrite(int offset, int value);

    /** Sends a fixed interrupt (ICR, physical destination). */
    void sendIpi(int apicId, int vector);

    /** True if an interrupt that the local APIC would deliver is requested, whatever RFLAGS.IF is. */
    boolean interruptPending();

    /**
     * Waits, without executing instructions, until {@link #interruptPending()} or the cycle count reaches {@code
     * deadlineCycles} (Long.MAX_VALUE: none). While it waits, other processors run, the time of this one advances, and the
     * calling host thread may execute other, idle processors of the machine. Returns {@link #interruptPending()}.
     */
    boolean awaitInterrupt(long deadlineCycles);

    /**
     * Executes guest code from the current RIP until a port handler calls {@link #leaveGuest()}. May be nested: kernel code
     * in a port handler can set RIP to a stub, run it and return.
     *
     * <p>The processor is looked up anew after each port access: if the handler switched stacks and was resumed on another
     * processor, execution goes on there.
     */
    void runGuest();

    /** Makes the innermost {@link #runGuest()} of this stack return when the current port handler returns. */
    void leaveGuest();

    /** The stack which currently is this processor. */
    KernelStack stack();

    /**
     * Makes {@code event} the one host event that this processor's waiting thread polls and blocks on. Any thread that
     * acts for a processor of the machine. If the processor stops waiting for it, {@link HostEvent#abandon()} is called.
     */
    void setHostEvent(HostEvent event);

    /**
     * From any host thread: requests interrupt {@code vector} at this processor, as an external device would (an edge
     * message of the I/O APIC), at the earliest possible time.
     */
    void raiseInterrupt(int vector);

    /** Resets the processor into the wait-for-SIPI state (INIT). Any thread; returns when it has happened. */
    void init();

    /**
     * Starts a processor that waits for SIPI directly in 64-bit mode, as firmware hands over to a boot loader: paging on
     * with {@code cr3}, flat segments, interrupts off, RDI = {@code argument}. Any thread.
     */
    void startLongMode(long cr3, long rip, long rsp, long argument);

    /**
     * Starts a processor that waits for SIPI in 32-bit protected mode without paging, as a Multiboot loader hands over: flat segments,
     * interrupts off, the local APIC in virtual wire mode. Any thread.
     */
    void startProtectedMode(int eip, int eax, int ebx);

    /**
     * Runs {@code event} once, when this processor's cycle count reaches {@code cycles}, on the host thread that is this processor then. While it
     * waits for INIT and SIPI its events run on a processor that runs.
     */
    void schedule(long cycles, TimedEvent event);

    /**
     * Marks the processor as one whose work is interrupt handlers only: while it halts, the host thread of any waiting
     * processor may execute it (saves a hand-over between host threads). Its handlers must not wait for other processors and must
     * not switch stacks. Any thread.
     */
    void setPassive(boolean passive);
}
