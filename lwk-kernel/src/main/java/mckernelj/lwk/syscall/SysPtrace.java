// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.ptrace.TraceRequests;

/** ptrace(2) between processes of the LWK. */
final class SysPtrace implements Syscall {
    private final TraceRequests requests;

    SysPtrace(Kernel kernel) {
        requests = new TraceRequests(kernel);
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        return requests.execute(self, args.intAt(0), args.intAt(1), args.at(2), args.at(3));
    }
}
