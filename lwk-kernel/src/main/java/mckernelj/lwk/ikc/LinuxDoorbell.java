// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.ikc;

import mckernelj.lwk.cpu.CpuLocal;

/** The IPI that tells a Linux processor to look at its IKC queues. */
record LinuxDoorbell(int apicId, int vector) {
    void ring(CpuLocal from) {
        from.hw().sendIpi(apicId, vector);
    }
}
