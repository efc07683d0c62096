// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import mckernelj.lwk.sched.KernelThread;

/** Pages of the kernel that processes may see, such as the vDSO: always there, never freed. */
public final class KernelPages implements MemoryObject {
    private final String name;
    private final FramePool frames;
    private final long physical;
    private final long length;

    public KernelPages(String name, FramePool frames, long physical, long lengthBytes) {
        this.name = name;
        this.frames = frames;
        this.physical = physical;
        this.length = lengthBytes;
    }

    public long lengthBytes() {
        return length;
    }

    @Override
    public long frameAt(long offset) {
        if (offset >= length) {
            return BEYOND_END;
        }
        frames.retain(physical + offset, 1);
        return physical + offset;
    }

    @Override
    public long fetch(KernelThread self, long offset) {
        return 0;
    }

    @Override
    public boolean isResident(long offset) {
        return true;
    }

    @Override
    public void markDirty(long offset) {}

    @Override
    public long writeBack(KernelThread self, long offset, long lengthBytes) {
        return 0;
    }

    @Override
    public void acquire() {}

    @Override
    public void release(KernelThread self) {}

    @Override
    public String name() {
        return name;
    }
}
