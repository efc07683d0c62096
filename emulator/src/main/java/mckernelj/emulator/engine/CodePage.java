// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The decoded blocks that begin in one physical page, in lists by offset. Changed only under the lock of {@link BlockCache}; searched
 * without one.
 */
final class CodePage {
    private static final int LINE_SHIFT = 6;
    private static final int LINES = 4096 >> LINE_SHIFT;
    private static final int LONGEST_INSTRUCTION = 15;

    private final AtomicReferenceArray<Block> lines = new AtomicReferenceArray<>(LINES);
    private int count;

    /** Blocks whose only instruction begins on another page and ends on this one. */
    private final List<Block> tails = new ArrayList<>();

    private static int line(long physical) {
        return (int) (physical >>> LINE_SHIFT) & LINES - 1;
    }

    /** The first of the blocks among which one at {@code physical} would be; the others are behind it. */
    Block first(long physical) {
        return lines.get(line(physical));
    }

    void add(Block block) {
        int line = line(block.physical);
        block.next = lines.get(line);
        lines.set(line, block);
        count++;
    }

    void addTail(Block block) {
        tails.add(block);
    }

    boolean isEmpty() {
        return count == 0 && tails.isEmpty();
    }

    /** Makes the blocks stale that have a byte in the range, and forgets them. */
    void invalidate(long physical, int lengthBytes) {
        int first = (int) physical & 4095;
        // a block that covers a changed byte starts at most its longest possible length before it
        int from = Math.max(0, first - Block.LONGEST * LONGEST_INSTRUCTION) >> LINE_SHIFT;
        int to = first + lengthBytes - 1 >> LINE_SHIFT;
        for (int line = from; line <= to; line++) {
            invalidateLine(line, physical, physical + lengthBytes);
        }
        if (first < LONGEST_INSTRUCTION) {
            tails.forEach(Block::invalidate);
            tails.clear();
        }
    }

    private void invalidateLine(int line, long from, long to) {
        Block kept = null;
        Block next;
        for (Block block = lines.get(line); block != null; block = next) {
            next = block.next;
            if (block.physical < to && block.physical + block.length > from) {
                block.invalidate();
                count--;
            } else {
                block.next = kept; // a reader that is just here may miss blocks and decode again
                kept = block;
            }
        }
        lines.set(line, kept);
    }
}
