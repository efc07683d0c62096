// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.ikc;

import mckernelj.ihk.layout.BootParameters;

/** Which Linux processor serves which LWK processor, and how to ring it; from the boot parameters. */
public final class IkcMap {
    /** The Linux processor that reads the master channel. */
    private static final int MASTER = 0;

    private final BootParameters parameters;

    public IkcMap(BootParameters parameters) {
        this.parameters = parameters;
    }

    /** Number of the Linux processor for LWK processor {@code cpu}. */
    int linuxCpu(int cpu) {
        return parameters.cpu(cpu).ikcCpu();
    }

    LinuxDoorbell doorbell(int cpu) {
        return new LinuxDoorbell(parameters.ikcApicId(linuxCpu(cpu)), parameters.ikcIrq());
    }

    LinuxDoorbell masterDoorbell() {
        return new LinuxDoorbell(parameters.ikcApicId(MASTER), parameters.ikcIrq());
    }
}
