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

/** Collects the blocks that a hot block leads to, nearest first: what one translation is made of. */
final class RegionFormer {
    private static final int MOST_INSTRUCTIONS = Integer.getInteger("mckernelj.most", 50);
    private static final int PAGE_BYTES = 4096;

    private final BlockCache blocks;
    private final Cpu cpu;
    private final long linear;
    private final List<Region.Member> members = new ArrayList<>();
    private final Set<Integer> offsets = new HashSet<>();

    /** Of blocks that are jumped back to, or returned to. */
    private final Set<Integer> entries = new HashSet<>();

    /** On the host thread of {@code cpu}, in whose linear memory {@code head} is at {@code linear}. */
    static Region form(BlockCache blocks, Cpu cpu, Block head, long linear) {
        return new RegionFormer(blocks, cpu, linear).form(head);
    }

    private RegionFormer(BlockCache blocks, Cpu cpu, long linear) {
        this.blocks = blocks;
        this.cpu = cpu;
        this.linear = linear;
    }

    private Region form(Block head) {
        add(head, 0);
        int instructions = 0;
        for (int i = 0; i < members.size(); i++) {
            Region.Member member = members.get(i);
            instructions += member.block().ops.length;
            if (instructions > MOST_INSTRUCTIONS && i > 0) {
                return new Region(members.subList(0, i), entries);
            }
            followers(member);
        }
        return new Region(members, entries);
    }

    private void add(Block block, int offset) {
        members.add(new Region.Member(block, offset));
        offsets.add(offset);
    }

    private void followers(Region.Member member) {
        Block block = member.block();
        Op last = block.ops[block.ops.length - 1];
        if (last.form instanceof InstructionForm form) {
            if (form.isDirectBranch()) {
                long target = member.offset() + block.length + last.immediate;
                follow(target);
                if (last.immediate < 0) {
                    entries.add((int) target);
                }
            }
            if (!form.ends() || form.mayGoOn()) {
                follow((long) member.offset() + block.length);
            }
            for (long distance : block.frequentTargets()) {
                follow(member.offset() + distance);
                entries.add((int) (member.offset() + distance));
            }
        }
    }

    /** Code that has a translation of its own is left to that. */
    private void follow(long offset) {
        if (offset != (int) offset || offsets.contains((int) offset)) {
            return;
        }
        long physical = cpu.mmu.probeFetch(linear + offset);
        Block next = physical < 0 ? null : blocks.peek(physical, 64);
        if (next != null
                && next.entry == null
                && next.heat >= Translator.WARM
                && Region.isTranslatable(next.ops)
                && hasItsSecondPage(next, linear + offset)) {
            add(next, (int) offset);
        }
    }

    private boolean hasItsSecondPage(Block block, long at) {
        return block.secondPage < 0 || cpu.mmu.probeFetch((at | PAGE_BYTES - 1) + 1) == block.secondPage;
    }
}
