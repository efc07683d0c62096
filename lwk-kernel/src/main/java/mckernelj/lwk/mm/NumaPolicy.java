// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

/**
 * Where memory comes from (set_mempolicy(2)): of a thread or of a range. Immutable.
 *
 * @param mode one of the MPOL_ constants
 * @param nodes set of LWK nodes, bit n = node n
 * @param flags mode flags as given
 */
public record NumaPolicy(int mode, long nodes, int flags) {
    public static final int MPOL_DEFAULT = 0;
    public static final int MPOL_PREFERRED = 1;
    public static final int MPOL_BIND = 2;
    public static final int MPOL_INTERLEAVE = 3;
    public static final int MPOL_LOCAL = 4;
    public static final int MPOL_PREFERRED_MANY = 5;

    public static final NumaPolicy DEFAULT = new NumaPolicy(MPOL_DEFAULT, 0, 0);

    /**
     * Nodes to ask, in this order; {@code byDistance}: all nodes as seen from the processor, {@code page} for
     * interleaving.
     */
    public int[] order(int[] byDistance, long page) {
        return switch (mode) {
            case MPOL_BIND -> only(byDistance);
            case MPOL_PREFERRED, MPOL_PREFERRED_MANY -> firstWanted(byDistance);
            case MPOL_INTERLEAVE -> interleaved(byDistance, page);
            default -> byDistance;
        };
    }

    private boolean wants(int node) {
        return (nodes >>> node & 1) != 0;
    }

    private int[] only(int[] byDistance) {
        return java.util.Arrays.stream(byDistance).filter(this::wants).toArray();
    }

    private int[] firstWanted(int[] byDistance) {
        return java.util.stream.IntStream.concat(
                        java.util.Arrays.stream(byDistance).filter(this::wants),
                        java.util.Arrays.stream(byDistance).filter(node -> !wants(node)))
                .toArray();
    }

    private int[] interleaved(int[] byDistance, long page) {
        int[] members =
                java.util.stream.IntStream.range(0, 64).filter(this::wants).toArray();
        if (members.length == 0) {
            return byDistance;
        }
        int chosen = members[(int) Long.remainderUnsigned(page, members.length)];
        return java.util.stream.IntStream.concat(
                        java.util.stream.IntStream.of(chosen),
                        java.util.Arrays.stream(byDistance).filter(node -> node != chosen))
                .toArray();
    }
}
