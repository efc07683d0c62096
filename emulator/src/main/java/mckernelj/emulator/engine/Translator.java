// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.RegionCode;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.emulator.isa.InstructionTable;
import mckernelj.emulator.translate.HostCompiler;
import mckernelj.emulator.translate.Optimisation;
import mckernelj.emulator.translate.RegionCompiler;
import mckernelj.emulator.translate.RegionCompiler.Part;
import mckernelj.emulator.translate.Tier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tier 1: makes {@link RegionCode} of blocks that have become hot, with the hot blocks that they lead to. One thread per
 * machine, so that the processors go on meanwhile.
 */
final class Translator {
    private static final Logger LOG = LoggerFactory.getLogger(Translator.class);

    private final BlockCache blocks;

    /** Null: it compiles what it finds worth while, after it has looked at how it runs. */
    private final HostCompiler hostCompiler;

    private final SharedTranslations shared;
    private final AtomicInteger translations = new AtomicInteger();
    private final AtomicInteger optimisations = new AtomicInteger();

    /** What a hot block becomes, and what that becomes. */
    private final Tier first;

    private final Tier second;
    private final Thresholds thresholds;

    /** Used by one thread. */
    private final RegionCompiler compiler;

    /** Makes classes. */
    private final Worker translating = new Worker("translator");

    /** Waits for HotSpot's second compiler. */
    private final Worker optimising = new Worker("translator-full");

    Translator(BlockCache blocks, InstructionTable table, EngineOptions options, PhysicalMemory memory) {
        this.blocks = blocks;
        shared = new SharedTranslations(blocks, memory);
        hostCompiler = options.eager() ? null : HostCompiler.find();
        boolean hasQuick = options.has(Optimisation.QUICK)
                && (hostCompiler != null || options.eager() || !options.has(Optimisation.FULL));
        second = options.has(Optimisation.LEAVING) ? Tier.FULL : Tier.CALLING;
        first = hasQuick ? Tier.QUICK : second;
        thresholds = Thresholds.of(options, hasQuick);
        compiler = new RegionCompiler(table, options.optimisations());
    }

    Thresholds thresholds() {
        return thresholds;
    }

    /** {@code head} has become hot, at {@code linear} in the memory that the processor sees. On the processor's host thread. */
    void request(Cpu cpu, Block head, long linear) {
        if (head.codeSize == 64 && head.secondPage < 0 && !head.claimed) {
            Region known = shared.find(cpu, head, linear, 0);
            if (known != null) {
                blocks.install(known);
                return;
            }
            translate(shared.read(RegionFormer.form(blocks, cpu, head, linear, first)));
        }
    }

    /** {@code region} is worth more; its first block is at {@code linear}. On the processor's host thread. */
    void reform(Cpu cpu, Region region, long linear) {
        Region known = shared.find(cpu, region.head(), linear, region.generation + 1);
        if (known != null) {
            blocks.install(known);
            return;
        }
        Region larger = RegionFormer.reform(blocks, cpu, region, linear, second);
        if (region.tier == Tier.QUICK || larger.size() > region.size()) {
            translate(shared.read(larger));
        }
    }

    /** {@code region} leaves too often. */
    void replace(Region region) {
        translate(region.withCalls());
    }

    /**
     * {@code region} is looked at from time to time: one on trial has perhaps run long enough; another one may have lost its machine code, if it did what
     * it never did on trial, and would be interpreted by the JVM until HotSpot compiles it again.
     */
    void check(Region region) {
        boolean due = region.onTrial
                ? region.cycles >= thresholds.trial()
                : region.optimised && !hostCompiler.isCompiled(region.code);
        if (due && blocks.withdraw(region)) {
            optimising.add(region.head(), () -> optimise(region));
        }
    }

    /** How many regions have been translated. */
    int translations() {
        return translations.get();
    }

    /** How many of them have been compiled by HotSpot's second compiler. */
    int optimisations() {
        return optimisations.get();
    }

    void stop() {
        translating.thread.interrupt();
        optimising.thread.interrupt();
    }

    private void translate(Region region) {
        translating.add(region.head(), () -> translateNow(region));
    }

    /** As much of it as makes a method that HotSpot compiles. */
    private void translateNow(Region whole) {
        for (Region region = whole; ; region = region.smaller()) {
            List<Part> parts = region.parts();
            if (parts.isEmpty()) {
                whole.release(0); // it has changed
                return;
            }
            RegionCode code = compiler.compile(parts, region.tier);
            if (code != null && isReady(code, region.tier)) {
                translations.incrementAndGet();
                region.install(code);
                region.onTrial = hostCompiler != null && region.tier != Tier.QUICK;
                install(region);
                if (region.size() < whole.size()) {
                    translate(whole.rest(region.size()));
                }
                return;
            }
            if (region.size() == 1) { // it alone is too long: not tried again
                if (whole.size() > 1) {
                    translate(whole.rest(1));
                }
                return;
            }
        }
    }

    /** It need not be interpreted by the JVM, which would be slower than interpreting the guest's code. */
    private boolean isReady(RegionCode code, Tier tier) {
        return hostCompiler == null
                || hostCompiler.compile(code, tier == Tier.QUICK ? HostCompiler.C1 : HostCompiler.PROFILED);
    }

    private void optimise(Region region) {
        region.optimised = hostCompiler.compile(region.code, HostCompiler.C2);
        optimisations.addAndGet(region.optimised ? 1 : 0);
        install(region);
    }

    private void install(Region region) {
        if (!region.onTrial) {
            shared.add(region);
        }
        blocks.install(region);
    }

    private static final class Worker {
        private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
        private final Thread thread;

        Worker(String name) {
            thread = new Thread(this::work, name);
            thread.setDaemon(true);
            thread.start();
        }

        void add(Block head, Runnable job) {
            queue.add(() -> {
                try {
                    job.run();
                } catch (RuntimeException | LinkageError e) {
                    LOG.error("code at physical address {} is not translated", Long.toHexString(head.physical), e);
                }
            });
        }

        private void work() {
            try {
                for (; ; ) {
                    queue.take().run();
                }
            } catch (InterruptedException e) {
                // stopped
            }
        }
    }
}
