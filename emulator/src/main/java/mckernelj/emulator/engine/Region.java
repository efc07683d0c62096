// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.RegionCode;
import mckernelj.emulator.isa.InstructionForm;
import mckernelj.emulator.translate.RegionCompiler.Part;
import mckernelj.emulator.translate.Tier;

/**
 * Blocks that are translated together; each of them is an entry. They lie where they lay in linear memory when the region was formed: it is
 * only to be used where that is so.
 */
final class Region {
    private static final int PAGE_BYTES = 4096;
    static final int MOST_INSTRUCTIONS = 100;

    /** In a region that was formed again. */
    static final int MOST_IN_REFORMED = 220;

    static final int LAST_GENERATION = 2;

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

    /** Bytes from the page of the first block to its pages in linear memory, and where these are in physical memory. */
    private final int[] pages;

    private final long[] frames;

    /** In all blocks: the code never runs longer without looking at the time. */
    final int instructions;

    final Tier tier;

    /** How often it has left for that. */
    int rareLeaves;

    /** Increases when it is formed again; 0 is for {@link Tier#QUICK}. */
    final int generation;

    /** How often it ran, by all processors, roughly, how long, and where the code went on, as distances from the first block. */
    int runs;

    long cycles;

    /** {@link #runs} when room was last needed for others. */
    int runsBefore;

    final JumpTargets exits = new JumpTargets();

    /** Null until it is translated. */
    RegionCode code;

    /** Of its blocks, one after the other, perhaps with more behind them: {@link SharedTranslations#read}. */
    byte[] bytes;

    /** Some of its blocks have changed, or are entries of another region. */
    volatile boolean retired;

    /** Control registers must permit SSE, AVX: the code does not look at {@link Cpu#sseFault} and {@link Cpu#avxFault}. */
    boolean needsSse;

    boolean needsAvx;

    /** It has been asked for one that replaces it. */
    boolean outgrown;

    /** It runs with counters that tell HotSpot's second compiler what happens. */
    volatile boolean onTrial;

    /** HotSpot's second compiler has compiled it. */
    volatile boolean optimised;

    /** {@link #cycles} when it was last looked whether that is still so. */
    long checked;

    /** Nothing leads into it any more, and its blocks do not know it. */
    boolean removed;

    /** Those whose blocks it has become, which stand in while it is compiled ({@link BlockCache#withdraw}); empty when it has been. */
    final Set<Region> replaced = new LinkedHashSet<>();

    Region(List<Member> members, Tier tier, int generation) {
        this.generation = generation;
        this.tier = tier;
        this.members = List.copyOf(members);
        Map<Integer, Long> byPage = new TreeMap<>();
        int firstInPage = (int) head().physical & PAGE_BYTES - 1;
        int sum = 0;
        for (Member member : members) {
            Block block = member.block;
            sum += block.ops.length;
            int page = firstInPage + member.offset & -PAGE_BYTES;
            byPage.put(page, block.physical & -PAGE_BYTES);
            if (block.secondPage >= 0) {
                byPage.put(page + PAGE_BYTES, block.secondPage);
            }
        }
        instructions = sum;
        pages = byPage.keySet().stream().mapToInt(page -> page).toArray();
        frames = byPage.values().stream().mapToLong(frame -> frame).toArray();
    }

    /** The blocks from {@code from} on are not part of it after all: they may become hot again. */
    void release(int from) {
        for (Member member : members.subList(from, members.size())) {
            if (member.block.entry == null) {
                member.block.claimed = false;
                member.block.heat = 0;
            }
        }
    }

    /** Before the region is shown to others. */
    void install(RegionCode translation) {
        code = translation;
        needsSse = translation.needsSse;
        needsAvx = translation.needsAvx;
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
        return withBytes(new Region(members.subList(0, members.size() * 4 / 5), tier, generation));
    }

    /** What {@link #smaller} has left, without the first {@code from} blocks. */
    Region rest(int from) {
        int first = members.get(from).offset;
        List<Member> left = members.subList(from, members.size()).stream()
                .map(member -> new Member(member.block, member.offset - first))
                .toList();
        int skipped = members.subList(0, from).stream()
                .mapToInt(member -> member.block.length)
                .sum();
        Region rest = new Region(left, tier, generation);
        rest.bytes = Arrays.copyOfRange(bytes, skipped, bytes.length);
        return rest;
    }

    /** The same blocks, with calls of what turned out not to be rare. */
    Region withCalls() {
        return withBytes(new Region(members, Tier.CALLING, generation));
    }

    private Region withBytes(Region other) {
        other.bytes = bytes;
        return other;
    }

    /** True if it is what {@code older} has become. */
    boolean replaces(Region older) {
        return generation > older.generation || head() == older.head();
    }

    /**
     * True if all pages lie where they lay, seen from a first block at {@code linear}, where one of its blocks is known to be: always true of a
     * region in one page.
     */
    boolean isAt(Cpu cpu, long linear) {
        if (pages.length == 1) {
            return true;
        }
        long first = linear & -PAGE_BYTES;
        for (int i = 0; i < pages.length; i++) {
            if (cpu.mmu.probeFetch(first + pages[i]) != frames[i]) {
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
