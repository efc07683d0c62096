// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import java.util.ArrayList;
import java.util.List;
import mckernelj.lwk.sched.KernelThread;

/**
 * Collects what an operation took out of the page tables, to be released in the only safe order once the address
 * space's lock is free: processors forget the translations, the servant forgets its mappings, then the frames go back.
 */
public final class MmuGather {
    private final ProcessVm vm;
    private final List<long[]> frameRuns = new ArrayList<>();
    private final List<Long> tables = new ArrayList<>();
    private long start = Long.MAX_VALUE;
    private long end;
    private final List<VmRange> reserved = new ArrayList<>();
    private final List<long[]> mirroredRanges = new ArrayList<>();
    private long replacedStart;
    private long replacedEnd;

    MmuGather(ProcessVm vm) {
        this.vm = vm;
    }

    /** The translations of the range changed. */
    void addRange(long startLinear, long endLinear, boolean mirrored) {
        start = Math.min(start, startLinear);
        end = Math.max(end, endLinear);
        if (mirrored) {
            mirroredRanges.add(new long[] {startLinear, endLinear});
        }
    }

    /** True if the servant may have mappings of a part of the range, which it has not forgotten yet. */
    boolean isMirrored(long startLinear, long endLinear) {
        return mirroredRanges.stream().anyMatch(range -> range[0] < endLinear && startLinear < range[1]);
    }

    /** All pages of the range have other frames now. */
    void addReplaced(long startLinear, long endLinear, boolean mirrored) {
        addRange(startLinear, endLinear, false);
        if (mirrored) {
            replacedStart = startLinear;
            replacedEnd = endLinear;
        }
    }

    /** The range holds its addresses until this is finished. */
    void addReserved(VmRange range) {
        reserved.add(range);
    }

    List<VmRange> reserved() {
        return reserved;
    }

    /** One reference to each of these frames is to be dropped. */
    void addFrames(long physical, long lengthBytes) {
        if (!frameRuns.isEmpty()) {
            long[] last = frameRuns.get(frameRuns.size() - 1);
            if (last[0] + last[1] == physical) {
                last[1] += lengthBytes;
                return;
            }
        }
        frameRuns.add(new long[] {physical, lengthBytes});
    }

    void addTable(long physical) {
        tables.add(physical);
    }

    /** Without the address space's lock; may sleep. */
    void finish(KernelThread self) {
        if (start < end) {
            vm.kernel().invalidateTranslations(self, vm, start, end);
        }
        for (long[] range : mirroredRanges) {
            vm.kernel().clearMirror(self, vm, range[0], range[1] - range[0]);
        }
        if (replacedStart < replacedEnd) {
            vm.kernel().replaceMirror(self, vm, replacedStart, replacedEnd - replacedStart);
        }
        for (long[] run : frameRuns) {
            vm.frames().release(run[0], run[1] / PageTables.PAGE);
        }
        for (long table : tables) {
            vm.frames().release(table, 1);
        }
    }
}
