// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.isa.InstructionForm;

/**
 * Instructions in a row, decoded once: at most one page, ended by a branch or by anything that changes how code is
 * fetched. Position independent: keyed by physical address, so that processes which share a page share its blocks.
 */
final class Block {
    static final int LONGEST = 64;

    /**
     * Entries are replaced by {@link Stale} operations when the code changes; so this is also how a running block is
     * stopped.
     */
    final Op[] ops;

    /** Physical address of the first byte. */
    final long physical;

    /** Length in bytes. */
    final int length;

    /** Physical page of the second page's part if the only instruction crosses a page, else -1. */
    final long secondPage;

    /** 16-, 32- or 64-bit code. */
    final int codeSize;

    /** How often it was entered; counted by all processors, roughly. */
    int heat;

    /** It ends with a jump to an address known at run time. */
    final boolean indirect;

    /** Where that has gone; null until it is warm. */
    private volatile JumpTargets targets;

    /** It is in a region that has been asked for, or has been translated. */
    volatile boolean claimed;

    /** What is executed instead of {@link #ops}, or null. */
    volatile Region.Entry entry;

    /** The regions that this block is part of. */
    private final List<Region> users = new ArrayList<>(0);

    /** Next in a list of {@link CodePage}. */
    volatile Block next;

    Block(Op[] ops, long physical, int length, int codeSize, long secondPage) {
        this.ops = ops;
        this.physical = physical;
        this.codeSize = codeSize;
        this.length = length;
        this.secondPage = secondPage;
        this.indirect = ops[ops.length - 1].form instanceof InstructionForm form && form.jumpsIndirectly();
    }

    /** The indirect jump at its end has gone so many bytes from the block's start. */
    void observe(long distance) {
        JumpTargets seen = targets;
        if (seen == null) {
            seen = new JumpTargets();
            targets = seen;
        }
        seen.observe(distance);
    }

    /** Distances from the block's start to which its indirect jump goes often. */
    List<Long> frequentTargets() {
        JumpTargets seen = targets;
        return seen == null ? List.of() : seen.frequent();
    }

    boolean stale() {
        return ops[0] instanceof Stale;
    }

    void invalidate() {
        for (int i = 0; i < ops.length; i++) {
            ops[i] = new Stale(ops[i].offset);
        }
        List.copyOf(users).forEach(Block::remove);
    }

    /** Under the lock of {@link BlockCache}. */
    static void install(Region region) {
        region.removed = false;
        for (Region.Member member : region.members()) {
            if (!member.block().users.contains(region)) { // on trial it may have gone on
                member.block().users.add(region);
            }
        }
        enter(region, true);
    }

    /** Its blocks lead into the region, but for those of another one that it does not replace, or not {@code replacing}. */
    private static void enter(Region region, boolean replacing) {
        region.retired = false;
        List<Region.Member> members = region.members();
        for (int i = 0; i < members.size(); i++) {
            Block block = members.get(i).block();
            block.claimed = true;
            Region.Entry before = block.entry;
            if (before == null || replacing && region.replaces(before.region())) {
                block.entry = new Region.Entry(region, i, members.get(i).offset());
                if (before != null) {
                    before.region().retired = true;
                    region.replaced.add(before.region());
                }
            }
        }
    }

    /** Nothing leads into the region any more. Under the lock of {@link BlockCache}. */
    static void remove(Region region) {
        region.retired = true;
        region.removed = true;
        for (Region.Member member : region.members()) {
            Block block = member.block();
            block.users.remove(region);
            if (block.entry != null && block.entry.region() == region) {
                block.entry = null;
                block.claimed = false;
                block.heat = 0;
            }
        }
    }

    /** True if all its blocks have become entries of other regions. Under the lock of {@link BlockCache}. */
    static boolean isUnused(Region region) {
        return region.members().stream()
                .map(member -> member.block().entry)
                .noneMatch(entry -> entry != null && entry.region() == region);
    }

    /** {@code region} is not used for a while; those that it replaced are. Under the lock of {@link BlockCache}. */
    static void withdraw(Region region) {
        remove(region);
        region.replaced.stream().filter(before -> !before.removed).forEach(before -> enter(before, false));
        region.members().forEach(member -> member.block().claimed = true);
    }

    /** Thrown by a stale operation: decode again from here. */
    @SuppressWarnings("serial") // never serialised
    static final class StaleBlock extends RuntimeException {
        static final StaleBlock INSTANCE = new StaleBlock();

        private StaleBlock() {
            super(null, null, false, false);
        }
    }

    /** Stands where an instruction was whose bytes have been overwritten. */
    private static final class Stale extends Op {
        Stale(char offset) {
            this.offset = offset;
        }

        @Override
        public void exec(Cpu cpu) {
            throw StaleBlock.INSTANCE;
        }
    }
}
