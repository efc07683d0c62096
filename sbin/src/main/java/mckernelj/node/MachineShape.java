// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node;

/**
 * Size of the machine.
 *
 * @param cores logical processors, at least 2: one remains Linux'
 * @param numaNodes NUMA nodes, over which processors and memory are spread evenly
 * @param memoryBytes RAM of the whole machine
 */
public record MachineShape(int cores, int numaNodes, long memoryBytes) {
    public static final MachineShape DEFAULT = new MachineShape(4, 1, 2L << 30);

    private static final long MINIMUM_PER_NODE = 64L << 20;

    public MachineShape {
        if (cores < 2 || cores > 255) {
            throw new IllegalArgumentException("cores must be 2..255");
        }
        if (numaNodes < 1 || numaNodes > 8 || numaNodes > cores) {
            throw new IllegalArgumentException("numa must be 1..8 and not more than cores");
        }
        if (memoryBytes < MINIMUM_PER_NODE * numaNodes) {
            throw new IllegalArgumentException("memory must be at least 64m per NUMA node");
        }
    }

    /** Parses {@code cores=8,numa=2,memory=4g}; what is not named is as in {@link #DEFAULT}. */
    public static MachineShape parse(String text) {
        int cores = DEFAULT.cores;
        int numa = DEFAULT.numaNodes;
        long memory = DEFAULT.memoryBytes;
        for (String part : text.split(",")) {
            int equals = part.indexOf('=');
            String value = part.substring(equals + 1);
            switch (equals < 0 ? "" : part.substring(0, equals)) {
                case "cores" -> cores = (int) size(value);
                case "numa" -> numa = (int) size(value);
                case "memory" -> memory = size(value);
                default -> throw new IllegalArgumentException("unknown in a machine's shape: " + part);
            }
        }
        return new MachineShape(cores, numa, memory);
    }

    /** Decimal number with an optional k, m or g. */
    static long size(String text) {
        int shift = text.isEmpty()
                ? 0
                : switch (Character.toLowerCase(text.charAt(text.length() - 1))) {
                    case 'k' -> 10;
                    case 'm' -> 20;
                    case 'g' -> 30;
                    default -> 0;
                };
        try {
            long number = Long.parseLong(shift == 0 ? text : text.substring(0, text.length() - 1));
            if (number >= 0 && number <= Long.MAX_VALUE >> shift) {
                return number << shift;
            }
        } catch (NumberFormatException e) {
            // falls through: the message is the same
        }
        throw new IllegalArgumentException("not a size: " + text);
    }
}
