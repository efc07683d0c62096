// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import static mckernelj.lwk.mm.VmFixture.PAGE;
import static mckernelj.lwk.mm.VmFixture.READ;
import static mckernelj.lwk.mm.VmFixture.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import mckernelj.ihk.layout.PageTableEntry;
import org.junit.jupiter.api.Test;

class FileObjectTest {
    private final VmFixture fixture = new VmFixture();

    private static String text(int length) {
        return "0123456789".repeat(length / 10 + 1).substring(0, length);
    }

    @Test
    void a_fault_reads_a_cluster_and_maps_its_pages() {
        long at = fixture.map(fixture.file(1, text(100_000)), 100_000, READ, false);
        assertThat(fixture.user().read(at + 5000, 3)).containsExactly('0', '1', '2');
        assertThat(fixture.events).containsExactly("read 0");
        assertThat(fixture.vm.entry(at + 15 * PAGE)).isNotZero();
        assertThat(fixture.vm.entry(at + 16 * PAGE)).isZero();
        fixture.user().read(at + 70_000, 1);
        assertThat(fixture.events).containsExactly("read 0", "read 65536");
    }

    @Test
    void the_rest_of_the_last_page_is_zero_and_the_next_page_is_missing() {
        long at = fixture.map(fixture.file(1, text(10)), 2 * PAGE, READ, false);
        assertThat(fixture.user().read(at + 9, 2)).containsExactly('9', 0);
        assertThat(fixture.vm.fault(null, at + PAGE, READ)).isEqualTo(FaultResult.NO_PAGE);
    }

    @Test
    void a_file_that_grew_shows_its_new_pages() {
        FileObject file = fixture.file(1, text(10));
        long at = fixture.map(file, 2 * PAGE, READ, true);
        fixture.contents.put(1L, text(5000).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(fixture.user().read(at + 4100, 1)).containsExactly('0');
    }

    @Test
    void the_second_program_reads_nothing_and_shares_the_frames() {
        long first = fixture.map(fixture.file(1, text(5000)), 5000, READ, false);
        fixture.user().read(first, 1);
        long frame = fixture.vm.entry(first) & PageTableEntry.ADDRESS;
        fixture.vm.munmap(null, first, 5000);
        fixture.events.clear();
        long second = fixture.map(fixture.files.attach(null, 1), 5000, READ, false);
        fixture.user().read(second, 1);
        assertThat(fixture.events).doesNotContain("read 0");
        assertThat(fixture.vm.entry(second) & PageTableEntry.ADDRESS).isEqualTo(frame);
    }

    @Test
    void a_changed_file_is_read_again() {
        long first = fixture.map(fixture.file(1, text(5000)), 5000, READ, false);
        fixture.user().read(first, 1);
        long second = fixture.map(fixture.file(1, "x".repeat(4999)), 4999, READ, false);
        assertThat(fixture.user().read(second, 1)).containsExactly('x');
        // The older mapping is one of the same file.
        assertThat(fixture.user().read(first, 1)).containsExactly('x');
    }

    @Test
    void a_private_write_stays_private() {
        FileObject file = fixture.file(1, text(5000));
        long mine = fixture.map(file, 5000, READ | WRITE, false);
        fixture.user().read(mine, 1);
        fixture.user().write(mine, new byte[] {'m'});
        long other = fixture.map(fixture.files.attach(null, 1), 5000, READ, false);
        assertThat(fixture.user().read(mine, 2)).containsExactly('m', '1');
        assertThat(fixture.user().read(other, 1)).containsExactly('0');
        fixture.vm.munmap(null, mine, 5000);
        assertThat(fixture.contents.get(1L)[0]).isEqualTo((byte) '0');
    }

    @Test
    void a_shared_write_reaches_the_file_at_msync_and_at_munmap() {
        long at = fixture.map(fixture.file(1, text(5000)), 5000, READ | WRITE, true);
        fixture.user().write(at + 1, new byte[] {'a'});
        assertThat(MemoryAdvice.sync(null, fixture.vm, at, 2 * PAGE, false)).isZero();
        assertThat(fixture.contents.get(1L)[1]).isEqualTo((byte) 'a');
        fixture.events.clear();
        MemoryAdvice.sync(null, fixture.vm, at, 2 * PAGE, false);
        assertThat(fixture.events).doesNotContain("write 0");
        fixture.user().write(at + 4999, new byte[] {'b'});
        fixture.vm.munmap(null, at, 5000);
        assertThat(fixture.contents.get(1L)).hasSize(5000).endsWith('b');
        assertThat(fixture.events).contains("write 4096", "release 1");
    }

    @Test
    void clean_pages_are_given_up_when_memory_is_short() {
        long at = fixture.map(fixture.file(1, text(60_000)), 60_000, READ, false);
        fixture.user().read(at, 1);
        fixture.vm.munmap(null, at, 60_000);
        assertThat(fixture.files.reclaim()).isEqualTo(15);
        assertThat(fixture.files.reclaim()).isZero();
    }
}
