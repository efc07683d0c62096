// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.layout;

/**
 * Bits of the LWK's page-table entries (SDM vol. 3, 4.5), which mcctrl walks too. Only 4 KiB and 2 MiB leaves occur in the user
 * half. A page with {@link #USER} clear is inaccessible (PROT_NONE), though its frame exists.
 */
public final class PageTableEntry {
    public static final long PRESENT = 1;
    public static final long WRITABLE = 1 << 1;
    public static final long USER = 1 << 2;
    public static final long ACCESSED = 1 << 5;
    public static final long DIRTY = 1 << 6;

    /** In an entry of a page directory: a 2 MiB page. */
    public static final long LARGE = 1 << 7;

    /**
     * Software: the servant may have a mapping of this page. mcctrl sets it by compare-and-set <em>before</em> it maps the page;
     * the LWK asks for CLEAR_PTES or PROTECT only for ranges in which it removed or restricted an entry with this bit.
     */
    public static final long MIRRORED = 1 << 9;

    public static final long NO_EXECUTE = 1L << 63;
    public static final long ADDRESS = 0x000F_FFFF_FFFF_F000L;

    private PageTableEntry() {}
}
