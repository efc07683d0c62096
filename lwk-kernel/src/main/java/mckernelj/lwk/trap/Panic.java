// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.trap;

import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.ihk.layout.MonitorArea;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.cpu.PtRegs;
import mckernelj.lwk.kmsg.KernelLog;
import mckernelj.lwk.sched.KernelThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a processor: message and registers to the kernel log, status PANIC, halt. The other processors go on. */
public final class Panic {
    private static final Logger LOG = LoggerFactory.getLogger(Panic.class);
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

    /** Tells Linux that an instance's status has changed. */
    @FunctionalInterface
    public interface StatusEvent {
        void raise(CpuLocal cpu);
    }

    private final KernelLog log;
    private final long haltLinear;
    private final StatusEvent event;

    public Panic(KernelLog log, long haltLinear, StatusEvent event) {
        this.log = log;
        this.haltLinear = haltLinear;
        this.event = event;
    }

    KernelLog log() {
        return log;
    }

    /** An exception of kernel machine code. */
    void exception(CpuLocal cpu, PtRegs regs, int vector, int errorCode, long cr2) {
        log.kprintf(cpu, "exception %d in the kernel, error code 0x%x, cr2 0x%x", vector, errorCode, cr2);
        for (int slot = 0; slot < PtRegs.SLOTS; slot += 3) {
            log.kprintf(cpu, "%s", registers(regs, slot));
        }
        halt(cpu);
    }

    private static String registers(PtRegs regs, int first) {
        StringBuilder line = new StringBuilder();
        for (int slot = first; slot < first + 3; slot++) {
            line.append(String.format("%8s: %016x ", NAMES[slot], regs.get(slot)));
        }
        return line.toString();
    }

    /** A broken invariant: {@code cause} comes from the kernel's own Java code. */
    void panic(CpuLocal cpu, RuntimeException cause) {
        LOG.error("kernel panic on processor {}", cpu.id(), cause);
        log.kprintf(cpu, "kernel panic: %s", cause);
        for (StackTraceElement frame : cause.getStackTrace()) {
            log.kprintf(cpu, "  %s", frame);
        }
        halt(cpu);
    }

    /** The processor continues at the halt loop, whatever Java frames are left on its stack. */
    private void halt(CpuLocal cpu) {
        cpu.setStatus(MonitorArea.PANIC);
        KernelThread current = (KernelThread) cpu.current();
        log.kprintf(cpu, "panic: thread %d, processor halted", current.tid());
        event.raise(cpu);
        cpu.hw().setRip(haltLinear);
        cpu.hw().setRflags(cpu.hw().rflags() & ~0x200L);
        cpu.hw().setRegister(LogicalCpu.RAX, 0);
    }
}
