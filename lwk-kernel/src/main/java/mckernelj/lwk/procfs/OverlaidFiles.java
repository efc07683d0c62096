// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.procfs;

import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The descriptors of a process, or of processes that share them (CLONE_FILES), that may be of files which the LWK writes. A descriptor of
 * this set may have been closed and mean another file now, which is found out when it is read. Thread-safe.
 */
public final class OverlaidFiles {
    /**
     * What is being read. It may be forgotten at any time, since there is no limit of its size, and is made again then. Copies of a descriptor have
     * their own.
     */
    static final class Snapshot {
        private volatile SoftReference<byte[]> content = new SoftReference<>(null);

        /** Null: nothing, or forgotten. */
        byte[] content() {
            return content.get();
        }

        void set(byte[] bytes) {
            content = new SoftReference<>(bytes);
        }
    }

    private final Map<Integer, Snapshot> files = new ConcurrentHashMap<>();

    /** A system call has returned this descriptor. */
    public void returned(int fd, boolean overlaid) {
        if (overlaid) {
            files.put(fd, new Snapshot());
        } else if (!files.isEmpty()) {
            files.remove(fd);
        }
    }

    public boolean contains(int fd) {
        return !files.isEmpty() && files.containsKey(fd);
    }

    /** The same descriptors, of another process from now on. */
    public OverlaidFiles copy() {
        OverlaidFiles copy = new OverlaidFiles();
        files.keySet().forEach(fd -> copy.files.put(fd, new Snapshot()));
        return copy;
    }

    /** Null: it is not in the set. */
    Snapshot snapshot(int fd) {
        return files.get(fd);
    }

    void remove(int fd) {
        files.remove(fd);
    }
}
