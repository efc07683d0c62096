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
import mckernelj.emulator.mmu.CodePages;

/** All decoded blocks of a machine, by physical address and code size. Thread-safe; decoding is serialised. */
public final class BlockCache {
    private static final int PAGE_BYTES = 4096;

    private final PhysicalMemory memory;
    private final CodePages codePages;
    private final Decoder decoder;
    private final ConcurrentHashMap<Long, Page> pages = new ConcurrentHashMap<>();

    /** Blocks of one physical page: [code size][offset in page]. */
    private static final class Page {
        final Block[][] blocks = new Block[3][];
        int count;

        /** Blocks whose only instruction begins on another page and ends on this one. */
        final List<Block> tails = new ArrayList<>();
    }

    public BlockCache(PhysicalMemory memory, InstructionTable table, Set<CpuFeature> features, CodePages codePages) {
        this.memory = memory;
        this.codePages = codePages;
        this.decoder = new Decoder(table, features);
        codePages.addListener(this::codeWritten);
    }

    /**
     * The block at {@code linear}; decodes it if need be. May raise the page fault of fetching its first instruction.
     */
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
        return decode(cpu, linear, physical);
    }

    private static boolean secondPageMatches(Cpu cpu, Block block, long linear) {
        return block.secondPage < 0 || cpu.mmu.translateFetch((linear | PAGE_BYTES - 1) + 1) == block.secondPage;
    }

    private Block decode(Cpu cpu, long linear, long physical) {
        Bytes bytes = new Bytes(cpu, linear, physical);
        for (; ; ) {
            // marked before the bytes are read: a store that comes later is seen as a change. Not under the lock:
            // marking waits for other processors, which may be about to decode.
            if (bytes.unmarked >= 0) {
                codePages.markCode(bytes.unmarked);
            }
            bytes.reset();
            synchronized (this) {
                try {
                    bytes.requireMark(physical);
                    return decode(cpu, bytes);
                } catch (Unmarked again) {
                    // bytes.unmarked tells which page: once more
                }
            }
        }
    }

    private Block decode(Cpu cpu, Bytes bytes) {
        int inPage = (int) bytes.physical & PAGE_BYTES - 1;
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
        } while (ops.size() < Block.LONGEST);
        Block block = new Block(ops.toArray(new Op[0]), length, bytes.second);
        keep(block, cpu.codeSize >>> 5, bytes.physical);
        return block;
    }

    private void keep(Block block, int size, long physical) {
        Page page = pages.computeIfAbsent(physical >>> 12, k -> new Page());
        Block[] row = page.blocks[size];
        if (row == null) {
            row = new Block[PAGE_BYTES];
            page.blocks[size] = row;
        }
        int inPage = (int) physical & PAGE_BYTES - 1;
        page.count += row[inPage] == null ? 1 : 0;
        row[inPage] = block;
        if (block.secondPage >= 0) {
            pages.computeIfAbsent(block.secondPage >>> 12, k -> new Page()).tails.add(block);
        }
    }

    private static boolean ends(Op op) {
        return !(op.form instanceof InstructionForm form) || form.encoding.ends();
    }

    /**
     * Bytes at [physical, physical + lengthBytes), in one page, changed: blocks with such bytes are stale from now
     * on.
     */
    private synchronized void codeWritten(long physical, long lengthBytes) {
        Page page = pages.get(physical >>> 12);
        if (page == null) {
            codePages.unmarkCode(physical); // its blocks are gone already
            return;
        }
        int from = (int) physical & PAGE_BYTES - 1;
        for (Block[] row : page.blocks) {
            if (row != null) {
                invalidate(page, row, from, from + (int) lengthBytes);
            }
        }
        if (from < 15) {
            page.tails.forEach(Block::invalidate);
            page.tails.clear();
        }
        if (page.count == 0 && page.tails.isEmpty()) {
            pages.remove(physical >>> 12);
            codePages.unmarkCode(physical);
        }
    }

    private static void invalidate(Page page, Block[] row, int from, int to) {
        // a block that covers a changed byte starts at most its longest possible length before it
        for (int start = Math.max(0, from - Block.LONGEST * 15); start < to; start++) {
            Block block = row[start];
            if (block != null && start + block.length > from) {
                row[start] = null;
                page.count--;
                block.invalidate();
            }
        }
    }

    /** A page is not marked as code: {@link Bytes#unmarked}. */
    @SuppressWarnings("serial") // never serialised
    private static final class Unmarked extends RuntimeException {
        static final Unmarked INSTANCE = new Unmarked();

        private Unmarked() {
            super(null, null, false, false);
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
        long unmarked;

        Bytes(Cpu cpu, long linear, long physical) {
            this.cpu = cpu;
            this.linear = linear;
            this.physical = physical;
            this.firstPage = PAGE_BYTES - ((int) physical & PAGE_BYTES - 1);
            this.unmarked = codePages.isMarked(physical) ? -1 : physical;
        }

        void reset() {
            stopAtPageEnd = false;
            second = -1;
            unmarked = -1;
        }

        void requireMark(long page) {
            if (!codePages.isMarked(page) && memory.isRam(page, 1)) {
                unmarked = page;
                throw Unmarked.INSTANCE;
            }
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
                requireMark(second);
            }
            return memory.getByte(second + offset - firstPage) & 0xFF;
        }
    }
}
