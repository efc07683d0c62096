// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import java.util.ArrayList;
import java.util.List;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.lwk.boot.LwkKernel;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.mm.MmKernel;
import mckernelj.lwk.mm.NumaPolicy;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.sched.KernelThread;

/** Connects address spaces with processors and servants. */
final class AddressSpaceSupport implements MmKernel {
    private final LwkKernel base;

    AddressSpaceSupport(LwkKernel base) {
        this.base = base;
    }

    @Override
    public void invalidateTranslations(KernelThread self, ProcessVm vm, long startLinear, long endLinear) {
        List<CpuLocal> targets = new ArrayList<>();
        for (CpuLocal cpu : base.cpus()) {
            if (cpu != null && cpu.current() != null && cpu.current().addressSpace() == vm.root()) {
                targets.add(cpu);
            }
        }
        if (!targets.isEmpty()) {
            base.crossCalls().flushTranslations(self.cpu(), targets, startLinear, endLinear);
        }
    }

    @Override
    public void clearMirror(KernelThread self, ProcessVm vm, long startLinear, long lengthBytes) {
        if (self instanceof Thread thread && thread.process().vm() == vm) {
            thread.delegate(InKernelRequest.CLEAR_PTES, startLinear, lengthBytes);
            if (vm.isShared()) {
                thread.kernel().table().processes().stream()
                        .filter(other -> other != thread.process() && other.vm() == vm)
                        .forEach(Process::setMirrorStale);
            }
        } else if (self instanceof Thread thread) {
            setMirrorsStale(thread, vm);
        }
    }

    /** A debugger writes to another process' memory. */
    private static void setMirrorsStale(Thread thread, ProcessVm vm) {
        thread.kernel().table().processes().stream()
                .filter(other -> other.vm() == vm)
                .forEach(Process::setMirrorStale);
    }

    @Override
    public void replaceMirror(KernelThread self, ProcessVm vm, long startLinear, long lengthBytes) {
        if (vm.isShared()) {
            clearMirror(self, vm, startLinear, lengthBytes);
        } else if (self instanceof Thread thread && thread.process().vm() == vm) {
            thread.delegate(InKernelRequest.REPLACE_PTES, startLinear, lengthBytes);
        } else if (self instanceof Thread thread) {
            setMirrorsStale(thread, vm);
        }
    }

    @Override
    public boolean othersInCalls(KernelThread self, ProcessVm vm) {
        return vm.isShared()
                || self instanceof Thread thread && thread.process().othersInCalls(thread);
    }

    @Override
    public boolean hasOtherThreads(KernelThread self, ProcessVm vm) {
        return vm.isShared()
                || self instanceof Thread thread && thread.process().attachedThreads() > 1;
    }

    @Override
    public int[] nodes(KernelThread self, NumaPolicy range, long linear) {
        int[] byDistance = base.pages().nodesByDistance(base.nodeOf(self.cpu()));
        if (byDistance.length == 1) {
            return byDistance;
        }
        NumaPolicy own = self instanceof Thread thread ? thread.numaPolicy() : NumaPolicy.DEFAULT;
        NumaPolicy policy = range != null ? range : own;
        return policy.order(byDistance, linear >>> 12);
    }

    @Override
    public void countFault(KernelThread self, boolean major) {
        self.countFault(major);
    }

    @Override
    public void charge(KernelThread self, long cycles) {
        if (cycles != 0 && self.cpu() != null) {
            self.cpu().hw().charge(cycles);
        }
    }
}
