// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.mcexec.image;

import static mckernelj.emulator.hw.asm.Reg.R10;
import static mckernelj.emulator.hw.asm.Reg.R12;
import static mckernelj.emulator.hw.asm.Reg.R14;
import static mckernelj.emulator.hw.asm.Reg.R15;
import static mckernelj.emulator.hw.asm.Reg.R8;
import static mckernelj.emulator.hw.asm.Reg.R9;
import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDI;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.emulator.hw.asm.Reg.RSI;
import static mckernelj.ihk.launch.MailboxLayout.*;

import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Cond;
import mckernelj.emulator.hw.asm.Label;
import mckernelj.emulator.hw.asm.Mem;
import mckernelj.emulator.hw.asm.Reg;
import mckernelj.ihk.SystemCallNumber;

/**
 * The static ELF program that a user's {@code mcexec} becomes: it attaches to the node ({@link AttachCode}) and from then on
 * only executes lists of system calls from its mailbox. About 1.7 KB, one read-only page, no data and no stack of its own.
 *
 * <p>Command line: {@code client <socket> <tool> <the user's arguments>}; so a tool's shell script ends with
 * {@code exec "$dir/client" "$dir/$node.socket" mcexec "$@"}, where {@code $dir} is the node's runtime directory. Exit status
 * before the node takes over: 1; 255 when the node dies.
 *
 * <p>The loop keeps the slot in RBX, the sequence in R14, the record in R15 and the number of records left in R12: the signal
 * handler relies on it. Fork needs no code: the child continues behind its SYSCALL on the slot that is argument 6.
 */
public final class ServantImage {
    /** Offsets in struct ucontext as the kernel builds it: R12 and RIP of the interrupted code. */
    private static final int UCONTEXT_R12 = 40 + 4 * 8;

    private static final int UCONTEXT_RIP = 40 + 16 * 8;
    private static final int SIGINFO_CODE = 8;

    private static final int PR_SET_PDEATHSIG = 1;
    private static final int SIGKILL = 9;
    private static final int SA_SIGINFO = 4;
    private static final int SA_RESTORER = 0x04000000;
    private static final int SA_RESTART = 0x10000000;

    private static final Reg[] ARGUMENT_REGISTERS = {RDI, RSI, RDX, R10, R8, R9};

    private final ServantAssembler a = new ServantAssembler();
    private final Label start = a.label();
    private final Label loop = a.label();
    private final Label handler = a.label();
    private final Label restorer = a.label();
    private final Label critical = a.label();
    private final Label issue = a.label();
    private final Label interrupted = a.label();

    private ServantImage() {}

    /** The file's bytes. */
    public static byte[] bytes() {
        return new ServantImage().build();
    }

    private byte[] build() {
        data();
        a.code().bind(start);
        new AttachCode(a, loop).emit();
        loop();
        signalHandler();
        a.strings();
        byte[] file = a.code().assemble();
        if (file.length > 4096) {
            throw new IllegalStateException("the image is larger than its page");
        }
        ElfHeader.write(file, IMAGE, a.code().addressOf(start));
        return file;
    }

    private void data() {
        a.code().org((int) (IMAGE_DATA - IMAGE));
        sigaction(handler, SA_SIGINFO | SA_RESTORER | SA_RESTART);
        sigaction(handler, SA_SIGINFO | SA_RESTORER);
        a.code().dq(1).dq(0).dq(0).dq(0); // SIG_IGN
        a.code().dq(0).dq(0).dq(0).dq(0); // SIG_DFL
        sigaction(handler, SA_SIGINFO | SA_RESTORER);
        a.code().dq(-1).dq(0);
        a.code().org((int) (IMAGE_DATA - IMAGE) + IMAGE_DATA_BYTES);
    }

    private void sigaction(Label function, int flags) {
        a.code().dq(function).dq(flags).dq(restorer).dq(-1);
    }

    private void loop() {
        Assembler c = a.code();
        Label spin = c.label();
        Label sleep = c.label();
        Label run = c.label();
        c.bind(loop).w32().mov(RCX, slot(SPIN_COUNT));
        c.bind(spin).w32().test(RCX, RCX).j(Cond.E, sleep);
        c.w32().cmp(slot(REQUEST), R14).j(Cond.NE, run).pause().w32().dec(RCX).jmp(spin);

        // The flag is set before the last look at the sequence; the node stores the sequence before it reads the flag.
        c.bind(sleep).w32().mov(slot(SERVANT_SLEEPS), 1).mfence();
        c.w32().cmp(slot(REQUEST), R14).j(Cond.NE, run);
        c.mov(RDI, RBX).w32().xor(RSI, RSI).w32().mov(RDX, R14).w32().xor(R10, R10);
        a.call(SystemCallNumber.FUTEX); // FUTEX_WAIT
        c.jmp(sleep);

        c.bind(run).w32().mov(slot(SERVANT_SLEEPS), 0).w32().mov(R14, slot(REQUEST));
        c.lea(R15, slot(RECORDS)).w32().mov(R12, slot(RECORD_COUNT));
        records();
    }

    private void records() {
        Assembler c = a.code();
        Label record = c.label();
        Label done = c.label();
        Label go = c.label();
        Label store = c.label();
        c.bind(record).w32().test(R12, R12).j(Cond.E, done);
        for (int i = 0; i < ARGUMENT_REGISTERS.length; i++) {
            c.mov(ARGUMENT_REGISTERS[i], Mem.at(R15, 8 + 8 * i));
        }
        // Only the last record can be cancelled: the others prepare it and do not block.
        c.w32().cmp(R12, 1).j(Cond.NE, go);
        c.bind(critical).w32().cmp(slot(INTERRUPT), R14).j(Cond.E, interrupted);
        c.bind(go).mov(RAX, Mem.at(R15));
        c.bind(issue).syscall();
        c.test(RAX, RAX).j(Cond.NE, store);
        c.w32().mov(RCX, Mem.at(R15)).w32().sub(RCX, SystemCallNumber.CLONE);
        c.w32().cmp(RCX, SystemCallNumber.FORK - SystemCallNumber.CLONE).j(Cond.A, store);
        c.mov(RBX, R9).w32().xor(R14, R14); // a new thread or process, on its own slot
        a.stackOnSlot();
        newborn();
        c.jmp(loop);

        c.bind(interrupted).movImm(RAX, NOT_BEGUN);
        c.bind(store).mov(Mem.at(R15, RECORD_RESULT), RAX);
        c.add(R15, RECORD_BYTES).w32().dec(R12).jmp(record);

        c.bind(done).w32().mov(slot(REPLY), R14).mfence();
        c.w32().cmp(slot(NODE_SLEEPS), 0).j(Cond.E, loop);
        c.lock().w32().inc(slot(WAKE)).lea(RDI, slot(WAKE));
        futexWakeAll();
        c.jmp(loop);
    }

    /**
     * R8, which clone(2) does not look at here, has the process that forked, or 0 for a thread. Until the node has adopted the new process and
     * can tell it of its own death, it does not outlive that process, which is told.
     */
    private void newborn() {
        Assembler c = a.code();
        c.w32().test(R8, R8).j(Cond.E, loop);
        c.w32().movImm(RDI, PR_SET_PDEATHSIG).w32().movImm(RSI, SIGKILL);
        a.call(SystemCallNumber.PRCTL);
        a.call(SystemCallNumber.GETPPID);
        c.w32().cmp(RAX, R8).j(Cond.E, loop);
        a.exit(255);
    }

    /** RDI = signal, RSI = siginfo, RDX = ucontext; all signals are blocked; RBX, R14 are those of the interrupted code. */
    private void signalHandler() {
        Assembler c = a.code();
        Label privateSignal = c.label();
        c.bind(handler).w32().cmp(RDI, PRIVATE_SIGNAL).j(Cond.E, privateSignal);
        c.w32().mov(RAX, slot(RING_HEAD)).w32().and(RAX, RING_ENTRIES - 1);
        c.w32().shl(RAX, Integer.numberOfTrailingZeros(RING_ENTRY_BYTES));
        c.lea(RDI, Mem.at(RBX, RAX, 1, RING));
        c.w32().movImm(RCX, RING_ENTRY_BYTES / 4).rep().w32().movs();
        c.w32().inc(slot(RING_HEAD));
        c.mov(RDI, slot(DOORBELL_ADDRESS)).lock().w32().inc(Mem.at(RDI));
        futexWakeAll();
        c.ret();

        Label out = c.label();
        Label nodeDied = c.label();
        c.bind(privateSignal).w32().cmp(Mem.at(RSI, SIGINFO_CODE), 0).j(Cond.G, nodeDied);
        c.mov(RAX, Mem.at(RDX, UCONTEXT_RIP));
        c.lea(RCX, critical).cmp(RAX, RCX).j(Cond.B, out);
        c.lea(RCX, issue).cmp(RAX, RCX).j(Cond.A, out);
        c.w32().cmp(Mem.at(RDX, UCONTEXT_R12), 1).j(Cond.NE, out);
        c.w32().cmp(slot(INTERRUPT), R14).j(Cond.NE, out); // a late signal for an earlier request
        c.lea(RCX, interrupted).mov(Mem.at(RDX, UCONTEXT_RIP), RCX);
        c.bind(out).ret();

        c.bind(nodeDied);
        a.print("mcexec: the node died\n");
        a.exit(255);
        c.bind(restorer);
        a.call(SystemCallNumber.RT_SIGRETURN);
    }

    /** FUTEX_WAKE of all waiters on the word at RDI. */
    private void futexWakeAll() {
        a.code().w32().movImm(RSI, 1).w32().movImm(RDX, Integer.MAX_VALUE);
        a.call(SystemCallNumber.FUTEX);
    }

    private static Mem slot(int offset) {
        return Mem.at(RBX, offset);
    }
}
