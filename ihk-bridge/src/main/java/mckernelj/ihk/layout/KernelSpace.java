// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.layout;

/** Layout of the LWK's half of the address space (x86-64), as upstream. */
public final class KernelSpace {
    /** Straight map: linear = this + physical; 2 MiB pages. */
    public static final long MAP_ST_START = 0xFFFF_8000_0000_0000L;

    public static final long MAP_VMAP_START = 0xFFFF_8500_0000_0000L;
    public static final long MAP_VMAP_SIZE = 1L << 32;

    /** Area of map_fixed, handed out upward. */
    public static final long MAP_FIXED_START = 0xFFFF_8600_0000_0000L;

    /** Direct map at the same place as Linux' own, so that pointers are the same in both kernels. */
    public static final long LINUX_PAGE_OFFSET = 0xFFFF_8800_0000_0000L;

    /** Kernel image: text is linked at this + 0x1000; mapped with {@link #KERNEL_IMAGE_PAGES} pages of 2 MiB. */
    public static final long MAP_KERNEL_START = 0xFFFF_FFFF_FE80_0000L;

    public static final int KERNEL_IMAGE_PAGES = 4;
    public static final long VSYSCALL = 0xFFFF_FFFF_FF60_0000L;
    public static final int PAGE_SIZE = 4096;
    public static final int LARGE_PAGE_SIZE = 2 << 20;

    private KernelSpace() {}
}
