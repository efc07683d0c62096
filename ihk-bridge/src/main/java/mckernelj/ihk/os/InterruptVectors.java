// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.os;

/** Interrupt vectors. Those of the LWK are upstream's; those of the Linux partition are Linux' own. */
public final class InterruptVectors {
    public static final int TLB_FLUSH_FIRST = 68;
    public static final int TLB_FLUSH_LAST = 131;
    public static final int STACK_DUMP = 133;
    public static final int QUERY_FREE_MEM = 200;

    /** Linux to LWK; also the kick that makes an LWK CPU look at its run queue. */
    public static final int IKC = 0xD1;

    public static final int LOCAL_TIMER = 0xEF;
    public static final int LOCAL_PERF = 0xF0;
    public static final int FUNCTION_CALL = 0xF1;

    /** Freeze and thaw. */
    public static final int MULTI_INTERRUPT = 0xF2;

    /** Linux partition: work queued from host threads (Linux: IRQ_WORK_VECTOR). */
    public static final int LINUX_IRQ_WORK = 0xF6;

    /** LWK to Linux, unless chosen otherwise; the LWK takes it from the boot parameters (ihk_ikc_irq). */
    public static final int LINUX_IKC_DEFAULT = 64;

    private InterruptVectors() {}
}
