// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.memory;

/** Device registers in the physical address space, one page: a local APIC, which its processor sees, or a device that all see. */
public interface MmioRegion {
    /** Physical address of the page, or -1 if it is switched off. */
    long page();

    /** Loads 1, 2, 4 or 8 bytes, zero-extended; the access does not cross the page. */
    long load(int offset, int bytes);

    void store(int offset, int bytes, long value);
}
