// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.image;

import static mckernelj.emulator.hw.asm.Reg.R10;
import static mckernelj.emulator.hw.asm.Reg.R11;
import static mckernelj.emulator.hw.asm.Reg.R12;
import static mckernelj.emulator.hw.asm.Reg.R13;
import static mckernelj.emulator.hw.asm.Reg.R14;
import static mckernelj.emulator.hw.asm.Reg.R15;
import static mckernelj.emulator.hw.asm.Reg.R8;
import static mckernelj.emulator.hw.asm.Reg.R9;
import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBP;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDI;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.emulator.hw.asm.Reg.RSI;
import static mckernelj.emulator.hw.asm.Reg.RSP;

import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Cond;
import mckernelj.emulator.hw.asm.Label;
import mckernelj.emulator.hw.asm.Mem;
import mckernelj.emulator.hw.asm.Reg;
import mckernelj.emulator.hw.asm.Sreg;

/**
 * The machine code of the LWK: entries, exits, idle loop and the few stubs which Java cannot do. Each entry saves the registers as
 * {@code pt_regs} on the kernel stack and calls the Java kernel through the gate port.
 */
final class KernelCode {
    /** Vectors for which the processor pushes an error code: 8, 10-14, 17, 21, 29, 30. */
    private static final int ERROR_CODE_VECTORS = 0x6022_7D00;

    private static final int VECTORS = 256;
    private static final int PAGE = 4096;
    private static final int VSYSCALL_STEP = 0x400;
    private static final int GETTIMEOFDAY = 96;
    private static final int TIME = 201;
    private static final int GETCPU = 309;
    private static final int ORIG_RAX = 15 * 8;
    private static final int RIP = 16 * 8;
    private static final int CS = 17 * 8;
    private static final int RFLAGS = 18 * 8;
    private static final int FRAME_RSP = 19 * 8;
    private static final Reg[] SAVED_BELOW_RDI = {RSI, RDX, RCX, RAX, R8, R9, R10, R11, RBX, RBP, R12, R13, R14, R15};

    private final Assembler asm;
    private final int gatePort;
    private final Label systemCallExit;
    private final Label returnFromInterrupt;

    final Label archStart;
    final Label apStart;
    final Label systemCallEntry;
    final Label returnToUser;
    final Label interruptWindow;
    final Label loadTables;
    final Label cpuid;
    final Label setXcr0;
    final Label halt;
    final Label vsyscall;
    final Label idle;
    final Label[] interruptEntries = new Label[VECTORS];

    /** Emits everything at {@code baseLinear}; {@code kernelStackTop} and {@code userRsp} are offsets in the per-CPU area. */
    KernelCode(long baseLinear, int gatePort, int kernelStackTop, int userRsp) {
        this.asm = new Assembler(baseLinear);
        this.gatePort = gatePort;
        idle = asm.label();
        systemCallExit = asm.label();
        returnFromInterrupt = asm.label();
        archStart = emitArchStart();
        apStart = emitApStart();
        emitIdle();
        systemCallEntry = emitSystemCallEntry(kernelStackTop, userRsp);
        returnToUser = emitReturnToUser();
        Label saveRegisters = emitInterruptTail();
        for (int vector = 0; vector < VECTORS; vector++) {
            interruptEntries[vector] = emitInterruptEntry(vector, saveRegisters);
        }
        interruptWindow = emitInterruptWindow();
        loadTables = emitLoadTables();
        cpuid = emitCpuid();
        setXcr0 = emitSetXcr0();
        halt = emitHalt();
        vsyscall = emitVsyscall();
    }

    long addressOf(Label label) {
        return asm.addressOf(label);
    }

    byte[] assemble() {
        return asm.assemble();
    }

    private void gate(int reason) {
        asm.movImm(RAX, reason);
        gate();
    }

    /** Reason in EAX. */
    private void gate() {
        asm.movImm(RDX, gatePort).w32().outDx();
    }

    /** RDI, RSI, RDX: see {@link GateReason#ARCH_START}. RDX is needed for the port, so it moves to RCX. */
    private Label emitArchStart() {
        Label start = asm.here();
        asm.mov(RCX, RDX);
        gate(GateReason.ARCH_START);
        asm.jmp(idle);
        return start;
    }

    private Label emitApStart() {
        Label start = asm.align(16).here();
        gate(GateReason.AP_START);
        asm.jmp(idle);
        return start;
    }

    private void emitIdle() {
        asm.align(16).bind(idle);
        gate(GateReason.IDLE);
        // An interrupt cannot come between STI and HLT, so that none is slept over.
        asm.sti().hlt().cli().jmp(idle);
    }

    private Label emitSystemCallEntry(int kernelStackTop, int userRsp) {
        Label entry = asm.align(16).here();
        asm.swapgs();
        asm.store64(Mem.gs(userRsp), RSP);
        asm.load64(RSP, Mem.gs(kernelStackTop));
        asm.pushImm(AddressLayout.USER_DS);
        asm.push(Mem.gs(userRsp));
        asm.push(R11).pushImm(AddressLayout.USER_CS).push(RCX).push(RAX).push(RDI);
        pushRegisters();
        gate(GateReason.SYSTEM_CALL);
        asm.jmp(systemCallExit);
        return entry;
    }

    /** The gate returns EAX = 0 if SYSRET may be used (RCX and R11 of the frame are RIP and RFLAGS, RIP is canonical). */
    private Label emitReturnToUser() {
        Label entry = asm.align(16).here();
        gate(GateReason.NEW_THREAD);
        asm.bind(systemCallExit);
        asm.w32().test(RAX, RAX);
        asm.j(Cond.NE, returnFromInterrupt);
        popRegisters();
        asm.pop(RDI);
        asm.load64(RCX, RSP, RIP - ORIG_RAX);
        asm.load64(R11, RSP, RFLAGS - ORIG_RAX);
        asm.load64(RSP, RSP, FRAME_RSP - ORIG_RAX);
        asm.swapgs().sysretq();
        return entry;
    }

    /** Stack: RDI, error code or -1, what the processor pushed. EDI: vector. */
    private Label emitInterruptTail() {
        Label save = asm.align(16).here();
        pushRegisters();
        swapgsIfUser();
        asm.w32().mov(RAX, RDI);
        gate();
        asm.bind(returnFromInterrupt);
        swapgsIfUser();
        popRegisters();
        asm.pop(RDI).add(RSP, 8).iretq();
        return save;
    }

    private void swapgsIfUser() {
        Label kernel = asm.label();
        asm.w8().test(Mem.at(RSP, CS), 3);
        asm.j(Cond.E, kernel).swapgs().bind(kernel);
    }

    private Label emitInterruptEntry(int vector, Label saveRegisters) {
        Label entry = asm.align(16).here();
        if (vector >= 32 || (ERROR_CODE_VECTORS >> vector & 1) == 0) {
            asm.pushImm(-1);
        }
        asm.push(RDI).movImm(RDI, vector).jmp(saveRegisters);
        return entry;
    }

    private void pushRegisters() {
        for (Reg register : SAVED_BELOW_RDI) {
            asm.push(register);
        }
    }

    private void popRegisters() {
        for (int i = SAVED_BELOW_RDI.length - 1; i >= 0; i--) {
            asm.pop(SAVED_BELOW_RDI[i]);
        }
    }

    /** Lets pending interrupts in, then returns to the Java code that ran it. */
    private Label emitInterruptWindow() {
        Label entry = asm.align(16).here();
        asm.sti().nop().cli();
        gate(GateReason.LEAVE);
        return entry;
    }

    /** RDI, RSI: operands of LGDT and LIDT. Loads them, the segment registers and TR. */
    private Label emitLoadTables() {
        Label entry = asm.align(16).here();
        Label reloaded = asm.label();
        asm.lgdt(Mem.at(RDI, 0)).lidt(Mem.at(RSI, 0));
        asm.movImm(RAX, AddressLayout.KERNEL_DS);
        asm.mov(Sreg.DS, RAX).mov(Sreg.ES, RAX).mov(Sreg.SS, RAX);
        asm.movImm(RAX, 0).mov(Sreg.FS, RAX).mov(Sreg.GS, RAX);
        asm.pushImm(AddressLayout.KERNEL_CS).lea(RAX, reloaded).push(RAX).retFar();
        asm.bind(reloaded);
        asm.movImm(RAX, AddressLayout.TSS_SELECTOR).ltr(RAX);
        gate(GateReason.LEAVE);
        return entry;
    }

    /** Where a processor ends after a panic. */
    private Label emitHalt() {
        Label entry = asm.align(16).here();
        asm.cli().hlt().jmp(entry);
        return entry;
    }

    /** EAX, ECX: leaf. Since the gate needs EAX and EDX, these come back in R8 and R9. */
    private Label emitCpuid() {
        Label entry = asm.align(16).here();
        asm.cpuid().w32().mov(R8, RAX).w32().mov(R9, RDX);
        gate(GateReason.LEAVE);
        return entry;
    }

    /** EDX:EAX to XCR0. */
    private Label emitSetXcr0() {
        Label entry = asm.align(16).here();
        asm.movImm(RCX, 0).db(0x0F, 0x01, 0xD1);
        gate(GateReason.LEAVE);
        return entry;
    }

    /** A page for {@link mckernelj.ihk.layout.KernelSpace#VSYSCALL}: old programs call its three fixed addresses. */
    private Label emitVsyscall() {
        Label page = asm.align(PAGE).here();
        for (int systemCall : new int[] {GETTIMEOFDAY, TIME, GETCPU}) {
            asm.align(VSYSCALL_STEP).movImm(RAX, systemCall).syscall().ret();
        }
        asm.align(PAGE);
        return page;
    }
}
