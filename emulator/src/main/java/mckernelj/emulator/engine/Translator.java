// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.translate.RegionCompiler;
import mckernelj.emulator.translate.RegionCompiler.Part;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tier 1: makes {@link RegionCode} of blocks that have become hot, with the hot blocks that they lead to. One thread per
 * machine, so that the processors go on meanwhile.
 */
final class Translator {
    private static final Logger LOG = LoggerFactory.getLogger(Translator.class);

    /**
     * Entries of a block until it is translated. HotSpot then spends tens of milliseconds on it, which is as long as the interpreter needs for some
     * million instructions. Processor time of a mix of python3, perl, sort, gzip and openssl, four rounds: 34.5 s with 30,000, 27.4 s with 100,000,
     * 30.3 s with 400,000 (host busy).
     */
    static final int HOT = 100_000;

    /** Entries of a block that make it worth while to be part of another one's translation. */
    static final int WARM = HOT / 20;

    /** So often a region may leave for something rare. */
    static final int RARE = 2000;

    /** Runs of a region until it is looked whether it should be larger, and how long an average run is that is long enough. */
    static final int RUNS = 50_000;

    static final int LONG_RUN = 1000;

    private final BlockCache blocks;
    private final RegionCompiler compiler;
    private final BlockingQueue<Region> queue = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::work, "translator");

    Translator(BlockCache blocks, RegionCompiler compiler) {
        this.blocks = blocks;
        this.compiler = compiler;
        thread.setDaemon(true);
        thread.start();
    }

    /** {@code head} has become hot, at {@code linear} in the memory that the processor sees. On the processor's host thread. */
    void request(Cpu cpu, Block head, long linear) {
        if (head.codeSize == 64 && head.secondPage < 0) {
            queue.add(RegionFormer.form(blocks, cpu, head, linear));
        }
    }

    /** {@code region} often goes on with other code, soon; its first block is at {@code linear}. On the processor's host thread. */
    void reform(Cpu cpu, Region region, long linear) {
        Region larger = RegionFormer.reform(blocks, cpu, region, linear);
        if (larger.size() > region.size()) {
            queue.add(larger);
        }
    }

    /** {@code region} leaves too often. */
    void replace(Region region) {
        queue.add(region.withCalls());
    }

    void stop() {
        thread.interrupt();
    }

    private void work() {
        try {
            for (; ; ) {
                Region region = queue.take();
                try {
                    translate(region);
                } catch (RuntimeException | LinkageError e) {
                    LOG.error(
                            "code at physical address {} is not translated",
                            Long.toHexString(region.head().physical),
                            e);
                }
            }
        } catch (InterruptedException e) {
            // stopped
        }
    }

    /** As much of it as makes a method that HotSpot compiles. */
    private void translate(Region whole) {
        for (Region region = whole; ; region = region.smaller()) {
            List<Part> parts = region.parts();
            region.code = parts.isEmpty() ? null : compiler.compile(parts, region.leavesWhenRare);
            if (region.code != null) {
                blocks.install(region);
                return;
            }
            if (parts.isEmpty() || region.size() == 1) {
                return; // it has changed, or the first block alone is too long
            }
        }
    }
}
