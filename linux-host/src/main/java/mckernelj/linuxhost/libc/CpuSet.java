// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.libc;

/** A set of host CPUs, for the affinity of threads. */
public final class CpuSet {
    private static final int BYTES = 128;

    private final RawMemory mask = RawMemory.allocate(BYTES);

    private CpuSet() {}

    /** The CPUs that the node's process may use, as its first thread was started. */
    public static CpuSet ofProcess() {
        CpuSet set = new CpuSet();
        LibC.require("sched_getaffinity", HostProcess.getAffinity(HostProcess.pid(), set.mask));
        return set;
    }

    public static CpuSet of(int cpu) {
        CpuSet set = new CpuSet();
        set.mask.putLong(cpu / 64 * 8L, 1L << cpu % 64);
        return set;
    }

    public int count() {
        int count = 0;
        for (int offset = 0; offset < BYTES; offset += 8) {
            count += Long.bitCount(mask.getLong(offset));
        }
        return count;
    }

    /** Number of the highest CPU. */
    public int last() {
        for (int offset = BYTES - 8; offset >= 0; offset -= 8) {
            long word = mask.getLong(offset);
            if (word != 0) {
                return offset * 8 + 63 - Long.numberOfLeadingZeros(word);
            }
        }
        return -1;
    }

    /** Lets thread {@code tid} of any process run on these CPUs only. 0 or -errno. */
    public long bind(int tid) {
        return HostProcess.setAffinity(tid, mask);
    }
}
