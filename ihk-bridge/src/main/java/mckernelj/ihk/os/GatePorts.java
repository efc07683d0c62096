// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.os;

/** I/O ports through which machine code enters Java kernels (see docs/architecture.md, "The gate"). */
public final class GatePorts {
    /** Linux partition. */
    public static final int LINUX = 0x400;

    /** LWK of OS instance 0; one port per instance. */
    public static final int LWK_FIRST = 0x500;

    public static final int MAX_OS_INSTANCES = 64;

    private GatePorts() {}

    public static int lwk(int osIndex) {
        return LWK_FIRST + osIndex;
    }
}
