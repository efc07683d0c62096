// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.layout;

import java.nio.charset.StandardCharsets;
import mckernelj.emulator.hw.PhysicalMemory;

/**
 * What mcctrl tells the LWK about a file (answer of PAGER_CREATE, {@link mckernelj.ihk.ikc.InKernelRequest#PAGER}): one page of
 * guest physical memory. All fields are little-endian.
 */
public final class PagerObject {
    public static final int SIZE = 4096;

    private static final int HANDLE = 0;
    private static final int FILE_SIZE = 8;
    private static final int DEVICE = 16;
    private static final int INODE = 24;
    private static final int VERSION = 32;
    private static final int MAX_PROT = 40;
    private static final int FLAGS = 44;
    private static final int PATH_LENGTH = 48;
    private static final int PATH = 52;
    private static final int MAX_PATH = SIZE - PATH;

    /** Flag: the path looks like a shared library; upstream fetches such files ahead. */
    public static final int FLAG_PREFETCH = 1;

    private final PhysicalMemory memory;
    private final long physical;

    public PagerObject(PhysicalMemory memory, long physical) {
        this.memory = memory;
        this.physical = physical;
    }

    public long physical() {
        return physical;
    }

    public long handle() {
        return memory.getLong(physical + HANDLE);
    }

    /** Size of the file in bytes. */
    public long fileSize() {
        return memory.getLong(physical + FILE_SIZE);
    }

    public long device() {
        return memory.getLong(physical + DEVICE);
    }

    public long inode() {
        return memory.getLong(physical + INODE);
    }

    /** Changes when the file's contents do, or the inode becomes another file's. */
    public long version() {
        return memory.getLong(physical + VERSION);
    }

    /** PROT_ bits that a shared mapping may ever have (the descriptor's access mode). */
    public int maxProt() {
        return memory.getInt(physical + MAX_PROT);
    }

    public int flags() {
        return memory.getInt(physical + FLAGS);
    }

    /** The path by which Linux knows the file, as in /proc/self/maps. */
    public String path() {
        byte[] bytes = new byte[Math.min(memory.getInt(physical + PATH_LENGTH), MAX_PATH)];
        memory.read(physical + PATH, bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    public void setIdentity(long handle, long device, long inode) {
        memory.putLong(physical + HANDLE, handle);
        memory.putLong(physical + DEVICE, device);
        memory.putLong(physical + INODE, inode);
    }

    public void setState(long fileSize, long version) {
        memory.putLong(physical + FILE_SIZE, fileSize);
        memory.putLong(physical + VERSION, version);
    }

    public void setAccess(int maxProt, int flags) {
        memory.putInt(physical + MAX_PROT, maxProt);
        memory.putInt(physical + FLAGS, flags);
    }

    public void setPath(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
        int length = Math.min(bytes.length, MAX_PATH);
        memory.putInt(physical + PATH_LENGTH, length);
        memory.write(physical + PATH, bytes, 0, length);
    }
}
