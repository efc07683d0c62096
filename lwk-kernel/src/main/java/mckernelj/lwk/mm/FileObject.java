// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import mckernelj.ihk.Errno;
import mckernelj.ihk.layout.PagerObject;
import mckernelj.lwk.sched.KernelThread;

/**
 * The pages of one regular file (McKernel: fileobj): a page cache that outlives the processes which mapped the file, so
 * that a program's second run reads nothing and all runs share its text. One object per inode; when the file changed
 * under it, clean pages are dropped or read again at the next mmap. What programs of the LWK write(2) is seen at once
 * ({@link #refresh}), changes by others then.
 */
public final class FileObject implements MemoryObject {
    private static final int CLUSTER_SHIFT = 16;
    private static final int CLUSTER_PAGES = 1 << CLUSTER_SHIFT - 12;

    private final FileObjects table;
    private final long device;
    private final long inode;
    private final Map<Long, long[]> clusters = new HashMap<>();
    private final NavigableSet<Long> dirtyPages = new TreeSet<>();
    private String name = "";
    private long size;
    private long version;
    private long handle;
    private long handleReferences;
    private int users;
    private boolean shared;
    private boolean sharedWritable;

    /** The file changed since its pages were read. */
    private boolean stale;

    FileObject(FileObjects table, long device, long inode) {
        this.table = table;
        this.device = device;
        this.inode = inode;
    }

    /** Counts one more mapping, with a pager handle that the caller got for it. */
    synchronized void attach(PagerObject file) {
        stale |= size != file.fileSize() || version != file.version();
        users++;
        handle = file.handle();
        handleReferences++;
        name = file.path();
        size = file.fileSize();
        version = file.version();
    }

    /** There is a shared mapping; {@code writable}: it may write, now or after mprotect. */
    public synchronized void noteShared(boolean writable) {
        table.countShared(shared ? 0 : 1, writable && !sharedWritable ? 1 : 0);
        shared = true;
        sharedWritable |= writable;
    }

    @Override
    public synchronized long frameAt(long offset) {
        if (offset >= size) {
            return BEYOND_END;
        }
        long frame = stale ? 0 : frame(offset);
        if (frame > 0) {
            table.frames().retain(frame, 1);
            return frame;
        }
        return ABSENT;
    }

    @Override
    public synchronized boolean isResident(long offset) {
        return !stale && frame(offset) > 0;
    }

    @Override
    public long clusterBytes() {
        return 1L << CLUSTER_SHIFT;
    }

    @Override
    public long fetch(KernelThread self, long offset) {
        reread(self);
        if (offset >= size() && refreshState(self) != 0 || offset >= size()) {
            return -Errno.ENXIO;
        }
        long start = offset >>> CLUSTER_SHIFT << CLUSTER_SHIFT;
        long length = Math.min(size() - start, 1L << CLUSTER_SHIFT);
        int pages = powerOfTwoPages(length);
        long physical = table.frames().allocate(pages);
        if (physical < 0) {
            start = offset & -PageTables.PAGE;
            length = Math.min(size() - start, PageTables.PAGE);
            pages = 1;
            physical = table.frames().allocate(1);
            if (physical < 0) {
                return -Errno.ENOMEM;
            }
        }
        long got = table.pager().read(self, handle, start, length, physical);
        if (got < 0) {
            table.frames().release(physical, pages);
            return got;
        }
        store(start, physical, pages);
        return 0;
    }

    private static int powerOfTwoPages(long length) {
        int pages = (int) (length + PageTables.PAGE - 1 >>> 12);
        return pages <= 1 ? 1 : Integer.highestOneBit(pages - 1) << 1;
    }

    /** Enters pages that were read; those which somebody else entered meanwhile are given back. */
    private synchronized void store(long start, long physical, int pages) {
        long[] cluster = clusters.computeIfAbsent(start >>> CLUSTER_SHIFT, k -> new long[CLUSTER_PAGES]);
        int first = (int) (start >>> 12) & CLUSTER_PAGES - 1;
        for (int i = 0; i < pages; i++) {
            long frame = physical + i * PageTables.PAGE;
            if (cluster[first + i] == 0 && start + i * PageTables.PAGE < size) {
                cluster[first + i] = frame;
            } else {
                table.frames().release(frame, 1);
            }
        }
    }

    private long frame(long offset) {
        long[] cluster = clusters.get(offset >>> CLUSTER_SHIFT);
        return cluster == null ? 0 : cluster[(int) (offset >>> 12) & CLUSTER_PAGES - 1];
    }

    synchronized long residentPages() {
        return clusters.values().stream()
                .flatMapToLong(java.util.Arrays::stream)
                .filter(frame -> frame != 0)
                .count();
    }

    synchronized long size() {
        return size;
    }

    /** Asks for the present size and time of the file. */
    private long refreshState(KernelThread self) {
        return table.withStat(self, handle, file -> {
            synchronized (this) {
                size = file.fileSize();
                version = file.version();
            }
        });
    }

    /** If the file changed: pages that nobody maps are dropped, mapped clean ones read again in place. */
    private void reread(KernelThread self) {
        for (long offset : takeStale()) {
            long physical = frameAt(offset);
            if (physical > 0) {
                long length = Math.min(PageTables.PAGE, size() - offset);
                long got = table.pager().read(self, handle, offset, length, physical);
                if (got >= 0 && got < PageTables.PAGE) {
                    table.memory().clear(physical + got, PageTables.PAGE - got);
                }
                table.frames().release(physical, 1);
            }
        }
    }

    private synchronized long[] takeStale() {
        if (!stale) {
            return new long[0];
        }
        stale = false;
        dropUnmapped();
        return clusters.entrySet().stream()
                .flatMapToLong(e -> java.util.stream.LongStream.range(0, CLUSTER_PAGES)
                        .filter(i -> e.getValue()[(int) i] != 0)
                        .map(i -> (e.getKey() << CLUSTER_SHIFT) + (i << 12)))
                .filter(offset -> !dirtyPages.contains(offset))
                .toArray();
    }

    /** Frees clean pages that no address space maps; returns their number. */
    synchronized long dropUnmapped() {
        long dropped = 0;
        for (var entry : clusters.entrySet()) {
            long[] cluster = entry.getValue();
            for (int i = 0; i < CLUSTER_PAGES; i++) {
                long offset = (entry.getKey() << CLUSTER_SHIFT) + ((long) i << 12);
                if (cluster[i] != 0
                        && !dirtyPages.contains(offset)
                        && !table.frames().isShared(cluster[i])) {
                    table.frames().release(cluster[i], 1);
                    cluster[i] = 0;
                    dropped++;
                }
            }
        }
        clusters.values().removeIf(cluster -> java.util.Arrays.stream(cluster).allMatch(frame -> frame == 0));
        return dropped;
    }

    synchronized boolean isUnused() {
        return users == 0 && clusters.isEmpty();
    }

    @Override
    public synchronized void markDirty(long offset) {
        dirtyPages.add(offset & -PageTables.PAGE);
    }

    @Override
    public long writeBack(KernelThread self, long offset, long lengthBytes) {
        long result = 0;
        boolean wrote = false;
        long end = offset + lengthBytes;
        for (long page = nextDirty(offset, end); page >= 0; page = nextDirty(page, end)) {
            long frame = pinned(page);
            if (frame > 0) {
                long length = Math.min(PageTables.PAGE, size() - page);
                long written = table.pager().write(self, handle, page, length, frame);
                result = written < 0 ? written : result;
                table.frames().release(frame, 1);
                wrote = true;
            }
        }
        if (wrote) {
            refreshState(self);
        }
        return result;
    }

    /** Somebody has written this part of the file: pages that are in memory show it. May sleep. */
    public void refresh(KernelThread self, long offset, long lengthBytes) {
        refreshState(self);
        long end = Math.min(offset + lengthBytes, size());
        for (long at = offset; at < end; ) {
            long page = at & -PageTables.PAGE;
            long next = Math.min(end, page + PageTables.PAGE);
            long frame = pinned(page);
            if (frame > 0) {
                table.pager().read(self, handle, at, next - at, frame + (at - page));
                table.frames().release(frame, 1);
            }
            at = next;
        }
    }

    /** The file has become shorter: what was behind its end is zeros when it grows again. Takes no page away from programs. May sleep. */
    public void truncated(KernelThread self) {
        refreshState(self);
        clearBehindEnd();
    }

    private synchronized void clearBehindEnd() {
        long end = size + PageTables.PAGE - 1 & -PageTables.PAGE;
        dirtyPages.tailSet(end).clear();
        for (var entry : clusters.entrySet()) {
            for (int i = 0; i < CLUSTER_PAGES; i++) {
                long offset = (entry.getKey() << CLUSTER_SHIFT) + ((long) i << 12);
                long from = Math.max(size, offset);
                if (entry.getValue()[i] != 0 && from < offset + PageTables.PAGE) {
                    table.memory().clear(entry.getValue()[i] + (from - offset), offset + PageTables.PAGE - from);
                }
            }
        }
    }

    /** What any of these address spaces has changed goes to the file. May sleep. */
    public void writeBack(KernelThread self, Iterable<ProcessVm> spaces) {
        for (ProcessVm space : spaces) {
            MemoryAdvice.collectDirty(self, space, this);
        }
        writeBack(self, 0, Long.MAX_VALUE);
    }

    /** The frame of a page, stale or not, with one more reference; 0: none, or cut off by truncation. */
    private synchronized long pinned(long offset) {
        long frame = offset < size ? frame(offset) : 0;
        if (frame != 0) {
            table.frames().retain(frame, 1);
        }
        return frame;
    }

    /** Takes the next dirty page of the range off the list; -1: none. */
    private synchronized long nextDirty(long from, long to) {
        Long page = dirtyPages.ceiling(from);
        if (page == null || page >= to) {
            return -1;
        }
        dirtyPages.remove(page);
        return page;
    }

    @Override
    public synchronized void acquire() {
        users++;
    }

    @Override
    public void release(KernelThread self) {
        if (dropUser()) {
            writeBack(self, 0, Long.MAX_VALUE);
            releaseHandle(self);
        }
    }

    private synchronized boolean dropUser() {
        return --users == 0;
    }

    private void releaseHandle(KernelThread self) {
        long references;
        synchronized (this) {
            if (users > 0) {
                return;
            }
            references = handleReferences;
            handleReferences = 0;
            table.countShared(shared ? -1 : 0, sharedWritable ? -1 : 0);
            shared = false;
            sharedWritable = false;
            table.handleReleased(handle, this);
        }
        if (references > 0) {
            table.pager().release(self, handle, references);
        }
    }

    @Override
    public long device() {
        return device;
    }

    @Override
    public long inode() {
        return inode;
    }

    @Override
    public synchronized String name() {
        return name;
    }
}
