// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.RegionCode;
import mckernelj.emulator.isa.InstructionForm;
import mckernelj.emulator.translate.RegionCompiler.Part;

/**
 * Blocks that are translated together. They lie where they lay in linear memory when the region was formed: it is
 * only to be used where that is so.
 */
final class Region {
    private static final int PAGE_BYTES = 4096;
    private static final int MOST_ENTRIES = 32;

    /** A block, {@code offset} bytes behind the first one in linear memory. */
    record Member(Block block, int offset) {}

    /**
     * Where a region may be entered.
     *
     * @param number for {@link RegionCode#run}
     * @param offset from the first block
     */
    record Entry(Region region, int number, int offset) {}

    private final List<Member> members;

    /** Numbers of the members that the code may be entered at; the first is 0. */
    private final List<Integer> entries;

    /** Bytes from the page of the first block to another page in linear memory, and where that is in physical memory. */
    private final Map<Integer, Long> pages = new TreeMap<>();

    /** In all blocks: the code never runs longer without looking at the time. */
    final int instructions;

    /** It leaves for what is {@link mckernelj.emulator.cpu.Rare}; if that is not rare it is replaced. */
    final boolean leavesWhenRare;

    /** How often it has left for that. */
    int rareLeaves;

    /** Null until it is translated. */
    RegionCode code;

    Region(List<Member> members, Set<Integer> entryOffsets) {
        this(members, entryOffsets, true);
    }

    private Region(List<Member> members, Set<Integer> entryOffsets, boolean leavesWhenRare) {
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
        entries = IntStream.range(0, members.size())
                .filter(i -> i == 0 || entryOffsets.contains(members.get(i).offset))
                .limit(MOST_ENTRIES)
                .boxed()
                .toList();
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

    List<Integer> entries() {
        return entries;
    }

    private Set<Integer> entryOffsets() {
        return entries.stream().map(i -> members.get(i).offset).collect(Collectors.toSet());
    }

    /** Its first blocks only. */
    Region half() {
        return new Region(members.subList(0, (members.size() + 1) / 2), entryOffsets(), leavesWhenRare);
    }

    /** The same blocks, with calls of what turned out not to be rare. */
    Region withCalls() {
        return new Region(members, entryOffsets(), false);
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
