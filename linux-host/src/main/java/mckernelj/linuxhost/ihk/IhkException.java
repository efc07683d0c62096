// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

/** A call of libihk failed: its return value is {@code -errno()}. */
public final class IhkException extends Exception {
    private static final long serialVersionUID = 1;

    private final int errno;

    /** {@code errno} is positive: {@link mckernelj.ihk.Errno}. */
    public IhkException(int errno, String message) {
        super(message);
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }
}
