// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import mckernelj.lwk.boot.LwkKernel;
import mckernelj.lwk.cpu.CpuLocal;

/** Chooses the processor of a new thread: the shortest run queue among the allowed ones, the lowest number on ties. */
public final class Placement {
    private final LwkKernel base;

    Placement(LwkKernel base) {
        this.base = base;
    }

    /** Null: none is allowed. */
    public CpuLocal choose(CpuMask allowed) {
        CpuLocal best = null;
        int bestLength = Integer.MAX_VALUE;
        for (CpuLocal cpu : base.cpus()) {
            if (cpu != null && allowed.contains(cpu.id())) {
                int length = base.scheduler().runQueueLength(cpu);
                if (length < bestLength) {
                    best = cpu;
                    bestLength = length;
                }
            }
        }
        return best;
    }

    /** The processor {@code wanted} if it is allowed, else the best one. */
    CpuLocal prefer(int wanted, CpuMask allowed) {
        boolean exists = wanted >= 0 && wanted < base.cpuCount() && base.cpu(wanted) != null;
        return exists && allowed.contains(wanted) ? base.cpu(wanted) : choose(allowed);
    }
}
