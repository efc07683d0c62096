// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import static mckernelj.ihk.launch.MailboxLayout.WINDOW;

import mckernelj.ihk.SystemCallNumber;

/**
 * Records that make the user part of a servant's address space a mirror of the LWK's. Physical memory is in the servant as
 * one window; a guest mapping is a duplicate of a piece of it (mremap with old size 0), so no descriptor is needed. All
 * lengths and addresses are multiples of 4096; the caller checks that ranges end below USER_END. Never executable.
 */
public final class MapRecords {
    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;

    private static final int MREMAP_MAYMOVE = 1;
    private static final int MREMAP_FIXED = 2;
    private static final int MADV_POPULATE_READ = 22;

    private MapRecords() {}

    /** Most records that one {@link #map} adds. */
    public static final int RECORDS_PER_MAP = 2;

    /**
     * Maps physical [physical, physical + length) at {@code userPointer}, over whatever was there. {@code protection} is
     * PROT_READ | PROT_WRITE in one record, anything else in two. Returns the index of the mremap record, whose result must
     * be {@code userPointer}.
     */
    public static int map(RecordList list, long userPointer, long physical, long lengthBytes, int protection) {
        int index = list.add(
                SystemCallNumber.MREMAP, WINDOW + physical, 0, lengthBytes, MREMAP_MAYMOVE | MREMAP_FIXED, userPointer);
        if (protection != (PROT_READ | PROT_WRITE)) {
            protect(list, userPointer, lengthBytes, protection);
        }
        return index;
    }

    public static int protect(RecordList list, long userPointer, long lengthBytes, int protection) {
        return list.add(SystemCallNumber.MPROTECT, userPointer, lengthBytes, protection & (PROT_READ | PROT_WRITE));
    }

    public static int unmap(RecordList list, long userPointer, long lengthBytes) {
        return list.add(SystemCallNumber.MUNMAP, userPointer, lengthBytes);
    }

    /** Fills the host page tables of a mapped run (0.25 us per page instead of a fault each); worth it from 64 KiB on. */
    public static int populate(RecordList list, long userPointer, long lengthBytes) {
        return list.add(SystemCallNumber.MADVISE, userPointer, lengthBytes, MADV_POPULATE_READ);
    }
}
