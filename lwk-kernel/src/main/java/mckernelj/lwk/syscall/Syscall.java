// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.proc.Thread;

/** A system call that the LWK handles. */
@FunctionalInterface
public interface Syscall {
    /** The result, or a negative errno (or a {@link mckernelj.lwk.signal.Restart} code). */
    long call(Thread self, SyscallArguments args);
}
