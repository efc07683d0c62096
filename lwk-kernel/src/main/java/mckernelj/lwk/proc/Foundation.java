// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import mckernelj.emulator.hw.Machine;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.cpu.CrossCalls;
import mckernelj.lwk.delegation.Delegation;
import mckernelj.lwk.ikc.IkcDispatch;
import mckernelj.lwk.kmsg.KernelLog;
import mckernelj.lwk.phys.PageAllocator;
import mckernelj.lwk.sched.Scheduler;
import mckernelj.lwk.time.KernelClock;

/**
 * What the boot sequence has made when processes come into play.
 *
 * @param cpus filled as processors come up; length = number of LWK processors
 * @param kernelRoot physical top page table of the kernel
 */
public record Foundation(
        Machine machine,
        CpuLocal[] cpus,
        Scheduler scheduler,
        CrossCalls crossCalls,
        PageAllocator pages,
        KernelClock clock,
        KernelLog log,
        Delegation delegation,
        IkcDispatch ikc,
        long kernelRoot) {}
