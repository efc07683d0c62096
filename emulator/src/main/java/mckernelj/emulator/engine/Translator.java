// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.RegionCode;
import mckernelj.emulator.isa.InstructionForm;
import mckernelj.emulator.translate.RegionCompiler;
import mckernelj.emulator.translate.RegionCompiler.Part;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tier 1: makes {@link RegionCode} of blocks that have become hot, with the hot blocks of the same page that they lead to. One thread per
 * machine, so that the processors go on meanwhile.
 */
final class Translator {
    private static final Logger LOG = LoggerFactory.getLogger(Translator.class);

    /**
     * Entries of a block until it is translated. HotSpot then spends tens of milliseconds on it, which is as long as the interpreter needs for a
     * million instructions. Measured on a mix of python3, perl, sort, gzip and openssl (processor time of five rounds, host busy): 69 s with 200, 48
     * with 30,000, 46 without translation.
     */
    static final int HOT = 30_000;

    /** Entries of a block that make it worth while to be part of another one's translation. */
    private static final int WARM = HOT / 20;

    /**
     * The same mix took 42 s with 100 when code that has a translation of its own is not put into another one, 34 s with 50.
     */
    private static final int MOST_INSTRUCTIONS = 50;

    private static final int PAGE_BYTES = 4096;

    private final BlockCache blocks;
    private final RegionCompiler compiler;
    private final BlockingQueue<Block> queue = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::work, "translator");

    Translator(BlockCache blocks, RegionCompiler compiler) {
        this.blocks = blocks;
        this.compiler = compiler;
        thread.setDaemon(true);
        thread.start();
    }

    /** {@code head} has become hot. Any thread. */
    void request(Block head) {
        if (head.codeSize == 64 && head.secondPage < 0) {
            queue.add(head);
        }
    }

    void stop() {
        thread.interrupt();
    }

    private void work() {
        try {
            for (; ; ) {
                Block head = queue.take();
                try {
                    translate(head);
                } catch (RuntimeException | LinkageError e) {
                    LOG.error("the block at physical address {} is not translated", Long.toHexString(head.physical), e);
                }
            }
        } catch (InterruptedException e) {
            // stopped
        }
    }

    private void translate(Block head) {
        if (head.heat < HOT) {
            return; // meanwhile part of a region
        }
        for (int most = MOST_INSTRUCTIONS; most > 0; most /= 2) {
            List<Block> blocks = region(head, most);
            List<Part> parts = parts(blocks);
            RegionCode code = parts.isEmpty() ? null : compiler.compile(parts);
            if (code != null) {
                int instructions = parts.stream().mapToInt(p -> p.ops().length).sum();
                this.blocks.install(new Region(blocks, code, instructions));
                return;
            }
            if (blocks.size() <= 1) {
                return; // the head alone is too long, or has changed
            }
        }
    }

    /** Empty if something has changed. */
    private static List<Part> parts(List<Block> blocks) {
        List<Part> parts = new ArrayList<>();
        for (Block block : blocks) {
            Op[] ops = block.ops.clone();
            if (!isTranslatable(ops)) {
                return List.of();
            }
            parts.add(new Part((int) (block.physical - blocks.get(0).physical), block.length, ops));
        }
        return parts;
    }

    private static boolean isTranslatable(Op[] ops) {
        for (Op op : ops) {
            if (!(op.form instanceof InstructionForm)) {
                return false; // undefined or stale
            }
        }
        return true;
    }

    /** The head and what it leads to, nearest first. */
    private List<Block> region(Block head, int mostInstructions) {
        List<Block> region = new ArrayList<>(List.of(head));
        int instructions = 0;
        for (int i = 0; i < region.size(); i++) {
            Block block = region.get(i);
            instructions += block.ops.length;
            if (instructions > mostInstructions && i > 0) {
                return List.copyOf(region.subList(0, i));
            }
            Op last = block.ops[block.ops.length - 1];
            if (last.form instanceof InstructionForm form) {
                if (form.isDirectBranch()) {
                    follow(block, block.length + last.immediate, region);
                }
                if (!form.ends() || form.mayGoOn()) {
                    follow(block, block.length, region);
                }
            }
        }
        return List.copyOf(region);
    }

    private void follow(Block from, long offset, List<Block> region) {
        long start = (from.physical & PAGE_BYTES - 1) + offset;
        if (start >= 0 && start < PAGE_BYTES) {
            Block next = blocks.peek(from.physical + offset, from.codeSize);
            if (next != null
                    && next.region == null
                    && next.heat >= WARM
                    && isTranslatable(next.ops)
                    && !region.contains(next)) {
                region.add(next);
            }
        }
    }
}
