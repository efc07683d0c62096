// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import mckernelj.ihk.layout.PagerObject;
import mckernelj.lwk.sched.KernelThread;

/**
 * Reads and writes files for the page cache: delegated calls to mcctrl ({@link
 * mckernelj.ihk.ikc.InKernelRequest#PAGER}). All methods may sleep.
 */
public interface Pager {
    /** Bytes read into contiguous physical memory, or a negative errno. */
    long read(KernelThread self, long handle, long offset, long lengthBytes, long physical);

    long write(KernelThread self, long handle, long offset, long lengthBytes, long physical);

    void release(KernelThread self, long handle, long references);

    /** Fills {@code answer} with the file's present state; 0 or a negative errno. */
    long stat(KernelThread self, long handle, PagerObject answer);
}
