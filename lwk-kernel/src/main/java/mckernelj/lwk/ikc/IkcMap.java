// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.ikc;

/**
 * Which Linux processor serves which LWK processor, from the boot parameters.
 *
 * @param linuxCpus Linux CPU number by LWK processor number
 * @param apicIds APIC identifier by LWK processor number: that of its Linux processor
 * @param masterApicId APIC identifier of the Linux processor that reads the master channel
 * @param vector the vector on which Linux listens
 * @param retryCycles pause between attempts to connect
 */
public record IkcMap(int[] linuxCpus, int[] apicIds, int masterApicId, int vector, long retryCycles) {
    int linuxCpu(int cpu) {
        return linuxCpus[cpu];
    }

    LinuxDoorbell doorbell(int cpu) {
        return new LinuxDoorbell(apicIds[cpu], vector);
    }

    LinuxDoorbell masterDoorbell() {
        return new LinuxDoorbell(masterApicId, vector);
    }
}
