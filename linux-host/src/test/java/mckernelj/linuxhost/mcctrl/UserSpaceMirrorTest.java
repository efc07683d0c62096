// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import static mckernelj.ihk.layout.PageTableEntry.DIRTY;
import static mckernelj.ihk.layout.PageTableEntry.MIRRORED;
import static mckernelj.ihk.layout.PageTableEntry.WRITABLE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.memory.AnonymousHostMemory;
import mckernelj.emulator.memory.CodePages;
import mckernelj.emulator.memory.Ram;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.linuxhost.proxy.RecordList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UserSpaceMirrorTest {
    private static final long SIZE = 8 << 20;
    private static final long PAGE = 4096;
    private static final long HEAP = 0x5000_0000L;

    private final Ram memory = new Ram(new AnonymousHostMemory(SIZE), SIZE, new CodePages(SIZE));
    private final GuestSpace space = new GuestSpace(memory, 0x1000);
    private final UserSpaceMirror mirror = new UserSpaceMirror();
    private final Records list = new Records();
    private final MappedRuns runs = new MappedRuns();

    UserSpaceMirrorTest() {
        mirror.setPageTable(space.pages());
    }

    @AfterEach
    void release() {
        memory.close();
    }

    @Test
    void a_named_page_brings_its_contiguous_neighbours_in_one_record() {
        long frame = space.map(HEAP, 8, WRITABLE | DIRTY);
        assertThat(mirror.map(HEAP + 3 * PAGE, HEAP + 3 * PAGE + 10, true, list, runs))
                .isEqualTo(HEAP + 3 * PAGE + 10);
        assertThat(list.calls).containsExactly(remap(frame, 8 * PAGE, HEAP));
        assertThat(space.entry(HEAP + 7 * PAGE) & MIRRORED).isNotZero();
    }

    @Test
    void a_page_counts_only_when_the_servant_has_mapped_it() {
        space.map(HEAP, 2, WRITABLE | DIRTY);
        mirror.map(HEAP, HEAP + 1, true, list, runs);
        assertThat(mirror.covers(HEAP, HEAP + 1, true)).isFalse();
        mirror.confirm(runs, i -> true);
        assertThat(mirror.covers(HEAP, HEAP + 2 * PAGE, true)).isTrue();
        assertThat(mirror.covers(HEAP, HEAP + 2 * PAGE + 1, true)).isFalse();
    }

    @Test
    void a_failed_mapping_is_not_recorded() {
        space.map(HEAP, 1, WRITABLE | DIRTY);
        mirror.map(HEAP, HEAP + 1, true, list, runs);
        mirror.confirm(runs, i -> false);
        assertThat(mirror.covers(HEAP, HEAP + 1, false)).isFalse();
    }

    @Test
    void a_clean_page_is_mapped_for_reading_until_it_is_written() {
        space.map(HEAP, 1, WRITABLE);
        mirror.map(HEAP, HEAP + 1, false, list, runs);
        mirror.confirm(runs, i -> true);
        assertThat(space.entry(HEAP) & DIRTY).isZero();
        assertThat(mirror.covers(HEAP, HEAP + 1, false)).isTrue();
        assertThat(mirror.covers(HEAP, HEAP + 1, true)).isFalse();
        mirror.map(HEAP, HEAP + 1, true, list, runs);
        mirror.confirm(runs, i -> true);
        assertThat(space.entry(HEAP) & DIRTY).isNotZero();
        assertThat(mirror.covers(HEAP, HEAP + 1, true)).isTrue();
    }

    @Test
    void a_read_only_page_is_mapped_for_reading_even_if_the_call_wants_to_write() {
        long frame = space.map(HEAP, 1, 0);
        assertThat(mirror.map(HEAP, HEAP + 8, true, list, runs)).isEqualTo(HEAP + 8);
        assertThat(list.calls).hasSize(2);
        assertThat(list.calls.get(0)).isEqualTo(remap(frame, PAGE, HEAP));
        assertThat(list.calls.get(1).get(0)).isEqualTo((long) SystemCallNumber.MPROTECT);
    }

    @Test
    void absent_pages_are_found_and_skipped() {
        space.map(HEAP, 1, WRITABLE);
        space.map(HEAP + 3 * PAGE, 1, 0);
        assertThat(mirror.firstAbsent(HEAP, HEAP + 4 * PAGE, false)).isEqualTo(HEAP + PAGE);
        assertThat(mirror.lastAbsent(HEAP + PAGE, HEAP + 4 * PAGE, false)).isEqualTo(HEAP + 3 * PAGE);
        assertThat(mirror.firstAbsent(HEAP + 3 * PAGE, HEAP + 4 * PAGE, true)).isEqualTo(HEAP + 3 * PAGE);
        mirror.map(HEAP, HEAP + 4 * PAGE, false, list, runs);
        assertThat(runs.count).isEqualTo(2);
    }

    @Test
    void scattered_frames_fill_the_list_and_go_on_with_the_next() {
        for (int i = 0; i < 100; i++) {
            space.map(HEAP + i * PAGE, 1, WRITABLE | DIRTY);
            space.map(0x9000_0000L + i * PAGE, 1, 0);
        }
        long done = mirror.map(HEAP, HEAP + 100 * PAGE, true, list, runs);
        assertThat(done).isEqualTo(HEAP + MappedRuns.CAPACITY * PAGE);
        mirror.confirm(runs, i -> true);
        assertThat(mirror.map(HEAP, HEAP + 100 * PAGE, true, new Records(), runs))
                .isEqualTo(HEAP + 100 * PAGE);
        assertThat(runs.count).isEqualTo(100 - MappedRuns.CAPACITY);
    }

    @Test
    void removal_forgets_exactly_the_range() {
        space.map(HEAP, 4, WRITABLE | DIRTY);
        mirror.map(HEAP, HEAP + 1, true, list, runs);
        mirror.confirm(runs, i -> true);
        assertThat(mirror.remove(HEAP + PAGE, HEAP + 2 * PAGE)).isTrue();
        assertThat(mirror.covers(HEAP, HEAP + PAGE, true)).isTrue();
        assertThat(mirror.covers(HEAP + PAGE, HEAP + PAGE + 1, false)).isFalse();
        assertThat(mirror.remove(0x10000, 0x6FFF_0000_0000L)).isTrue();
        assertThat(mirror.covers(HEAP, HEAP + 1, false)).isFalse();
        assertThat(mirror.remove(HEAP, HEAP + PAGE)).isFalse();
    }

    @Test
    void a_mapping_overtaken_by_a_removal_is_unmapped_when_its_list_has_ended() {
        space.map(HEAP, 1, WRITABLE | DIRTY);
        mirror.map(HEAP, HEAP + 1, true, list, runs);
        assertThat(mirror.remove(HEAP, HEAP + PAGE)).isTrue();
        mirror.confirm(runs, i -> true);
        assertThat(mirror.covers(HEAP, HEAP + 1, false)).isFalse();
        assertThat(settled()).singleElement().satisfies(call -> assertThat(call)
                .startsWith((long) SystemCallNumber.MUNMAP, HEAP, PAGE));
        assertThat(settled()).isEmpty();
    }

    @Test
    void what_others_have_mapped_since_survives_an_overtaken_mapping() {
        long frame = space.map(HEAP, 4, WRITABLE | DIRTY);
        mirror.map(HEAP, HEAP + 1, true, list, runs);
        mirror.clear();
        MappedRuns recorded = new MappedRuns();
        space.set(HEAP, 0, 0);
        space.set(HEAP + 3 * PAGE, 0, 0);
        mirror.map(HEAP + PAGE, HEAP + PAGE + 1, true, new Records(), recorded);
        mirror.confirm(recorded, i -> true);
        mirror.confirm(runs, i -> true);
        assertThat(settled().stream().map(call -> call.subList(0, 3)))
                .containsExactly(
                        List.of((long) SystemCallNumber.MUNMAP, HEAP, PAGE),
                        remap(frame + PAGE, 2 * PAGE, HEAP + PAGE).subList(0, 3),
                        List.of((long) SystemCallNumber.MUNMAP, HEAP + 3 * PAGE, PAGE));
        assertThat(mirror.covers(HEAP + PAGE, HEAP + 3 * PAGE, true)).isTrue();
    }

    @Test
    void what_is_on_its_way_for_another_call_survives_an_overtaken_mapping() {
        long frame = space.map(HEAP, 1, WRITABLE | DIRTY);
        mirror.map(HEAP, HEAP + 1, true, list, runs);
        mirror.clear();
        MappedRuns waiting = new MappedRuns();
        mirror.map(HEAP, HEAP + 1, true, new Records(), waiting);
        mirror.confirm(runs, i -> true);
        assertThat(settled()).containsExactly(remap(frame, PAGE, HEAP));
        mirror.map(HEAP, HEAP + 1, true, new Records(), runs);
        mirror.clear();
        mirror.confirm(runs, i -> true);
        assertThat(settled()).isEmpty();
        mirror.confirm(waiting, i -> true);
        assertThat(settled()).hasSize(1);
    }

    private List<List<Long>> settled() {
        Records settled = new Records();
        mirror.settle(() -> settled, () -> {});
        return settled.calls;
    }

    @Test
    void everything_is_what_the_page_table_has() {
        space.map(0x40_0000L, 3, 0);
        space.map(HEAP, 2, WRITABLE | DIRTY);
        space.map(0x6FFF_FFFF_E000L, 2, WRITABLE | DIRTY);
        assertThat(mirror.mapAll(0, list, runs)).isEqualTo(0x7000_0000_0000L);
        mirror.confirm(runs, i -> true);
        assertThat(mirror.covers(0x40_0000L, 0x40_3000L, false)).isTrue();
        assertThat(mirror.covers(HEAP, HEAP + 2 * PAGE, true)).isTrue();
        assertThat(mirror.covers(0x6FFF_FFFF_E000L, 0x7000_0000_0000L, true)).isTrue();
    }

    private static List<Long> remap(long physical, long length, long user) {
        return List.of((long) SystemCallNumber.MREMAP, 0x7000_0000_0000L + physical, 0L, length, 3L, user, 0L);
    }

    private static final class Records implements RecordList {
        final List<List<Long>> calls = new ArrayList<>();

        @Override
        public int add(int number, long a, long b, long c, long d, long e, long f) {
            calls.add(List.of((long) number, a, b, c, d, e, f));
            return calls.size() - 1;
        }

        @Override
        public int size() {
            return calls.size();
        }
    }
}
