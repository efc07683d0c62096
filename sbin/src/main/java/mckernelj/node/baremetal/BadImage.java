// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node.baremetal;

/** The image cannot be started; the message is a sentence for its user. */
public final class BadImage extends Exception {
    private static final long serialVersionUID = 1L;

    BadImage(String message) {
        super(message);
    }
}
