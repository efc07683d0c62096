// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.trap;

/** Cycles charged for what the kernel does in Java instead of machine code; estimates from McKernel on a 2.6 GHz Xeon. */
final class ServiceCost {
    /** Dispatch of a system call, without what the call itself charges. */
    static final int SYSTEM_CALL = 60;

    static final int EXCEPTION = 200;
    static final int INTERRUPT = 150;

    private ServiceCost() {}
}
