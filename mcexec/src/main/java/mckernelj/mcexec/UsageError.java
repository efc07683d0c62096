// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.mcexec;

/** The user's mistake: a sentence for stderr and the exit status. */
final class UsageError extends Exception {
    static final int FAILURE = 1;
    static final int EINVAL = 22;

    private static final long serialVersionUID = 1L;

    private final int status;

    UsageError(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
