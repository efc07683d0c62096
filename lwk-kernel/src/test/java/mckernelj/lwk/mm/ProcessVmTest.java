// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import static mckernelj.lwk.mm.VmFixture.PAGE;
import static mckernelj.lwk.mm.VmFixture.READ;
import static mckernelj.lwk.mm.VmFixture.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import mckernelj.ihk.Errno;
import mckernelj.ihk.layout.PageTableEntry;
import org.junit.jupiter.api.Test;

class ProcessVmTest {
    private static final int RW = READ | WRITE;
    private static final long LARGE = PageTables.LARGE_PAGE;

    private final VmFixture fixture = new VmFixture();
    private final ProcessVm vm = fixture.vm;

    private byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void fresh_memory_reads_as_zero_and_keeps_what_is_written() {
        long at = fixture.anonymous(0, 3 * PAGE, RW, 0);
        assertThat(fixture.user().read(at + 100, 4)).containsOnly(0);
        assertThat(fixture.user().write(at + PAGE - 1, bytes(1, 2))).isTrue();
        assertThat(fixture.user().read(at + PAGE - 1, 2)).containsExactly(1, 2);
    }

    @Test
    void two_megabytes_of_address_space_get_one_large_page() {
        long at = fixture.anonymous(0, LARGE, RW, 0);
        assertThat(at % LARGE).isZero();
        vm.fault(null, at + 5 * PAGE, WRITE);
        assertThat(vm.entry(at) & PageTableEntry.LARGE).isNotZero();
        assertThat(vm.residentPages()).isEqualTo(512);
    }

    @Test
    void a_small_range_gets_contiguous_frames() {
        long at = fixture.anonymous(0x10000000, 16 * PAGE, RW, 0);
        vm.fault(null, at + 7 * PAGE, READ);
        long first = vm.entry(at) & PageTableEntry.ADDRESS;
        assertThat(vm.entry(at + 15 * PAGE) & PageTableEntry.ADDRESS).isEqualTo(first + 15 * PAGE);
    }

    @Test
    void unmapping_the_middle_of_a_large_page_frees_just_that_and_splits_the_range() {
        long at = fixture.anonymous(0, LARGE, RW, 0);
        fixture.user().write(at, bytes(7));
        fixture.user().write(at + 9 * PAGE, bytes(9));
        long free = fixture.freePages();
        assertThat(vm.munmap(null, at + PAGE, PAGE)).isZero();
        // One frame comes back, one is used for the page table.
        assertThat(fixture.freePages()).isEqualTo(free);
        assertThat(fixture.user().read(at, 1)).containsExactly(7);
        assertThat(fixture.user().read(at + 9 * PAGE, 1)).containsExactly(9);
        assertThat(fixture.user().read(at + PAGE, 1)).isNull();
        assertThat(vm.snapshot()).hasSize(2);
    }

    @Test
    void everything_is_free_again_after_destroy() {
        VmFixture other = new VmFixture();
        long free = other.freePages();
        ProcessVm space = other.newVm();
        long at = space.mmap(null, new ProcessVm.Mapping(0, 5 << 20, RW, 7, MmapFlags.MAP_PRIVATE, null, 0, 0));
        space.populate(null, at, at + (5 << 20));
        assertThat(space.residentPages()).isEqualTo(5 << 8);
        space.destroy(null);
        assertThat(other.freePages()).isEqualTo(free);
    }

    @Test
    void neighbours_with_equal_attributes_become_one_range() {
        long at = fixture.anonymous(0x20000000, 4 * PAGE, RW, 0);
        vm.mprotect(null, at + PAGE, PAGE, READ);
        assertThat(vm.snapshot()).hasSize(3);
        vm.mprotect(null, at + PAGE, PAGE, RW);
        assertThat(vm.snapshot()).hasSize(1);
    }

    @Test
    void mprotect_takes_the_right_to_write_and_to_read() {
        long at = fixture.anonymous(0, 2 * PAGE, RW, 0);
        fixture.user().write(at, bytes(1));
        vm.mprotect(null, at, PAGE, READ);
        assertThat(vm.fault(null, at, WRITE)).isEqualTo(FaultResult.FORBIDDEN);
        assertThat(fixture.user().write(at, bytes(2))).isFalse();
        vm.mprotect(null, at, PAGE, 0);
        assertThat(vm.fault(null, at, READ)).isEqualTo(FaultResult.FORBIDDEN);
        assertThat(vm.entry(at) & PageTableEntry.USER).isZero();
        vm.mprotect(null, at, PAGE, READ);
        assertThat(fixture.user().read(at, 1)).containsExactly(1);
    }

    @Test
    void mprotect_of_a_hole_is_enomem_but_changes_what_comes_before() {
        long at = fixture.anonymous(0x30000000, PAGE, RW, 0);
        assertThat(vm.mprotect(null, at, 2 * PAGE, READ)).isEqualTo(-Errno.ENOMEM);
        assertThat(vm.rangeAt(at).prot()).isEqualTo(READ);
    }

    @Test
    void fixed_mappings_replace_and_noreplace_refuses() {
        long at = fixture.anonymous(0x40000000, 2 * PAGE, RW, 0);
        fixture.user().write(at, bytes(1));
        assertThat(fixture.anonymous(at, PAGE, RW, MmapFlags.MAP_FIXED_NOREPLACE))
                .isEqualTo(-Errno.EEXIST);
        assertThat(fixture.anonymous(at, PAGE, RW, MmapFlags.MAP_FIXED)).isEqualTo(at);
        assertThat(fixture.user().read(at, 1)).containsExactly(0);
        assertThat(fixture.anonymous(0x123, PAGE, RW, MmapFlags.MAP_FIXED)).isEqualTo(-Errno.EINVAL);
        assertThat(fixture.anonymous(0, PAGE, RW, MmapFlags.MAP_FIXED)).isEqualTo(-Errno.EPERM);
    }

    @Test
    void a_free_hint_is_honoured_and_a_used_one_is_not() {
        assertThat(fixture.anonymous(0x50000000, PAGE, RW, 0)).isEqualTo(0x50000000);
        assertThat(fixture.anonymous(0x50000000, PAGE, RW, 0)).isEqualTo(0x2AAA_AAA0_0000L);
    }

    @Test
    void holes_are_used_again() {
        long first = fixture.anonymous(0, PAGE, RW, 0);
        fixture.anonymous(0, PAGE, READ, 0);
        vm.munmap(null, first, PAGE);
        assertThat(fixture.anonymous(0, 2 * PAGE, RW, 0)).isNotEqualTo(first);
        assertThat(fixture.anonymous(0, PAGE, RW, 0)).isEqualTo(first);
    }

    @Test
    void brk_grows_shrinks_and_gives_zeros_again() {
        vm.setBrk(0x600000);
        assertThat(vm.brk(null, 0)).isEqualTo(0x600000);
        assertThat(vm.brk(null, 0x602001)).isEqualTo(0x602001);
        fixture.user().write(0x602000, bytes(5));
        assertThat(vm.brk(null, 0x601000)).isEqualTo(0x601000);
        assertThat(fixture.user().read(0x602000, 1)).isNull();
        vm.brk(null, 0x603000);
        assertThat(fixture.user().read(0x602000, 1)).containsExactly(0);
    }

    @Test
    void brk_obeys_the_data_limit() {
        vm.setBrk(0x600000);
        vm.setLimits(resource -> resource == ProcessVm.RLIMIT_DATA ? 2 * PAGE : -1);
        assertThat(vm.brk(null, 0x603000)).isEqualTo(0x600000);
        assertThat(vm.brk(null, 0x602000)).isEqualTo(0x602000);
    }

    @Test
    void the_stack_grows_to_its_limit_and_no_further() {
        vm.setLimits(resource -> resource == ProcessVm.RLIMIT_STACK ? 1 << 20 : -1);
        long top = 0x60000000;
        vm.mmap(null, new ProcessVm.Mapping(top - PAGE, PAGE, RW, 7, MmapFlags.MAP_FIXED, null, 0, VmRange.GROWS_DOWN));
        assertThat(fixture.user().write(top - 10 * PAGE, bytes(1))).isTrue();
        assertThat(fixture.user().write(top - (1 << 20), bytes(1))).isTrue();
        assertThat(fixture.user().write(top - (1 << 20) - 1, bytes(1))).isFalse();
    }

    @Test
    void the_stack_keeps_its_distance_from_a_neighbour() {
        long top = 0x60000000;
        vm.mmap(null, new ProcessVm.Mapping(top - PAGE, PAGE, RW, 7, MmapFlags.MAP_FIXED, null, 0, VmRange.GROWS_DOWN));
        fixture.anonymous(top - (4 << 20), PAGE, RW, MmapFlags.MAP_FIXED);
        assertThat(vm.fault(null, top - (2 << 20), WRITE)).isEqualTo(FaultResult.RESOLVED);
        assertThat(vm.fault(null, top - (4 << 20) + 2 * PAGE, WRITE)).isEqualTo(FaultResult.NOT_MAPPED);
    }

    @Test
    void after_fork_a_write_is_seen_by_the_writer_alone() {
        long at = fixture.anonymous(0, LARGE, RW, 0);
        fixture.user().write(at, bytes(1));
        ProcessVm child = vm.fork(null, 0x1000);
        UserAccess childUser = new UserAccess(child, null);
        assertThat(childUser.write(at, bytes(2))).isTrue();
        assertThat(fixture.user().read(at, 1)).containsExactly(1);
        fixture.user().write(at + 100 * PAGE, bytes(3));
        assertThat(childUser.read(at + 100 * PAGE, 1)).containsExactly(0);
        assertThat(childUser.read(at, 1)).containsExactly(2);
    }

    @Test
    void all_frames_come_back_when_both_sides_of_a_fork_end() {
        VmFixture other = new VmFixture();
        long free = other.freePages();
        ProcessVm parent = other.newVm();
        long at = parent.mmap(null, new ProcessVm.Mapping(0, 3 << 20, RW, 7, MmapFlags.MAP_PRIVATE, null, 0, 0));
        parent.populate(null, at, at + (3 << 20));
        ProcessVm child = parent.fork(null, 0x1000);
        new UserAccess(child, null).write(at + 5 * PAGE, bytes(1));
        parent.destroy(null);
        new UserAccess(child, null).write(at + 77 * PAGE, bytes(1));
        child.destroy(null);
        assertThat(other.freePages()).isEqualTo(free);
    }

    @Test
    void shared_anonymous_memory_stays_shared_across_fork() {
        SharedMemory object = new SharedMemory(fixture.frames, 4 * PAGE, "x");
        long at = fixture.map(object, 4 * PAGE, RW, true);
        ProcessVm child = vm.fork(null, 0x1000);
        new UserAccess(child, null).write(at + PAGE, bytes(4));
        assertThat(fixture.user().read(at + PAGE, 1)).containsExactly(4);
    }

    @Test
    void mremap_moves_contents_and_grows() {
        long at = fixture.anonymous(0, 2 * PAGE, RW, 0);
        fixture.user().write(at + PAGE, bytes(6));
        fixture.anonymous(at + 2 * PAGE, PAGE, READ, MmapFlags.MAP_FIXED);
        long moved = Mremap.call(null, vm, at, 2 * PAGE, 5 * PAGE, MmapFlags.MREMAP_MAYMOVE, 0);
        assertThat(moved).isPositive().isNotEqualTo(at);
        assertThat(fixture.user().read(moved + PAGE, 1)).containsExactly(6);
        assertThat(fixture.user().read(moved + 4 * PAGE, 1)).containsExactly(0);
        assertThat(fixture.user().read(at, 1)).isNull();
        assertThat(Mremap.call(null, vm, at, PAGE, PAGE, 0, 0)).isEqualTo(-Errno.EFAULT);
    }

    @Test
    void mremap_keeps_large_pages_between_aligned_addresses() {
        long at = fixture.anonymous(0x80000000L, LARGE, RW, 0);
        fixture.user().write(at + 3, bytes(8));
        long moved = Mremap.call(null, vm, at, LARGE, LARGE, 3, 0xA0000000L);
        assertThat(moved).isEqualTo(0xA0000000L);
        assertThat(vm.entry(moved) & PageTableEntry.LARGE).isNotZero();
        assertThat(fixture.user().read(moved + 3, 1)).containsExactly(8);
    }

    @Test
    void madvise_dontneed_drops_the_contents() {
        long at = fixture.anonymous(0, LARGE, RW, 0);
        fixture.user().write(at + PAGE, bytes(1));
        fixture.user().write(at + 2 * PAGE, bytes(2));
        assertThat(MemoryAdvice.advise(null, vm, at + PAGE, PAGE, 4)).isZero();
        assertThat(fixture.user().read(at + PAGE, 1)).containsExactly(0);
        assertThat(fixture.user().read(at + 2 * PAGE, 1)).containsExactly(2);
        assertThat(MemoryAdvice.advise(null, vm, at, 2 * LARGE, 4)).isEqualTo(-Errno.ENOMEM);
        assertThat(MemoryAdvice.advise(null, vm, at, PAGE, 77)).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void the_servant_is_told_only_of_pages_that_it_may_have() {
        long at = fixture.anonymous(0, 4 * PAGE, RW, 0);
        vm.populate(null, at, at + 4 * PAGE);
        vm.munmap(null, at, PAGE);
        assertThat(fixture.events).containsExactly("invalidate");
        long slot = vm.tables().slot(at + 2 * PAGE);
        vm.tables().update(slot, PageTableEntry.MIRRORED, 0);
        vm.munmap(null, at + PAGE, 3 * PAGE);
        assertThat(fixture.events).containsExactly("invalidate", "invalidate", "mirror 3");
    }

    private void mirror(long linear) {
        vm.tables().update(vm.tables().slot(linear), PageTableEntry.MIRRORED, 0);
    }

    @Test
    void fork_copies_what_linux_may_be_writing_for_another_thread() {
        long at = fixture.anonymous(0x10000000, 2 * PAGE, RW, 0);
        vm.populate(null, at, at + 2 * PAGE);
        mirror(at);
        fixture.othersInCalls = true;
        long frame = vm.entry(at) & PageTableEntry.ADDRESS;
        ProcessVm child = vm.fork(null, 0x1000);
        assertThat(vm.entry(at) & PageTableEntry.ADDRESS).isEqualTo(frame);
        assertThat(vm.entry(at) & PageTableEntry.WRITABLE).isNotZero();
        assertThat(child.entry(at) & PageTableEntry.ADDRESS).isNotEqualTo(frame);
        assertThat(vm.entry(at + PAGE) & PageTableEntry.WRITABLE).isZero();
        assertThat(fixture.events).noneMatch(event -> event.startsWith("mirror"));
    }

    @Test
    void fork_makes_the_servant_forget_writable_pages_that_become_shared() {
        long at = fixture.anonymous(0x10000000, 2 * PAGE, RW, 0);
        vm.populate(null, at, at + 2 * PAGE);
        mirror(at);
        vm.fork(null, 0x1000);
        assertThat(fixture.events).contains("mirror 2");
    }

    @Test
    void addresses_are_not_given_out_before_the_servant_has_forgotten_them() {
        long at = fixture.anonymous(0, PAGE, RW, 0);
        fixture.user().write(at, bytes(1));
        mirror(at);
        long[] meanwhile = new long[1];
        fixture.whileClearing = () -> meanwhile[0] = fixture.anonymous(0, PAGE, RW, 0);
        vm.munmap(null, at, PAGE);
        assertThat(meanwhile[0]).isPositive().isNotEqualTo(at);
        assertThat(fixture.anonymous(0, PAGE, READ, 0)).isEqualTo(at);
    }

    @Test
    void copy_on_write_replaces_what_the_servant_shows() {
        long at = fixture.anonymous(0x10000000, PAGE, RW, 0);
        vm.populate(null, at, at + PAGE);
        vm.fork(null, 0x1000);
        mirror(at);
        fixture.user().write(at, bytes(1));
        assertThat(fixture.events).contains("replace 1").noneMatch(event -> event.startsWith("mirror"));
    }

    @Test
    void the_servant_keeps_pages_that_may_only_be_used_more_than_before() {
        long at = fixture.anonymous(0x10000000, PAGE, READ, 0);
        vm.populate(null, at, at + PAGE);
        mirror(at);
        vm.mprotect(null, at, PAGE, RW);
        assertThat(fixture.events).noneMatch(event -> event.startsWith("mirror"));
        vm.mprotect(null, at, PAGE, READ);
        assertThat(fixture.events).contains("mirror 1");
    }

    @Test
    void the_limit_of_the_address_space_is_kept() {
        vm.setLimits(resource -> resource == ProcessVm.RLIMIT_AS ? 10 * PAGE : -1);
        assertThat(fixture.anonymous(0, 11 * PAGE, RW, 0)).isEqualTo(-Errno.ENOMEM);
        assertThat(fixture.anonymous(0, 10 * PAGE, RW, 0)).isPositive();
    }

    @Test
    void memory_that_runs_out_is_reported_and_comes_back() {
        long at = fixture.anonymous(0, 128 << 20, RW, 0);
        assertThat(vm.populate(null, at, at + (128 << 20))).isFalse();
        assertThat(fixture.freePages()).isZero();
        vm.munmap(null, at, 128 << 20);
        assertThat(fixture.freePages()).isGreaterThan(15000);
    }
}
