// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Which pages of RAM hold decoded instructions. Such a page is in no write TLB, so every store to it takes a slow path
 * and is reported to the listeners. Shared by all processors.
 *
 * <p>A mark has a byte: not marked, being marked, marked, and a version in the upper bits, so that a marking which was
 * overtaken by an unmarking does not complete. Decode only while {@link #isMarked}.
 */
public final class CodePages {
    /** Told about stores to code pages, on the storing thread, after the store. */
    public interface Listener {
        /** The range lies within one page. */
        void codeWritten(long physical, long lengthBytes);
    }

    private static final VarHandle BYTE = MethodHandles.arrayElementVarHandle(byte[].class);
    private static final int PAGE_SHIFT = 12;
    private static final int STATE = 3;
    private static final int MARKING = 1;
    private static final int MARKED = 2;
    private static final int VERSION = 4;

    private final byte[] marks;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile Runnable purgeAllProcessors = () -> {};

    public CodePages(long memoryEnd) {
        marks = new byte[Math.toIntExact((memoryEnd + 4095) >>> PAGE_SHIFT)];
    }

    /**
     * {@code purge} makes every processor drop the write translations of marked pages and returns when that is done.
     */
    public void onMark(Runnable purge) {
        purgeAllProcessors = purge;
    }

    public void addListener(Listener listener) {
        listeners.add(listener);
    }

    private int mark(long physical) {
        long page = physical >>> PAGE_SHIFT;
        return page < marks.length ? (byte) BYTE.getOpaque(marks, (int) page) : 0;
    }

    /** True if the page that contains {@code physical} is marked or being marked: it must not enter a write TLB. */
    public boolean isCode(long physical) {
        return (mark(physical) & STATE) != 0;
    }

    /** True if all stores to the page are reported: {@link #markCode} is complete. */
    public boolean isMarked(long physical) {
        return (mark(physical) & STATE) == MARKED;
    }

    /**
     * Marks the page that contains {@code physical}; nothing outside RAM. Waits for the other processors: call it
     * between blocks and without locks that another processor might wait for inside a block.
     */
    public void markCode(long physical) {
        int page = (int) Math.min(physical >>> PAGE_SHIFT, Integer.MAX_VALUE);
        if (page >= marks.length || isMarked(physical)) {
            return;
        }
        byte old;
        byte marking;
        do {
            old = (byte) BYTE.getVolatile(marks, page);
            marking = (byte) (old & ~STATE | MARKING);
        } while ((old & STATE) == 0 && !BYTE.compareAndSet(marks, page, old, marking));
        purgeAllProcessors.run();
        BYTE.compareAndSet(marks, page, marking, (byte) (marking & ~STATE | MARKED));
    }

    /** The page holds no decoded instructions any more: it may be written at full speed again. */
    public void unmarkCode(long physical) {
        int page = (int) (physical >>> PAGE_SHIFT);
        BYTE.setVolatile(marks, page, (byte) ((marks[page] & ~STATE) + VERSION));
    }

    /** After every store to RAM that did not go through a write TLB. Any range. */
    public void written(long physical, long lengthBytes) {
        long end = physical + lengthBytes;
        for (long at = physical; at < end; ) {
            long next = Math.min(end, (at | 4095) + 1);
            if (isCode(at)) {
                for (Listener listener : listeners) {
                    listener.codeWritten(at, next - at);
                }
            }
            at = next;
        }
    }
}
