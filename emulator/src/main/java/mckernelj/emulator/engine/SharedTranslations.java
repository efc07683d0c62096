// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.hw.PhysicalMemory;

/**
 * Translations by what they translate: code that is the same elsewhere (a copy of a program, a file that was read again into other frames) need not be
 * translated again. A {@link Region} belongs to its frames; its {@link mckernelj.emulator.cpu.RegionCode} does not. Thread-safe.
 */
final class SharedTranslations {
    private static final int FORGET_EVERY = 1024;

    private final BlockCache blocks;
    private final PhysicalMemory memory;

    /** By {@link #key} of the first block: the latest one. */
    private final Map<Long, WeakReference<Region>> byHead = new ConcurrentHashMap<>();

    /** Roughly: several threads count. */
    private int added;

    SharedTranslations(BlockCache blocks, PhysicalMemory memory) {
        this.blocks = blocks;
        this.memory = memory;
    }

    /** The region is to be translated: notes what its blocks are made of. On a processor's host thread, as long as there is memory. */
    Region read(Region region) {
        region.bytes = bytes(region.members());
        return region;
    }

    /** The region has been translated. What was {@link #read} is right if no block is stale. */
    void add(Region region) {
        if ((++added & FORGET_EVERY - 1) == 0) {
            byHead.values().removeIf(reference -> reference.get() == null);
        }
        if (!region.stale()) {
            byHead.put(key(region.head(), region.bytes), new WeakReference<>(region));
        }
    }

    /**
     * A region like one that was translated, for the same code around {@code head}, which is at {@code linear} in the memory that the processor sees;
     * null if there is none. On the processor's host thread.
     *
     * @param generation of the other one, at least
     */
    Region find(Cpu cpu, Block head, long linear, int generation) {
        WeakReference<Region> reference = byHead.get(key(head, bytes(List.of(new Region.Member(head, 0)))));
        Region known = reference == null ? null : reference.get();
        if (known == null || known.generation < generation || known.head() == head) {
            return null;
        }
        List<Region.Member> members = new ArrayList<>();
        for (Region.Member member : known.members()) {
            Block block = blocks.at(cpu, linear + member.offset());
            if (block == null
                    || block.length != member.block().length
                    || block.ops.length != member.block().ops.length) {
                return null;
            }
            members.add(new Region.Member(block, member.offset()));
        }
        Region region = read(new Region(members, known.tier, known.generation));
        if (!Arrays.equals(region.bytes, 0, region.bytes.length, known.bytes, 0, region.bytes.length)) {
            return null;
        }
        region.install(known.code);
        region.optimised = known.optimised;
        add(region); // the known one may go before it
        return region;
    }

    private byte[] bytes(List<Region.Member> members) {
        byte[] bytes = new byte
                [members.stream().mapToInt(member -> member.block().length).sum()];
        int position = 0;
        for (Region.Member member : members) {
            Block block = member.block();
            int onPage = block.secondPage < 0 ? block.length : (int) -(block.physical | -4096L);
            for (int i = 0; i < block.length; i++) {
                long at = i < onPage ? block.physical + i : block.secondPage + i - onPage;
                bytes[position++] = memory.getByte(at);
            }
        }
        return bytes;
    }

    /** {@code bytes} begins with those of {@code head}. */
    private static long key(Block head, byte[] bytes) {
        return (long) Arrays.hashCode(Arrays.copyOf(bytes, head.length)) << 12 ^ head.physical & 4095;
    }
}
