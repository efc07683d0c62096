// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import mckernelj.emulator.hw.NumaTopology;
import org.junit.jupiter.api.Test;

class MemoryZonesTest {
    private static final long MB = 1 << 20;

    /** Two nodes of 64 MiB. */
    private static final NumaTopology TWO_NODES = new NumaTopology() {
        @Override
        public int nodeCount() {
            return 2;
        }

        @Override
        public List<Range> memory(int node) {
            return List.of(new Range(node * 64 * MB, (node + 1) * 64 * MB));
        }

        @Override
        public List<Integer> cpus(int node) {
            return List.of(node);
        }

        @Override
        public int distance(int from, int to) {
            return from == to ? 10 : 20;
        }
    };

    private final MemoryZones zones = new MemoryZones(TWO_NODES);

    @Test
    void linux_allocates_low_addresses_and_ihk_takes_granules_above_16_mib() {
        assertThat(zones.allocate(5000)).isEqualTo(MB);
        assertThat(zones.allocate(1)).isEqualTo(MB + 8192);
        assertThat(zones.reserve(0, 5 * MB)).containsExactly(new MemoryChunk(16 * MB, 24 * MB, 0));
        assertThat(zones.reserve(1, 64 * MB)).containsExactly(new MemoryChunk(64 * MB, 128 * MB, 1));
    }

    @Test
    void a_request_takes_the_smallest_chunk_that_is_enough() {
        MemoryChunk first = zones.reserve(0, 8 * MB).get(0);
        zones.reserve(0, 8 * MB);
        zones.release(first);
        assertThat(zones.reserve(0, 8 * MB)).containsExactly(first);
    }

    @Test
    void a_request_larger_than_every_chunk_is_composed_from_the_largest_on() {
        zones.reserve(0, 8 * MB);
        MemoryChunk middle = zones.reserve(0, 4 * MB).get(0);
        zones.release(new MemoryChunk(16 * MB, 24 * MB, 0));
        assertThat(zones.reserve(0, 40 * MB))
                .containsExactly(new MemoryChunk(28 * MB, 64 * MB, 0), new MemoryChunk(16 * MB, 20 * MB, 0));
        assertThat(middle.start()).isEqualTo(24 * MB);
    }

    @Test
    void too_much_takes_nothing() {
        long before = zones.freeBytes(0);
        assertThat(zones.reserve(0, 52 * MB)).isEmpty();
        assertThat(zones.freeBytes(0)).isEqualTo(before);
        assertThat(zones.reservableBytes(0)).isEqualTo(48 * MB);
    }

    @Test
    void freed_memory_joins_its_neighbours() {
        long before = zones.freeBytes(0);
        long a = zones.allocate(4096);
        long b = zones.allocate(4096);
        long c = zones.allocate(4096);
        zones.free(a, 4096);
        zones.free(c, 4096);
        zones.free(b, 4096);
        assertThat(zones.freeBytes(0)).isEqualTo(before);
        assertThat(zones.allocate(3 * 4096)).isEqualTo(a);
    }

    @Test
    void allocation_goes_on_to_the_next_node_and_ends_with_0() {
        assertThat(zones.allocate(64 * MB)).isEqualTo(64 * MB);
        assertThat(zones.allocate(64 * MB)).isZero();
    }
}
