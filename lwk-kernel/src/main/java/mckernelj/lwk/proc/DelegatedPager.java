// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.ihk.layout.PagerObject;
import mckernelj.lwk.delegation.Delegation;
import mckernelj.lwk.mm.Pager;
import mckernelj.lwk.sched.KernelThread;

/** The pager: requests to mcctrl in the name of the process that needs the page. */
final class DelegatedPager implements Pager {
    private final Delegation delegation;

    DelegatedPager(Delegation delegation) {
        this.delegation = delegation;
    }

    @Override
    public long read(KernelThread self, long handle, long offset, long lengthBytes, long physical) {
        return request(self, InKernelRequest.PAGER_READ, handle, offset, lengthBytes, physical);
    }

    @Override
    public long write(KernelThread self, long handle, long offset, long lengthBytes, long physical) {
        return request(self, InKernelRequest.PAGER_WRITE, handle, offset, lengthBytes, physical);
    }

    @Override
    public void release(KernelThread self, long handle, long references) {
        request(self, InKernelRequest.PAGER_RELEASE, handle, references, 0, 0);
    }

    @Override
    public long stat(KernelThread self, long handle, PagerObject answer) {
        return request(self, InKernelRequest.PAGER_STAT, handle, answer.physical(), 0, 0);
    }

    private long request(KernelThread self, int operation, long a1, long a2, long a3, long a4) {
        int pid = self instanceof Thread thread ? thread.process().pid() : 0;
        return delegation.call(self, pid, InKernelRequest.PAGER, operation, a1, a2, a3, a4, 0);
    }
}
