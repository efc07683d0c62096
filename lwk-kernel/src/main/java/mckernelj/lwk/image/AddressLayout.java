// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.image;

import mckernelj.ihk.layout.KernelSpace;

/** Segment selectors, and kernel addresses of physical memory. The map of the kernel half is {@link KernelSpace}. */
public final class AddressLayout {
    /** Selectors as in Linux, not as in McKernel: programs see CS and SS in signal frames, and SYSRET demands this order. */
    public static final int KERNEL_CS = 0x10;

    public static final int KERNEL_DS = 0x18;
    public static final int USER_DS = 0x2B;
    public static final int USER_CS = 0x33;
    public static final int TSS_SELECTOR = 0x40;
    public static final int GETCPU_SELECTOR = 0x7B;

    private AddressLayout() {}

    /** Kernel address of physical memory, in the direct map. */
    public static long linear(long physical) {
        return KernelSpace.LINUX_PAGE_OFFSET + physical;
    }

    /** Physical address behind a {@link #linear} address. */
    public static long physical(long linear) {
        return linear - KernelSpace.LINUX_PAGE_OFFSET;
    }
}
