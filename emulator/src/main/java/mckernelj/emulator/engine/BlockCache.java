// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.decode.CodeBytes;
import mckernelj.emulator.decode.Decoder;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.emulator.isa.CpuFeature;
import mckernelj.emulator.isa.InstructionForm;
import mckernelj.emulator.isa.InstructionTable;

/** All decoded blocks of a machine, by physical address and code size. Thread-safe; decoding is serialised. */
public final class BlockCache {
    private static final int PAGE_BYTES = 4096;

    /** Told before a page is decoded for the first time, so that stores to it are noticed from then on. */
    public interface CodePageMarker {
        void markCode(long physicalPage);
    }

    private final PhysicalMemory memory;
    private final CodePageMarker marker;
    private final Decoder decoder;
    private final ConcurrentHashMap<Long, Page> pages = new ConcurrentHashMap<>();

    /** Blocks of one physical page: [code size][offset in page]. */
    private static final class Page {
        final Block[][] blocks = new Block[3][];
    }

    public BlockCache(PhysicalMemory memory, InstructionTable table, Set<CpuFeature> features, CodePageMarker marker) {
        this.memory = memory;
        this.marker = marker;
        this.decoder = new Decoder(table, features);
    }

    /** The block at {@code linear}; decodes it if need be. May raise the page fault of fetching its first instruction. */
    Block lookup(Cpu cpu, long linear) {
        long physical = cpu.mmu.translateFetch(linear);
        Page page = pages.get(physical >>> 12);
        if (page != null) {
            Block[] row = page.blocks[cpu.codeSize >>> 5];
            Block block = row == null ? null : row[(int) physical & PAGE_BYTES - 1];
            if (block != null && !block.stale() && secondPageMatches(cpu, block, linear)) {
                return block;
            }
        }
        return decode(cpu, linear, physical, Block.LONGEST, true);
    }

    /** A block of just the instruction at {@code linear}, not kept. */
    Block single(Cpu cpu, long linear) {
        return decode(cpu, linear, cpu.mmu.translateFetch(linear), 1, false);
    }

    private static boolean secondPageMatches(Cpu cpu, Block block, long linear) {
        return block.secondPage < 0 || cpu.mmu.translateFetch((linear | PAGE_BYTES - 1) + 1) == block.secondPage;
    }

    private synchronized Block decode(Cpu cpu, long linear, long physical, int most, boolean keep) {
        long first = physical & -PAGE_BYTES;
        int inPage = (int) physical & PAGE_BYTES - 1;
        // marked before the bytes are read: a store that comes later is seen as a change
        Page page = pages.get(first >>> 12);
        if (page == null) {
            marker.markCode(first);
            page = pages.computeIfAbsent(first >>> 12, k -> new Page());
        }
        Bytes bytes = new Bytes(cpu, linear, physical);
        List<Op> ops = new ArrayList<>();
        int length = 0;
        do {
            boolean fits = true;
            Op op = null;
            if (ops.isEmpty()) {
                op = decoder.decode(bytes, 0, cpu.codeSize);
            } else {
                bytes.stopAtPageEnd = true;
                try {
                    op = decoder.decode(bytes, length, cpu.codeSize);
                } catch (PageEnd e) {
                    fits = false;
                }
            }
            if (!fits || op == null) {
                break;
            }
            ops.add(op);
            length = op.nextOffset;
            if (ends(op) || inPage + length >= PAGE_BYTES) {
                break;
            }
        } while (ops.size() < most);
        Block block = new Block(ops.toArray(new Op[0]), length, bytes.second);
        if (keep) {
            Block[] row = page.blocks[cpu.codeSize >>> 5];
            if (row == null) {
                row = new Block[PAGE_BYTES];
                page.blocks[cpu.codeSize >>> 5] = row;
            }
            row[inPage] = block;
        }
        return block;
    }

    private static boolean ends(Op op) {
        return !(op.form instanceof InstructionForm form) || form.encoding.ends();
    }

    /** Bytes at [physical, physical + lengthBytes) changed: blocks on those pages are stale from now on. */
    public void codeWritten(long physical, long lengthBytes) {
        long last = physical + lengthBytes - 1 >>> 12;
        for (long number = physical >>> 12; number <= last; number++) {
            Page page = pages.get(number);
            if (page != null) {
                int from = (int) Math.max(physical - (number << 12), 0);
                int to = (int) Math.min(physical + lengthBytes - (number << 12), PAGE_BYTES);
                invalidate(page, from, to);
            }
            Page before = pages.get(number - 1);
            if (before != null && physical - (number << 12) < 16) {
                invalidate(before, PAGE_BYTES, PAGE_BYTES + 16);
            }
        }
    }

    private synchronized void invalidate(Page page, int from, int to) {
        for (Block[] row : page.blocks) {
            if (row == null) {
                continue;
            }
            // a block that covers a changed byte starts at most its longest possible length before it
            for (int start = Math.max(0, from - Block.LONGEST * 15); start < Math.min(to, PAGE_BYTES); start++) {
                Block block = row[start];
                if (block != null && start + block.length > from) {
                    row[start] = null;
                    block.invalidate();
                }
            }
        }
    }

    /** Signals that the next instruction of a block would cross the page. */
    @SuppressWarnings("serial") // never serialised
    private static final class PageEnd extends RuntimeException {
        static final PageEnd INSTANCE = new PageEnd();

        private PageEnd() {
            super(null, null, false, false);
        }
    }

    private final class Bytes implements CodeBytes {
        private final Cpu cpu;
        private final long linear;
        private final long physical;
        private final int firstPage;
        boolean stopAtPageEnd;
        long second = -1;

        Bytes(Cpu cpu, long linear, long physical) {
            this.cpu = cpu;
            this.linear = linear;
            this.physical = physical;
            this.firstPage = PAGE_BYTES - ((int) physical & PAGE_BYTES - 1);
        }

        @Override
        public int at(int offset) {
            if (offset < firstPage) {
                return memory.getByte(physical + offset) & 0xFF;
            }
            if (stopAtPageEnd) {
                throw PageEnd.INSTANCE;
            }
            if (second < 0) {
                second = cpu.mmu.translateFetch(linear + firstPage);
                marker.markCode(second);
            }
            return memory.getByte(second + offset - firstPage) & 0xFF;
        }
    }
}
