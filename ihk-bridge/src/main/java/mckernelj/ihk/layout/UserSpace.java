// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.layout;

/**
 * Layout of a process' half of the address space. As upstream, save the end: the servant keeps its own window above it
 * (upstream takes the end from the proxy's lowest mapping).
 */
public final class UserSpace {
    /** End of user addresses and top of the main stack. */
    public static final long USER_END = 0x0000_7000_0000_0000L;

    /** Load base of a position-independent executable, and of its interpreter. */
    public static final long LD_TASK_UNMAPPED_BASE = 0x0000_1555_5550_0000L;

    /** Start of the mmap area, which grows upward; the pages of arguments and environment lie directly below. */
    public static final long TASK_UNMAPPED_BASE = 0x0000_2AAA_AAA0_0000L;

    private UserSpace() {}
}
