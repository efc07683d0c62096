// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.isa.InstructionForm;

/** Compares what the host did with what the emulator did. */
final class Comparison {
    static final String[] REGISTERS = {
        "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"
    };
    private static final long FLAGS = Cpu.STATUS | Cpu.DF | Cpu.TF | Cpu.NT | Cpu.AC | Cpu.ID | Cpu.IF;
    private static final int MOST_BYTES = 4;

    private final TestCase test;
    private final Outcome host;
    private final Outcome emulated;
    private final List<String> differences = new ArrayList<>();

    private Comparison(TestCase test, Outcome host, Outcome emulated) {
        this.test = test;
        this.host = host;
        this.emulated = emulated;
    }

    /** One line per difference, empty if there is none. */
    static List<String> differences(TestCase test, Outcome host, Outcome emulated) {
        Comparison comparison = new Comparison(test, host, emulated);
        comparison.compare();
        return comparison.differences;
    }

    /** What ended the case. */
    private InstructionForm form() {
        return host.vector() == Outcome.COMPLETED ? test.form() : test.formAt(host.rip());
    }

    private void compare() {
        if (host.vector() == Outcome.HUNG) {
            return; // a branch to itself
        }
        long addresses = test.codeSize() == 64 ? -1 : 0xFFFFFFFFL;
        boolean anyFault = Exemptions.anyFaultAddress(form());
        check("exception", vector(host, anyFault), vector(emulated, anyFault));
        long error = anyFault ? 0 : -1; // which page is it?
        check("error code", host.errorCode() & error, emulated.errorCode() & error);
        long faultAddress = Exemptions.exactFaultAddress(form()) ? addresses : addresses & -4096L;
        if (!anyFault) {
            check("cr2", host.cr2() & faultAddress, emulated.cr2() & faultAddress);
        }
        check("rip", host.rip(), emulated.rip());
        for (int i = 0; i < (test.codeSize() == 64 ? 16 : 8); i++) {
            checkChange(
                    REGISTERS[i],
                    test.before().gpr[i],
                    host.after().gpr[i] & addresses,
                    emulated.after().gpr[i] & addresses);
        }
        long mask = FLAGS;
        if (host.vector() == Outcome.COMPLETED) {
            mask &= ~(long) Exemptions.undefinedFlags(form());
        }
        checkChange("rflags", test.before().rflags & mask, host.after().rflags & mask, emulated.after().rflags & mask);
        if (test.codeSize() == 64 && HostFeatures.has(CpuFeature.FSGSBASE)) {
            check("fs base", host.fsBase(), emulated.fsBase());
            check("gs base", host.gsBase(), emulated.gsBase());
        }
        compareExtended();
        if (!Exemptions.partialStore(form(), host.vector())) {
            compareMemory();
        }
    }

    private static long vector(Outcome outcome, boolean anyFault) {
        boolean ofAddress = outcome.vector() == X86Fault.SS || outcome.vector() == X86Fault.PF;
        return anyFault && ofAddress ? X86Fault.GP : outcome.vector();
    }

    private void compareExtended() {
        MachineState a = host.after();
        MachineState b = emulated.after();
        boolean approximate = Exemptions.approximate(form());
        if (!Exemptions.undefinedFlagsAfterXm(form(), host.vector())) {
            check("mxcsr", a.word(MachineState.MXCSR), b.word(MachineState.MXCSR));
        }
        for (int i = 0; i < (test.codeSize() == 64 ? 32 : 16); i++) {
            int at = MachineState.XMM0 + 8 * i;
            if (!approximate || !Tolerance.near(a.quad(at), b.quad(at))) {
                checkChange(
                        "xmm" + i / 2 + (i % 2 == 0 ? "" : ".high"),
                        test.before().quad(at),
                        a.quad(at),
                        b.quad(at));
            }
        }
        for (int i = 0; i < (test.codeSize() == 64 ? 32 : 16); i++) {
            if (!approximate || !Tolerance.near(a.ymmHigh[i], b.ymmHigh[i])) {
                checkChange(
                        "ymm" + i / 2 + (i % 2 == 0 ? ".third" : ".fourth"),
                        test.before().ymmHigh[i],
                        a.ymmHigh[i],
                        b.ymmHigh[i]);
            }
        }
        if (!Exemptions.undefinedX87(form(), host.vector())) {
            compareX87(a, b);
        }
    }

    private void compareX87(MachineState a, MachineState b) {
        checkChange("fcw", test.before().word(MachineState.FCW), a.word(MachineState.FCW), b.word(MachineState.FCW));
        boolean approximate = Exemptions.approximate(form());
        int status = approximate ? ~Tolerance.ROUNDED_UP : -1;
        checkChange(
                "fsw",
                test.before().word(MachineState.FSW) & status,
                a.word(MachineState.FSW) & status,
                b.word(MachineState.FSW) & status);
        checkChange(
                "ftw", test.before().word(MachineState.FTW), a.word(MachineState.FTW) & 0xFF, b.word(MachineState.FTW));
        if (HostFeatures.keepsX87PointersOfExceptionsOnly()) {
            checkChange(
                    "fop", test.before().word(MachineState.FOP), a.word(MachineState.FOP), b.word(MachineState.FOP));
            comparePointer("fip", MachineState.FIP);
            comparePointer("fdp", MachineState.FDP);
        }
        for (int i = 0; i < 8; i++) {
            int at = MachineState.ST0 + 16 * i;
            if (approximate && Tolerance.near(a, b, at)) {
                continue;
            }
            checkChange("st" + i, test.before().quad(at), a.quad(at), b.quad(at));
            checkChange("st" + i + ".exponent", test.before().word(at + 8), a.word(at + 8), b.word(at + 8));
        }
    }

    /** 48 bits; above them processors with larger addresses differ. */
    private void comparePointer(String name, int at) {
        checkChange(
                name,
                test.before().quad(at) << 16,
                host.after().quad(at) << 16,
                emulated.after().quad(at) << 16);
    }

    private void compareMemory() {
        int shown = 0;
        for (int i = 0; i < MachineState.WINDOW_BYTES && shown < MOST_BYTES; i++) {
            if (host.after().window[i] != emulated.after().window[i]) {
                shown++;
                checkChange(
                        "byte at " + Long.toHexString(MachineState.WINDOW + i),
                        test.before().window[i] & 0xFF,
                        host.after().window[i] & 0xFF,
                        emulated.after().window[i] & 0xFF);
            }
        }
        check("memory outside of the window", host.outside(), emulated.outside());
    }

    private void check(String what, long expected, long actual) {
        if (expected != actual) {
            differences.add(String.format("%s: host %x, emulator %x", what, expected, actual));
        }
    }

    private void checkChange(String what, long before, long expected, long actual) {
        if (expected != actual) {
            differences.add(String.format("%s: before %x, host %x, emulator %x", what, before, expected, actual));
        }
    }
}
