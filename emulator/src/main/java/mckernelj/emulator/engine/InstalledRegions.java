// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The translations that are in use: bounded, since each is a Java class with its machine code. Not thread-safe. */
final class InstalledRegions {
    private final int mostInstructions;
    private final Set<Region> regions = new LinkedHashSet<>();
    private int instructions;

    InstalledRegions(int mostInstructions) {
        this.mostInstructions = mostInstructions;
    }

    int instructions() {
        return instructions;
    }

    /** Again makes no difference. */
    void add(Region region) {
        if (regions.add(region)) {
            instructions += region.instructions;
        }
    }

    void remove(Region region) {
        if (regions.remove(region)) {
            instructions -= region.instructions;
        }
    }

    /** If there are too many: those that have not run since the last time, oldest first, and as many others as make a quarter of the room free. */
    List<Region> removeSurplus() {
        List<Region> surplus = new ArrayList<>();
        if (instructions <= mostInstructions) {
            return surplus;
        }
        int chances = regions.size();
        while (instructions > mostInstructions / 4 * 3) {
            Region oldest = regions.iterator().next();
            remove(oldest);
            if (chances-- > 0 && oldest.runs != oldest.runsBefore) {
                oldest.runsBefore = oldest.runs;
                add(oldest);
            } else {
                surplus.add(oldest);
            }
        }
        return surplus;
    }
}
