// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

import org.objectweb.asm.tree.LabelNode;

/** Where evaluated code goes when it has changed RIP. */
interface Jumps {
    /** Goes on at {@code offset} bytes from the region's first block. */
    LabelNode to(long offset);

    /** Goes on at the RIP in {@link StateLocals#EXIT_RIP}. */
    LabelNode indirect();
}
