// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.image;

/** The kernel half of every address space, and the segment selectors (McKernel's layout; selectors are Linux's). */
public final class AddressLayout {
    /** Straight map of the assigned memory, from boot on. */
    public static final long MAP_ST_START = 0xFFFF_8000_0000_0000L;

    public static final long MAP_VMAP_START = 0xFFFF_8500_0000_0000L;

    /** Small fixed mappings: local APIC, boot parameters, kernel log. */
    public static final long MAP_FIXED_START = 0xFFFF_8600_0000_0000L;

    /** Same value as Linux's direct map, so that kernel pointers mean the same on both sides. */
    public static final long LINUX_PAGE_OFFSET = 0xFFFF_8800_0000_0000L;

    public static final long MAP_KERNEL_START = 0xFFFF_FFFF_FE80_0000L;

    /** Link address of the kernel image. */
    public static final long KERNEL_TEXT = MAP_KERNEL_START + 0x1000;

    public static final long VSYSCALL = 0xFFFF_FFFF_FF60_0000L;

    /** First address that is not user space. */
    public static final long USER_END = 0x0000_8000_0000_0000L;

    /** Selectors as in Linux, not as in McKernel: programs see CS and SS in signal frames, and SYSRET demands this order. */
    public static final int KERNEL_CS = 0x10;

    public static final int KERNEL_DS = 0x18;
    public static final int USER_DS = 0x2B;
    public static final int USER_CS = 0x33;
    public static final int TSS_SELECTOR = 0x40;
    public static final int GETCPU_SELECTOR = 0x7B;

    private AddressLayout() {}

    /** Kernel address of physical memory. */
    public static long linear(long physical) {
        return LINUX_PAGE_OFFSET + physical;
    }

    /** Physical address behind a {@link #linear} address. */
    public static long physical(long linear) {
        return linear - LINUX_PAGE_OFFSET;
    }
}
