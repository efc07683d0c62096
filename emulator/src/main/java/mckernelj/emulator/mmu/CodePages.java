// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.mmu;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Which pages of RAM hold decoded instructions. Such a page is in no write TLB, so every store to it takes a slow path and is
 * reported to the listeners. Shared by all processors.
 *
 * <p>Order: {@link #markCode} returns only when no processor has the page in its write TLB any more; decode after it.
 */
public final class CodePages {
    /** Told about stores to code pages, on the storing thread, after the store. */
    public interface Listener {
        /** The range lies within one page. */
        void codeWritten(long physical, long lengthBytes);
    }

    private static final int PAGE_SHIFT = 12;

    private final byte[] marked;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile Runnable purgeAllProcessors = () -> {};

    public CodePages(long memoryEnd) {
        marked = new byte[Math.toIntExact((memoryEnd + 4095) >>> PAGE_SHIFT)];
    }

    /** {@code purge} makes every processor drop the write translations of marked pages and returns when that is done. */
    public void onMark(Runnable purge) {
        purgeAllProcessors = purge;
    }

    public void addListener(Listener listener) {
        listeners.add(listener);
    }

    /** True if the page that contains {@code physical} is marked. */
    public boolean isCode(long physical) {
        long page = physical >>> PAGE_SHIFT;
        return page < marked.length && marked[(int) page] != 0;
    }

    /** Marks the page that contains {@code physical}; outside RAM nothing is marked. Only between blocks of the calling processor. */
    public void markCode(long physical) {
        long page = physical >>> PAGE_SHIFT;
        if (page < marked.length && marked[(int) page] == 0) {
            marked[(int) page] = 1;
            purgeAllProcessors.run();
        }
    }

    /** The page holds no decoded instructions any more: it may be written at full speed again. */
    public void unmarkCode(long physical) {
        long page = physical >>> PAGE_SHIFT;
        if (page < marked.length) {
            marked[(int) page] = 0;
        }
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
