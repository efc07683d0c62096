// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import java.util.List;
import mckernelj.emulator.cpu.RegionCode;

/** Blocks that were translated together; the first is the entry. */
final class Region {
    final List<Block> blocks;
    final RegionCode code;

    /** In all blocks: the code never runs longer without looking at the time. */
    final int instructions;

    Region(List<Block> blocks, RegionCode code, int instructions) {
        this.blocks = blocks;
        this.code = code;
        this.instructions = instructions;
    }

    Block head() {
        return blocks.get(0);
    }

    boolean stale() {
        return blocks.stream().anyMatch(Block::stale);
    }
}
