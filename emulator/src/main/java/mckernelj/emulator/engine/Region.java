// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.RegionCode;
import mckernelj.emulator.isa.InstructionForm;
import mckernelj.emulator.translate.RegionCompiler.Part;

/**
 * Blocks that are translated together; each of them is an entry. They lie where they lay in linear memory when the region was formed: it is
 * only to be used where that is so.
 */
final class Region {
    private static final int PAGE_BYTES = 4096;
    static final int MOST_INSTRUCTIONS = 100;

    /** In a region that was formed again. */
    static final int MOST_IN_REFORMED = 220;

    static final int LAST_GENERATION = 1;

    /** A block, {@code offset} bytes behind the first one in linear memory. */
    record Member(Block block, int offset) {}

    /**
     * What a block is in a region.
     *
     * @param number of the member, for {@link RegionCode#run}
     * @param offset from the first block
     */
    record Entry(Region region, int number, int offset) {}

    private final List<Member> members;

    /** Bytes from the page of the first block to another page in linear memory, and where that is in physical memory. */
    private final Map<Integer, Long> pages = new TreeMap<>();

    /** In all blocks: the code never runs longer without looking at the time. */
    final int instructions;

    /** It leaves for what is {@link mckernelj.emulator.cpu.Rare}; if that is not rare it is replaced. */
    final boolean leavesWhenRare;

    /** How often it has left for that. */
    int rareLeaves;

    /** How often it was formed again. */
    final int generation;

    /** How often it ran, by all processors, roughly, how long, and where the code went on, as distances from the first block. */
    int runs;

    long cycles;
    final JumpTargets exits = new JumpTargets();

    /** Null until it is translated. */
    RegionCode code;

    Region(List<Member> members, int generation) {
        this(members, generation, true);
    }

    private Region(List<Member> members, int generation, boolean leavesWhenRare) {
        this.generation = generation;
        this.leavesWhenRare = leavesWhenRare;
        this.members = List.copyOf(members);
        int firstInPage = (int) head().physical & PAGE_BYTES - 1;
        int sum = 0;
        for (Member member : members) {
            Block block = member.block;
            sum += block.ops.length;
            int page = firstInPage + member.offset & -PAGE_BYTES;
            pages.put(page, block.physical & -PAGE_BYTES);
            if (block.secondPage >= 0) {
                pages.put(page + PAGE_BYTES, block.secondPage);
            }
        }
        instructions = sum;
    }

    Block head() {
        return members.get(0).block;
    }

    List<Member> members() {
        return members;
    }

    int size() {
        return members.size();
    }

    /** Its first blocks only. */
    Region smaller() {
        return new Region(members.subList(0, members.size() * 4 / 5), generation, leavesWhenRare);
    }

    /** The same blocks, with calls of what turned out not to be rare. */
    Region withCalls() {
        return new Region(members, generation, false);
    }

    /** True if it is what {@code older} has become. */
    boolean replaces(Region older) {
        return generation > older.generation || head() == older.head();
    }

    /** True if who has found one of its blocks knows where all are. */
    boolean isInOnePage() {
        return pages.size() == 1;
    }

    /** True if all pages lie where they lay, seen from a first block at {@code linear}. */
    boolean isAt(Cpu cpu, long linear) {
        long first = linear & -PAGE_BYTES;
        for (Map.Entry<Integer, Long> page : pages.entrySet()) {
            if (cpu.mmu.probeFetch(first + page.getKey()) != page.getValue()) {
                return false;
            }
        }
        return true;
    }

    boolean stale() {
        return members.stream().anyMatch(member -> member.block.stale());
    }

    /** What the compiler needs; empty if something has changed. */
    List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        for (Member member : members) {
            Op[] ops = member.block.ops.clone();
            if (!isTranslatable(ops)) {
                return List.of();
            }
            List<Long> targets = member.block.frequentTargets().stream()
                    .map(distance -> member.offset + distance)
                    .toList();
            parts.add(new Part(member.offset, member.block.length, ops, targets));
        }
        return parts;
    }

    /** False if an instruction is undefined or has been overwritten. */
    static boolean isTranslatable(Op[] ops) {
        for (Op op : ops) {
            if (!(op.form instanceof InstructionForm)) {
                return false;
            }
        }
        return true;
    }
}
