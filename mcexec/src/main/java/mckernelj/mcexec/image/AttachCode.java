// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.mcexec.image;

import static mckernelj.emulator.hw.asm.Reg.R10;
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
import static mckernelj.ihk.launch.MailboxLayout.*;

import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Cond;
import mckernelj.emulator.hw.asm.Label;
import mckernelj.emulator.hw.asm.Mem;
import mckernelj.emulator.hw.asm.Reg;
import mckernelj.ihk.SystemCallNumber;

/**
 * The client's first steps, from the process's entry to the loop: handler of the private signal, connect, check of the
 * node's user, receive the two memfds, map the mailboxes, say hello in the slot. Failures print one line and exit with 1.
 *
 * <p>RBP keeps the initial stack pointer (argc; argv from +8), RSP points to scratch memory below it.
 */
final class AttachCode {
    private static final int ARGC = 0;
    private static final int ARGV_SOCKET = 8 + 8;
    private static final int ARGV_TOOL = 8 + 16;

    // Scratch memory, offsets from RSP.
    private static final int SOCKADDR = 0;
    private static final int LIMIT = 0;
    private static final int CREDENTIALS = 0;
    private static final int CREDENTIALS_UID = 4;
    private static final int CREDENTIALS_LENGTH = 16;
    private static final int MSGHDR = 0x100;
    private static final int IOVEC = 0x140;
    private static final int MESSAGE = 0x150;
    private static final int CONTROL = 0x160;
    private static final int SCRATCH_BYTES = 0x400;

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM_CLOEXEC = 0x80001;
    private static final int SOCKADDR_BYTES = 110;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int RLIMIT_AS = 9;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED_FIXED_NORESERVE = 0x4011;

    private final ServantAssembler a;
    private final Assembler c;
    private final Label loop;
    private final Label noNode;
    private final Label foreign;
    private final Label refused;
    private final Label noMemory;

    AttachCode(ServantAssembler assembler, Label loop) {
        this.a = assembler;
        this.c = assembler.code();
        this.loop = loop;
        noNode = a.label();
        foreign = a.label();
        refused = a.label();
        noMemory = a.label();
    }

    void emit() {
        c.mov(RBP, RSP).sub(RSP, SCRATCH_BYTES);
        installPrivateSignal();
        raiseAddressSpaceLimit();
        connect();
        checkPeer();
        receiveDescriptors();
        mapMailboxes();
        hello();
        failures();
    }

    /** First of all, since glibc's posix_spawn leaves signals 32 and 33 ignored in its child. */
    private void installPrivateSignal() {
        set(RDI, PRIVATE_SIGNAL);
        c.movImm(RSI, SIGACTION_PRIVATE);
        set(RDX, 0);
        set(R10, 8);
        a.call(SystemCallNumber.RT_SIGACTION);
    }

    /** The node emulates RLIMIT_AS itself; the servant's own mappings must not be subject to it. R12 = what it was. */
    private void raiseAddressSpaceLimit() {
        prlimit(RDX, R10);
        c.mov(R12, scratch(LIMIT)).mov(RAX, scratch(LIMIT + 8)).mov(scratch(LIMIT), RAX);
        prlimit(R10, RDX);
    }

    private void prlimit(Reg none, Reg limit) {
        set(RDI, 0);
        set(RSI, RLIMIT_AS);
        set(none, 0);
        c.lea(limit, scratch(LIMIT));
        a.call(SystemCallNumber.PRLIMIT64);
    }

    /** R13 = socket. */
    private void connect() {
        Label copy = a.label();
        Label copied = a.label();
        c.cmp(Mem.at(RBP, ARGC), 3).j(Cond.B, noNode);
        c.w16().mov(scratch(SOCKADDR), AF_UNIX);
        c.mov(RSI, Mem.at(RBP, ARGV_SOCKET)).lea(RDI, scratch(SOCKADDR + 2));
        set(RCX, SOCKADDR_BYTES - 2);
        c.bind(copy)
                .w8()
                .lods()
                .w8()
                .stos()
                .w8()
                .test(RAX, RAX)
                .j(Cond.E, copied)
                .loop(copy)
                .jmp(noNode);
        c.bind(copied);
        set(RDI, AF_UNIX);
        set(RSI, SOCK_STREAM_CLOEXEC);
        set(RDX, 0);
        a.call(SystemCallNumber.SOCKET);
        c.test(RAX, RAX).j(Cond.S, noNode).mov(R13, RAX);
        c.mov(RDI, R13).lea(RSI, scratch(SOCKADDR));
        set(RDX, SOCKADDR_BYTES);
        a.call(SystemCallNumber.CONNECT);
        c.test(RAX, RAX).j(Cond.S, noNode);
    }

    /** The client does whatever the node says: so the node must be root's or our own user's. */
    private void checkPeer() {
        Label trusted = a.label();
        c.w32().mov(scratch(CREDENTIALS_LENGTH), 12);
        c.mov(RDI, R13);
        set(RSI, SOL_SOCKET);
        set(RDX, SO_PEERCRED);
        c.lea(R10, scratch(CREDENTIALS)).lea(R8, scratch(CREDENTIALS_LENGTH));
        a.call(SystemCallNumber.GETSOCKOPT);
        c.test(RAX, RAX).j(Cond.S, foreign);
        c.w32().cmp(scratch(CREDENTIALS_UID), 0).j(Cond.E, trusted);
        a.call(SystemCallNumber.GETEUID);
        c.w32().cmp(RAX, scratch(CREDENTIALS_UID)).j(Cond.NE, foreign);
        c.bind(trusted);
    }

    /** Message: u32 version, u32 slot; control: SCM_RIGHTS with the mailbox and the memory descriptor. */
    private void receiveDescriptors() {
        c.lea(RAX, scratch(MESSAGE)).mov(scratch(IOVEC), RAX).mov(scratch(IOVEC + 8), 8);
        set(RAX, 0);
        c.mov(scratch(MSGHDR), RAX).mov(scratch(MSGHDR + 8), RAX).mov(scratch(CONTROL), RAX);
        c.lea(RAX, scratch(IOVEC)).mov(scratch(MSGHDR + 16), RAX).mov(scratch(MSGHDR + 24), 1);
        c.lea(RAX, scratch(CONTROL)).mov(scratch(MSGHDR + 32), RAX).mov(scratch(MSGHDR + 40), 24);
        c.mov(RDI, R13).lea(RSI, scratch(MSGHDR));
        set(RDX, MSG_CMSG_CLOEXEC);
        a.call(SystemCallNumber.RECVMSG);
        c.cmp(RAX, 8).j(Cond.NE, refused);
        c.w32().cmp(scratch(MESSAGE), VERSION).j(Cond.NE, refused);
        c.cmp(scratch(CONTROL), 24).j(Cond.NE, refused);
        c.w32().mov(R14, scratch(CONTROL + 16)).w32().mov(R15, scratch(CONTROL + 20));
    }

    /** RBX = slot, R14 = mailbox descriptor. */
    private void mapMailboxes() {
        c.movImm(RDI, MAILBOX)
                .w32()
                .mov(RBX, scratch(MESSAGE + 4))
                .shl(RBX, SLOT_SHIFT)
                .add(RBX, RDI);
        c.movImm(RSI, MAILBOX_BYTES);
        set(RDX, PROT_READ_WRITE);
        set(R10, MAP_SHARED_FIXED_NORESERVE);
        c.mov(R8, R14);
        set(R9, 0);
        a.call(SystemCallNumber.MMAP);
        c.cmp(RAX, RDI).j(Cond.NE, noMemory);
    }

    /** The empty request which the node has put into the slot is answered by the loop; that says that we are ready. */
    private void hello() {
        c.mov(Mem.at(RBX, HELLO_STACK), RBP);
        c.w32().mov(Mem.at(RBX, HELLO_SOCKET), R13);
        c.w32().mov(Mem.at(RBX, HELLO_MAILBOX_FD), R14);
        c.w32().mov(Mem.at(RBX, HELLO_MEMORY_FD), R15);
        c.mov(Mem.at(RBX, HELLO_RLIMIT_AS), R12);
        a.stackOnSlot();
        set(R14, 0);
        c.jmp(loop);
    }

    private void failures() {
        Label print = a.label();
        failure(noNode, ": no node answers; start one with mcreboot\n", print);
        failure(foreign, ": the node's socket belongs to another user\n", print);
        failure(refused, ": the node refused this client\n", print);
        failure(noMemory, ": the address space limit is too low (ulimit -v)\n", print);
        printAfterToolName(print);
        a.exit(1);
    }

    private void failure(Label label, String text, Label print) {
        c.bind(label);
        a.string(text);
        c.jmp(print);
    }

    private void printAfterToolName(Label print) {
        Label next = a.label();
        Label end = a.label();
        c.bind(print).mov(R12, RSI).mov(R13, RDX);
        a.string("mcexec");
        c.cmp(Mem.at(RBP, ARGC), 3).j(Cond.B, end);
        c.mov(RSI, Mem.at(RBP, ARGV_TOOL));
        set(RDX, 0);
        c.bind(next).w8().cmp(Mem.at(RSI, RDX, 1, 0), 0).j(Cond.E, end).inc(RDX).jmp(next);
        c.bind(end);
        set(RDI, 2);
        a.call(SystemCallNumber.WRITE);
        c.mov(RSI, R12).mov(RDX, R13);
        a.call(SystemCallNumber.WRITE);
    }

    /** A small non-negative constant; flags are lost. */
    private void set(Reg register, int value) {
        if (value == 0) {
            c.w32().xor(register, register);
        } else {
            c.w32().movImm(register, value);
        }
    }

    private static Mem scratch(int offset) {
        return Mem.at(RSP, offset);
    }
}
