// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import static mckernelj.ihk.layout.PageTableEntry.WRITABLE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.memory.AnonymousHostMemory;
import mckernelj.emulator.memory.CodePages;
import mckernelj.emulator.memory.Ram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallMemoryTest {
    private static final long SIZE = 4 << 20;
    private static final long BUFFER = 0x5000_0000L;
    private static final long ABSENT = 0x6000_0000L;

    private final Ram memory = new Ram(new AnonymousHostMemory(SIZE), SIZE, new CodePages(SIZE));
    private final GuestSpace space = new GuestSpace(memory, 0x1000);
    private final CallShapes shapes = new CallShapes();
    private final CallMemory call = new CallMemory();

    CallMemoryTest() {
        space.map(BUFFER, 4, WRITABLE);
    }

    @AfterEach
    void release() {
        memory.close();
    }

    @Test
    void calls_without_pointers_are_plain() {
        assertThat(shapes.of(110).plain()).isTrue();
        assertThat(shapes.of(3).plain()).isTrue();
        assertThat(shapes.of(0).plain()).isFalse();
        assertThat(shapes.of(9999).everything()).isTrue();
        assertThat(shapes.of(-1).everything()).isTrue();
    }

    @Test
    void read_writes_its_count_of_bytes() {
        assertThat(collect(0, 3, BUFFER + 5, 100)).containsExactly(range(BUFFER + 5, 100, true));
        assertThat(collect(0, 3, BUFFER, -1)).isEmpty();
        assertThat(collect(0, 3, 0, 100)).isEmpty();
    }

    @Test
    void a_path_ends_at_its_nul_even_over_a_page_boundary() {
        space.write(BUFFER + 4094, (byte) 'a', (byte) 'b', (byte) 'c', (byte) 0);
        assertThat(collect(2, BUFFER + 4094, 0, 0)).containsExactly(range(BUFFER + 4094, 4, false));
    }

    @Test
    void a_path_in_an_absent_page_names_the_first_absent_byte() {
        space.write(BUFFER + 4 * 4096 - 2, (byte) 'a', (byte) 'b');
        assertThat(collect(2, BUFFER + 4 * 4096 - 2, 0, 0)).containsExactly(range(BUFFER + 4 * 4096 - 2, 3, false));
    }

    @Test
    void readv_names_the_vectors_and_what_they_point_to() {
        space.writeLong(BUFFER, BUFFER + 0x1000);
        space.writeLong(BUFFER + 8, 10);
        space.writeLong(BUFFER + 16, ABSENT);
        space.writeLong(BUFFER + 24, 20);
        assertThat(collect(19, 3, BUFFER, 2))
                .containsExactly(range(BUFFER, 32, false), range(BUFFER + 0x1000, 10, true), range(ABSENT, 20, true));
        assertThat(call.incomplete()).isFalse();
    }

    @Test
    void absent_vectors_make_the_collection_incomplete() {
        assertThat(collect(19, 3, ABSENT, 2)).containsExactly(range(ABSENT, 32, false));
        assertThat(call.incomplete()).isTrue();
    }

    @Test
    void recvmsg_names_all_parts_of_the_header() {
        space.writeLong(BUFFER, BUFFER + 0x100);
        space.writeLong(BUFFER + 8, 16);
        space.writeLong(BUFFER + 16, BUFFER + 0x200);
        space.writeLong(BUFFER + 24, 1);
        space.writeLong(BUFFER + 32, BUFFER + 0x300);
        space.writeLong(BUFFER + 40, 24);
        space.writeLong(BUFFER + 0x200, BUFFER + 0x400);
        space.writeLong(BUFFER + 0x208, 77);
        assertThat(collect(47, 3, BUFFER, 0))
                .contains(
                        range(BUFFER, 56, true),
                        range(BUFFER + 0x100, 16, true),
                        range(BUFFER + 0x200, 16, false),
                        range(BUFFER + 0x400, 77, true),
                        range(BUFFER + 0x300, 24, true));
    }

    @Test
    void accept_takes_the_length_from_behind_the_pointer() {
        space.writeLong(BUFFER, 28);
        assertThat(collect(43, 3, BUFFER + 64, BUFFER))
                .containsExactly(range(BUFFER, 4, false), range(BUFFER + 64, 28, true), range(BUFFER, 4, true));
    }

    @Test
    void ioctl_reads_the_size_from_the_request() {
        assertThat(collect(16, 3, 0x80086601L, BUFFER)).containsExactly(range(BUFFER, 8, true));
        assertThat(call.everything()).isFalse();
        assertThat(collect(16, 3, 0x8912, BUFFER)).hasSize(1);
        assertThat(call.everything()).isTrue();
        assertThat(collect(16, 3, 0x5401, BUFFER)).containsExactly(range(BUFFER, 64, true));
        assertThat(call.everything()).isFalse();
    }

    @Test
    void hostile_counts_do_not_overflow() {
        assertThat(collect(7, BUFFER, Long.MAX_VALUE, 0)).isEmpty();
        assertThat(collect(20, 3, BUFFER, Long.MAX_VALUE)).isEmpty();
        assertThat(collect(1, 3, 0x6FFF_FFFF_F000L, Long.MAX_VALUE))
                .containsExactly(range(0x6FFF_FFFF_F000L, 4096, false));
        assertThat(collect(1, 3, Long.MIN_VALUE, 8)).isEmpty();
    }

    private record Range(long start, long end, boolean written) {}

    private static Range range(long start, long length, boolean written) {
        return new Range(start, start + length, written);
    }

    private List<Range> collect(int number, long... arguments) {
        call.collect(shapes.of(number), java.util.Arrays.copyOf(arguments, 6), space.pages());
        List<Range> ranges = new ArrayList<>();
        for (int i = 0; i < call.count(); i++) {
            ranges.add(new Range(call.start(i), call.end(i), call.written(i)));
        }
        return ranges;
    }
}
