// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.ikc;

/**
 * Ports of the regular channels, with the magic numbers which CONNECT must carry. Both are opened by the LWK, which
 * allocates and formats the one queue of each; Linux listens.
 */
public enum IkcPort {
    /** Linux to LWK, one channel per LWK CPU: queue of 4 pages; CONNECT's param[2] is the queue. */
    IKC2MCKERNEL(501, 0x1329),

    /**
     * LWK to Linux, one channel per Linux CPU of the IKC map, shared by the LWK CPUs mapped to it: queue of 4 * ncpu
     * packets, at least 4 pages; CONNECT's param[1] is the queue, the CPU in param[4] is the LWK CPU that connects.
     */
    IKC2LINUX(503, 0x1129);

    /** CONNECT to this port or above gives -EINVAL. */
    public static final int LIMIT = 512;

    public static final int PAGE = 4096;

    private final int number;
    private final int magic;

    IkcPort(int number, int magic) {
        this.number = number;
        this.magic = magic;
    }

    public int number() {
        return number;
    }

    public int magic() {
        return magic;
    }

    /** Bytes of the queue for an LWK of {@code cpus} processors, whole pages. */
    public long queueBytes(int cpus) {
        long needed = this == IKC2LINUX ? IkcQueue.HEAD_SIZE + 4L * cpus * IkcPacket.SIZE : 0;
        return Math.max(4 * PAGE, (needed + PAGE - 1) & -PAGE);
    }

    /** Bytes of each of the two master queues: 4 packets per CPU, rounded up to whole pages. */
    public static long masterQueueBytes(int cpus) {
        return (IkcQueue.HEAD_SIZE + 4L * cpus * MasterPacket.SIZE + PAGE - 1) & -PAGE;
    }

    /** The port of this number, or null. */
    public static IkcPort of(int number) {
        for (IkcPort port : values()) {
            if (port.number == number) {
                return port;
            }
        }
        return null;
    }
}
