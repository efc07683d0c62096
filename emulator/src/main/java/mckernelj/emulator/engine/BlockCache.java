// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.decode.CodeBytes;
import mckernelj.emulator.decode.Decoder;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.emulator.isa.InstructionForm;
import mckernelj.emulator.isa.InstructionTable;
import mckernelj.emulator.memory.CodePages;

/** All decoded blocks of a machine, by physical address and code size. Thread-safe; decoding is serialised. */
public final class BlockCache implements AutoCloseable {
    private static final int PAGE_SHIFT = 12;
    private static final int PAGE_BYTES = 1 << PAGE_SHIFT;
    private static final int CHUNK_SHIFT = 21;
    private static final long CHUNK_BYTES = 1L << CHUNK_SHIFT;
    private static final int PAGES_PER_CHUNK = 1 << CHUNK_SHIFT - PAGE_SHIFT;

    private final PhysicalMemory memory;
    private final CodePages codePages;
    /** Decoded since the last {@link #clear}; some 64 bytes each. */
    private static final int MOST_INSTRUCTIONS = 2_000_000;

    private int instructions;
    private final Decoder decoder;
    /** Null: hot code is interpreted as well. */
    private final Translator translator;

    private final Thresholds thresholds;
    private final InstalledRegions installed;

    /** How often regions were removed to make room. */
    private volatile int evictions;

    private final AtomicReferenceArray<AtomicReferenceArray<CodePage>> chunks;

    public BlockCache(
            PhysicalMemory memory,
            InstructionTable table,
            Set<CpuFeature> features,
            CodePages codePages,
            EngineOptions engine) {
        this.memory = memory;
        this.chunks = new AtomicReferenceArray<>((int) (memory.end() + CHUNK_BYTES - 1 >>> CHUNK_SHIFT));
        this.codePages = codePages;
        this.decoder = new Decoder(table, features);
        translator = engine.translates() ? new Translator(this, table, engine, memory) : null;
        thresholds = translator == null ? Thresholds.NEVER : translator.thresholds();
        installed = new InstalledRegions(thresholds.mostTranslated());
        codePages.addListener(this::codeWritten);
    }

    /** How many regions have been translated. */
    public int translations() {
        return translator == null ? 0 : translator.translations();
    }

    /** How many of them have been compiled by HotSpot's second compiler. */
    public int optimisations() {
        return translator == null ? 0 : translator.optimisations();
    }

    int evictions() {
        return evictions;
    }

    Thresholds thresholds() {
        return thresholds;
    }

    /** {@code head} has become hot: {@link Translator#request}. */
    void requestTranslation(Cpu cpu, Block head, long linear) {
        if (translator != null) {
            translator.request(cpu, head, linear);
        }
    }

    /** {@link Translator#reform}. */
    void requestReforming(Cpu cpu, Region region, long linear) {
        if (translator != null) {
            translator.reform(cpu, region, linear);
        }
    }

    /** {@code region} leaves too often for what should be rare: {@link Translator#replace}. */
    void requestReplacement(Region region) {
        if (translator != null) {
            translator.replace(region);
        }
    }

    /** {@link Translator#check}. */
    void check(Region region) {
        if (translator != null) {
            translator.check(region);
        }
    }

    /** The block at {@code physical} if there is one, else null; its second page is not looked at. */
    Block peek(long physical, int codeSize) {
        CodePage page = page(physical);
        Block block = page == null ? null : page.first(physical);
        while (block != null && !isAt(block, physical, codeSize)) {
            block = block.next;
        }
        return block;
    }

    private static boolean isAt(Block block, long physical, int codeSize) {
        return block.physical == physical && block.codeSize == codeSize && !block.stale();
    }

    /** The 64-bit block at {@code linear}, decoded if need be; null if there cannot be one. On the processor's host thread, which executes such code. */
    Block at(Cpu cpu, long linear) {
        try {
            return lookup(cpu, linear);
        } catch (X86Fault fault) {
            return null;
        }
    }

    /** From now on the region is executed where its head is, until one of its blocks changes. */
    synchronized void install(Region region) {
        if (region.stale()) {
            region.release(0);
            return;
        }
        Block.install(region);
        installed.add(region);
        if (!region.onTrial) {
            region.replaced.stream().filter(Block::isUnused).forEach(this::remove);
            region.replaced.clear();
        }
        List<Region> surplus = installed.removeSurplus();
        surplus.forEach(Block::remove);
        evictions += surplus.isEmpty() ? 0 : 1;
    }

    /**
     * {@code region} has to wait for its machine code; those that it has replaced are executed meanwhile. One on trial that has replaced none goes on;
     * one that has lost its machine code does not: its blocks are interpreted.
     *
     * @return false if it is not in use, or waits already
     */
    synchronized boolean withdraw(Region region) {
        if (region.retired || !(region.onTrial || region.optimised)) {
            return false;
        }
        boolean runs = region.onTrial && region.replaced.isEmpty();
        region.onTrial = false;
        region.optimised = false;
        if (!runs) {
            Block.withdraw(region);
        }
        return true;
    }

    private void remove(Region region) {
        Block.remove(region);
        installed.remove(region);
    }

    /** Ends the translation of hot code. */
    @Override
    public void close() {
        if (translator != null) {
            translator.stop();
        }
    }

    /**
     * The block at {@code linear}; decodes it if need be. May raise the page fault of fetching its first instruction.
     */
    Block lookup(Cpu cpu, long linear) {
        long physical = cpu.mmu.translateFetch(linear);
        CodePage page = page(physical);
        Block block = page == null ? null : page.first(physical);
        for (; block != null; block = block.next) {
            if (block.physical == physical && block.codeSize == cpu.codeSize && isValid(block, cpu, linear)) {
                return block;
            }
        }
        return decode(cpu, linear, physical);
    }

    /** True if {@code block} is at {@code linear} and has not changed. May raise the page fault of fetching an instruction. */
    boolean matches(Block block, Cpu cpu, long linear) {
        return cpu.mmu.translateFetch(linear) == block.physical && isValid(block, cpu, linear);
    }

    private static boolean isValid(Block block, Cpu cpu, long linear) {
        return !block.stale()
                && (block.secondPage < 0 || cpu.mmu.translateFetch((linear | PAGE_BYTES - 1) + 1) == block.secondPage);
    }

    private CodePage page(long physical) {
        long chunk = physical >>> CHUNK_SHIFT;
        AtomicReferenceArray<CodePage> pages = chunk < chunks.length() ? chunks.get((int) chunk) : null;
        return pages == null ? null : pages.get(inChunk(physical));
    }

    private static int inChunk(long physical) {
        return (int) (physical >>> PAGE_SHIFT) & PAGES_PER_CHUNK - 1;
    }

    private Block decode(Cpu cpu, long linear, long physical) {
        if (instructions > MOST_INSTRUCTIONS) {
            clear();
        }
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
        Block block = new Block(ops.toArray(new Op[0]), bytes.physical, length, cpu.codeSize, bytes.second);
        if (memory.isRam(bytes.physical, 1)) {
            keep(block);
        }
        return block;
    }

    /** Forgets everything: a guest that jumps to each byte of its memory must not fill the host's. */
    private synchronized void clear() {
        instructions = 0;
        for (int chunk = 0; chunk < chunks.length(); chunk++) {
            AtomicReferenceArray<CodePage> pages = chunks.get(chunk);
            for (int page = 0; pages != null && page < PAGES_PER_CHUNK; page++) {
                if (pages.get(page) != null) {
                    codeWritten((long) chunk << CHUNK_SHIFT | (long) page << PAGE_SHIFT, PAGE_BYTES);
                }
            }
        }
    }

    private void keep(Block block) {
        instructions += block.ops.length;
        pageFor(block.physical).add(block);
        if (block.secondPage >= 0 && memory.isRam(block.secondPage, 1)) {
            pageFor(block.secondPage).addTail(block);
        }
    }

    private CodePage pageFor(long physical) {
        int chunk = (int) (physical >>> CHUNK_SHIFT);
        AtomicReferenceArray<CodePage> pages = chunks.get(chunk);
        if (pages == null) {
            pages = new AtomicReferenceArray<>(PAGES_PER_CHUNK);
            chunks.set(chunk, pages);
        }
        CodePage page = pages.get(inChunk(physical));
        if (page == null) {
            page = new CodePage();
            pages.set(inChunk(physical), page);
        }
        return page;
    }

    private static boolean ends(Op op) {
        return !(op.form instanceof InstructionForm form) || form.ends();
    }

    /** Bytes at [physical, physical + lengthBytes), in one page, changed: blocks with such bytes are stale from now on. */
    private synchronized void codeWritten(long physical, long lengthBytes) {
        CodePage page = page(physical);
        if (page != null) {
            page.invalidate(physical, (int) lengthBytes);
            if (!page.isEmpty()) {
                return;
            }
            chunks.get((int) (physical >>> CHUNK_SHIFT)).set(inChunk(physical), null);
        }
        codePages.unmarkCode(physical);
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
