// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.cpu.PtRegs;
import mckernelj.lwk.kmsg.KernelLog;
import mckernelj.lwk.mm.VmRange;

/** The kernel messages about a page fault that becomes a signal (McKernel's wording). */
final class PageFaultReport {
    private static final String[] NAMES = {
        "r15",
        "r14",
        "r13",
        "r12",
        "rbp",
        "rbx",
        "r11",
        "r10",
        "r9",
        "r8",
        "rax",
        "rcx",
        "rdx",
        "rsi",
        "rdi",
        "orig_rax",
        "rip",
        "cs",
        "rflags",
        "rsp",
        "ss"
    };

    private final Kernel kernel;

    PageFaultReport(Kernel kernel) {
        this.kernel = kernel;
    }

    void print(Thread self, PtRegs regs, int error, long linear) {
        KernelLog log = kernel.log();
        CpuLocal cpu = self.cpu();
        log.kprintf(cpu, "%s: TID: %d, error: 0x%x", "page_fault_handler", self.tid(), error);
        log.kprintf(cpu, "Page fault for 0x%x", linear);
        log.kprintf(
                cpu,
                "%s for %s access in %s mode (reserved bit %s set), it %s an instruction fetch",
                (error & 1) != 0 ? "protection fault" : "no page found",
                (error & 2) != 0 ? "write" : "read",
                (error & 4) != 0 ? "user" : "kernel",
                (error & 8) != 0 ? "was" : "wasn't",
                (error & 16) != 0 ? "was" : "wasn't");
        VmRange range = self.process().vm().rangeAt(linear);
        if (range == null) {
            log.kprintf(cpu, "address is out of range!");
        } else {
            log.kprintf(cpu, "address is in range, prot: 0x%x (%s)", range.prot(), nameOf(range));
            log.kprintf(cpu, "pte: 0x%x", self.process().vm().entry(linear));
        }
        VmRange code = self.process().vm().rangeAt(regs.rip());
        if (code != null) {
            long offset = regs.rip() - code.start() + code.offset();
            log.kprintf(cpu, "PC: 0x%x (%x in %s)", regs.rip(), offset, nameOf(code));
        }
        for (int slot = 0; slot < PtRegs.SLOTS; slot += 3) {
            StringBuilder line = new StringBuilder();
            for (int i = slot; i < slot + 3; i++) {
                line.append(String.format("%8s: %016x ", NAMES[i], regs.get(i)));
            }
            log.kprintf(cpu, "%s", line);
        }
    }

    private static String nameOf(VmRange range) {
        if (range.object() != null) {
            return range.object().name();
        }
        return range.has(VmRange.HEAP) ? "[heap]" : range.has(VmRange.GROWS_DOWN) ? "[stack]" : "(anonymous)";
    }
}
