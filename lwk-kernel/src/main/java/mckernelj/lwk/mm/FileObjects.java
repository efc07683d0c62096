// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.Errno;
import mckernelj.ihk.layout.PagerObject;
import mckernelj.lwk.sched.KernelThread;

/** The page caches of all files that programs have mapped, by device and inode. Any thread. */
public final class FileObjects {
    private record Inode(long device, long number) {}

    private final PhysicalMemory memory;
    private final FramePool frames;
    private final Pager pager;
    private final Map<Inode, FileObject> objects = new HashMap<>();

    /** Those that somebody maps. */
    private final Map<Long, FileObject> byHandle = new ConcurrentHashMap<>();

    private final AtomicInteger shared = new AtomicInteger();
    private final AtomicInteger writable = new AtomicInteger();

    public FileObjects(PhysicalMemory memory, FramePool frames, Pager pager) {
        this.memory = memory;
        this.frames = frames;
        this.pager = pager;
    }

    /** The object of the file that a new pager handle stands for, with one more reference, which owns the handle. */
    public synchronized FileObject attach(PagerObject file) {
        FileObject object = objects.computeIfAbsent(
                new Inode(file.device(), file.inode()), key -> new FileObject(this, key.device, key.number));
        object.attach(file);
        byHandle.put(file.handle(), object);
        return object;
    }

    /** The object of a file that is mapped somewhere; null: there is none. */
    public FileObject byHandle(long handle) {
        return byHandle.get(handle);
    }

    /** True if there is a shared mapping of any file, which must show what write(2) writes. */
    public boolean anyShared() {
        return shared.get() != 0;
    }

    /** True if there is one that may have changed its file, which read(2) must see. */
    public boolean anyWritable() {
        return writable.get() != 0;
    }

    /** An object begins or ceases to have shared mappings, or such that may write. */
    void countShared(int change, int writableChange) {
        shared.addAndGet(change);
        writable.addAndGet(writableChange);
    }

    void handleReleased(long handle, FileObject object) {
        byHandle.remove(handle, object);
    }

    /** The object of a handle of which only the number is known. Null: mcctrl does not know it. May sleep. */
    public FileObject attach(KernelThread self, long handle) {
        FileObject[] found = new FileObject[1];
        withStat(self, handle, file -> found[0] = attach(file));
        return found[0];
    }

    /** Frees clean pages which nobody maps; returns their number. */
    public long reclaim() {
        List<FileObject> all;
        synchronized (this) {
            all = new ArrayList<>(objects.values());
        }
        long dropped = 0;
        for (FileObject object : all) {
            dropped += object.dropUnmapped();
        }
        synchronized (this) {
            objects.values().removeIf(FileObject::isUnused);
        }
        return dropped;
    }

    /** Pages of files in memory. */
    public synchronized long residentPages() {
        return objects.values().stream().mapToLong(FileObject::residentPages).sum();
    }

    long withStat(KernelThread self, long handle, Consumer<PagerObject> use) {
        long page = frames.allocate(1);
        if (page < 0) {
            return -Errno.ENOMEM;
        }
        PagerObject answer = new PagerObject(memory, page);
        long error = pager.stat(self, handle, answer);
        if (error == 0) {
            use.accept(answer);
        }
        frames.release(page, 1);
        return error;
    }

    FramePool frames() {
        return frames;
    }

    Pager pager() {
        return pager;
    }

    PhysicalMemory memory() {
        return memory;
    }
}
