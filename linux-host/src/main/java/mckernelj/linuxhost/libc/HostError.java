// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.libc;

/** The host refused something that the node cannot do without. */
public final class HostError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    public HostError(String what, int errno) {
        super(what + ": error " + errno + " (" + mckernelj.ihk.Errno.name(errno) + ")");
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }
}
