// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.mcexec.image;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RDI;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.emulator.hw.asm.Reg.RSI;
import static mckernelj.emulator.hw.asm.Reg.RSP;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Label;
import mckernelj.emulator.hw.asm.Mem;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.launch.MailboxLayout;

/** The few idioms of the servant's code: system calls, messages, the stack in the slot. Strings are placed at the end. */
final class ServantAssembler {
    private final Assembler code = new Assembler(MailboxLayout.IMAGE);
    private final Map<String, Label> strings = new LinkedHashMap<>();

    Assembler code() {
        return code;
    }

    Label label() {
        return code.label();
    }

    /** A system call whose arguments are in their registers; the result is in RAX. RCX and R11 are lost. */
    void call(int number) {
        code.w32().movImm(RAX, number).syscall();
    }

    /** Loads the address of a string into RSI and its length into RDX. */
    void string(String text) {
        code.lea(RSI, strings.computeIfAbsent(text, unused -> code.label()));
        code.w32().movImm(RDX, text.length());
    }

    /** Writes a message to standard error. */
    void print(String text) {
        string(text);
        code.w32().movImm(RDI, 2);
        call(SystemCallNumber.WRITE);
    }

    void exit(int status) {
        code.w32().movImm(RDI, status);
        call(SystemCallNumber.EXIT_GROUP);
    }

    /** From now on signal frames are built at the end of the slot in RBX. */
    void stackOnSlot() {
        code.lea(RSP, Mem.at(RBX, MailboxLayout.SLOT_BYTES));
    }

    /** Places the strings. */
    void strings() {
        strings.forEach((text, label) -> code.bind(label).db(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
