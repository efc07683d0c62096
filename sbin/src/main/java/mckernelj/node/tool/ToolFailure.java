// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node.tool;

/** Ends a tool: one sentence for stderr and the exit status. */
final class ToolFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    ToolFailure(int status, String sentence) {
        super(sentence);
        this.status = status;
    }

    int status() {
        return status;
    }
}
