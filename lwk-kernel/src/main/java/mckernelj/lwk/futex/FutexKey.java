// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.futex;

import mckernelj.lwk.mm.MemoryObject;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.mm.VmRange;

/** What a futex word is known by: its address in one address space, or, if shared, its place in a memory object. */
record FutexKey(Object owner, long offset) {
    /** {@code isPrivate}: the program promised that no other process uses it (FUTEX_PRIVATE_FLAG). */
    static FutexKey of(ProcessVm vm, long userPointer, boolean isPrivate) {
        if (!isPrivate) {
            VmRange range = vm.rangeAt(userPointer);
            MemoryObject object = range == null ? null : range.object();
            if (object != null && range.isShared()) {
                return new FutexKey(object, range.offset() + (userPointer - range.start()));
            }
        }
        return new FutexKey(vm, userPointer);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FutexKey key && key.owner == owner && key.offset == offset;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(owner) * 31 + Long.hashCode(offset >>> 2);
    }
}
