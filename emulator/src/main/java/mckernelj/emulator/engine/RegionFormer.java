// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.isa.InstructionForm;
import mckernelj.emulator.translate.Tier;

/** Collects the blocks that a hot block leads to, nearest first: what one translation is made of. */
final class RegionFormer {
    private static final int PAGE_BYTES = 4096;

    private final BlockCache blocks;
    private final Cpu cpu;
    private final long linear;
    private final int most;
    private final List<Region.Member> members = new ArrayList<>();
    private final Set<Integer> offsets = new HashSet<>();
    private int instructions;

    /** On the host thread of {@code cpu}, in whose linear memory {@code head} is at {@code linear}. */
    static Region form(BlockCache blocks, Cpu cpu, Block head, long linear, Tier tier) {
        RegionFormer former = new RegionFormer(blocks, cpu, linear, Region.MOST_INSTRUCTIONS);
        former.add(head, 0);
        former.expand();
        return new Region(former.members, tier, tier == Tier.QUICK ? 0 : 1);
    }

    /** {@code region}, the first block of which is at {@code linear}, with the code that it often goes on with. */
    static Region reform(BlockCache blocks, Cpu cpu, Region region, long linear, Tier tier) {
        RegionFormer former = new RegionFormer(blocks, cpu, linear, Region.MOST_IN_REFORMED);
        former.absorb(region, 0);
        for (long distance : region.exits.frequent()) {
            former.goOn(distance);
        }
        former.expand();
        return new Region(former.members, tier, region.generation + 1);
    }

    private RegionFormer(BlockCache blocks, Cpu cpu, long linear, int most) {
        this.blocks = blocks;
        this.cpu = cpu;
        this.linear = linear;
        this.most = most;
    }

    /** All blocks of a region, the first one of which is at {@code offset}. */
    private void absorb(Region region, int offset) {
        for (Region.Member member : region.members()) {
            if (!offsets.contains(member.offset() + offset) && !member.block().stale()) {
                add(member.block(), member.offset() + offset);
            }
        }
    }

    /** What {@link #absorb} found often goes on at {@code distance}: another region, or a block. */
    private void goOn(long distance) {
        Block block = blockAt(distance);
        if (block == null || instructions >= most) {
            return;
        }
        Region.Entry entry = block.entry;
        if (entry != null && entry.region().isAt(cpu, linear + distance - entry.offset())) {
            absorb(entry.region(), (int) distance - entry.offset());
        } else {
            follow(distance);
        }
    }

    private void expand() {
        for (int i = 0; i < members.size() && instructions < most; i++) {
            followers(members.get(i));
        }
    }

    private void add(Block block, int offset) {
        block.claimed = true;
        members.add(new Region.Member(block, offset));
        offsets.add(offset);
        instructions += block.ops.length;
    }

    private void followers(Region.Member member) {
        Block block = member.block();
        Op last = block.ops[block.ops.length - 1];
        if (last.form instanceof InstructionForm form) {
            if (form.isDirectBranch()) {
                follow(member.offset() + block.length + last.immediate);
            }
            if (!form.ends() || form.mayGoOn()) {
                follow((long) member.offset() + block.length);
            }
            for (long distance : block.frequentTargets()) {
                follow(member.offset() + distance);
            }
        }
    }

    /** Code that has a translation of its own is left to that. */
    private void follow(long offset) {
        Block next = blockAt(offset);
        if (next != null && !next.claimed && next.heat >= blocks.thresholds().warm() && instructions < most) {
            add(next, (int) offset);
        }
    }

    /** Null if there is none that could be a new member. */
    private Block blockAt(long offset) {
        if (offset != (int) offset || offsets.contains((int) offset)) {
            return null;
        }
        long physical = cpu.mmu.probeFetch(linear + offset);
        Block block = physical < 0 ? null : blocks.peek(physical, 64);
        boolean usable = block != null && Region.isTranslatable(block.ops) && hasItsSecondPage(block, linear + offset);
        return usable ? block : null;
    }

    private boolean hasItsSecondPage(Block block, long at) {
        return block.secondPage < 0 || cpu.mmu.probeFetch((at | PAGE_BYTES - 1) + 1) == block.secondPage;
    }
}
