// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.phys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import mckernelj.lwk.fake.FakeMemory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PageAllocatorTest {
    private static final long MIB = 1 << 20;

    private final FakeMemory memory = new FakeMemory(64 * MIB);
    private final PageAllocator pages =
            new PageAllocator(memory, new int[][] {{10, 21, 17}, {21, 10, 15}, {17, 15, 10}});

    @BeforeEach
    void addMemory() {
        pages.addMemory(0, MIB, 8 * MIB);
        pages.addMemory(1, 16 * MIB, 24 * MIB);
        pages.addMemory(2, 32 * MIB, 33 * MIB);
    }

    @Test
    void large_blocks_are_aligned_and_the_gap_before_them_stays_usable() {
        assertThat(pages.allocate(512, 512, 0)).isEqualTo(2 * MIB);
        assertThat(pages.allocate(1, 1, 0)).isEqualTo(MIB);
    }

    @Test
    void a_full_node_falls_back_to_the_nearest_one() {
        assertThat(pages.allocate(256, 1, 2)).isEqualTo(32 * MIB);
        assertThat(pages.allocate(1, 1, 2)).as("node 1 is nearer than node 0").isEqualTo(16 * MIB);
        assertThat(pages.allocateOn(2, 1, 1)).isEqualTo(-1);
    }

    @Test
    void freed_memory_reads_as_zero_and_merges_with_its_neighbours() {
        long a = pages.allocateOn(2, 100, 1);
        long b = pages.allocateOn(2, 156, 1);
        memory.putLong(b + 8, 42);
        pages.free(a, 100);
        pages.free(b, 156);
        assertThat(pages.allocateOn(2, 256, 256)).isEqualTo(32 * MIB);
        assertThat(memory.getLong(b + 8)).isZero();
    }

    @Test
    void memory_that_was_handed_over_dirty_reads_as_zero() {
        memory.putLong(40 * MIB, 7);
        pages.addMemory(2, 40 * MIB, 41 * MIB);
        assertThat(memory.getLong(40 * MIB)).isZero();
    }

    @Test
    void freeing_twice_is_noticed() {
        long page = pages.allocate(2, 1, 0);
        pages.free(page, 2);
        assertThatThrownBy(() -> pages.free(page + 4096, 1)).hasMessageContaining("freed twice");
    }

    @Test
    void after_any_sequence_of_allocations_all_memory_comes_back_in_one_piece() {
        Random random = new Random(1);
        List<long[]> held = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            if (random.nextBoolean() || held.isEmpty()) {
                long count = 1L + random.nextInt(64);
                long physical = pages.allocate(count, 1L << random.nextInt(7), random.nextInt(3));
                if (physical != -1) {
                    held.forEach(h -> assertThat(physical + count * 4096 <= h[0] || physical >= h[0] + h[1] * 4096)
                            .isTrue());
                    held.add(new long[] {physical, count});
                }
            } else {
                long[] block = held.remove(random.nextInt(held.size()));
                pages.free(block[0], block[1]);
            }
        }
        held.forEach(block -> pages.free(block[0], block[1]));
        assertThat(pages.allocateOn(0, 7 * 256, 1)).isEqualTo(MIB);
        assertThat(pages.allocateOn(1, 8 * 256, 1)).isEqualTo(16 * MIB);
        assertThat(pages.freePages(2)).isEqualTo(pages.totalPages(2)).isEqualTo(256);
    }
}
