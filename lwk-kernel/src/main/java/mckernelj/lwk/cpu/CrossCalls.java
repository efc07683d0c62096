// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.cpu;

import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import mckernelj.ihk.os.InterruptVectors;

/**
 * Lets other processors execute something and waits until they have: SMP function calls and TLB shootdown. The caller takes interrupts
 * while it waits, so two processors may call each other; it holds no Java lock.
 */
public final class CrossCalls {
    private record Call(CpuLocal from, Consumer<CpuLocal> action, AtomicInteger pending) {}

    /** Calls for each processor, by number. */
    private final ConcurrentLinkedQueue<Call>[] incoming;

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic class
    public CrossCalls(int cpuCount) {
        incoming = new ConcurrentLinkedQueue[cpuCount];
        for (int i = 0; i < cpuCount; i++) {
            incoming[i] = new ConcurrentLinkedQueue<>();
        }
    }

    /** Runs {@code action} on each of {@code targets}, {@code from} included if it is among them. */
    public void run(CpuLocal from, Collection<CpuLocal> targets, Consumer<CpuLocal> action) {
        run(from, targets, action, InterruptVectors.FUNCTION_CALL);
    }

    /** Drops the translations of [start, end) on {@code targets}. */
    public void flushTranslations(CpuLocal from, Collection<CpuLocal> targets, long startLinear, long endLinear) {
        // McKernel's request slots: one vector for each of 64 senders.
        int slots = InterruptVectors.TLB_FLUSH_LAST - InterruptVectors.TLB_FLUSH_FIRST + 1;
        int vector = InterruptVectors.TLB_FLUSH_FIRST + from.id() % slots;
        run(from, targets, cpu -> cpu.flushTranslations(startLinear, endLinear), vector);
    }

    private void run(CpuLocal from, Collection<CpuLocal> targets, Consumer<CpuLocal> action, int vector) {
        AtomicInteger pending = new AtomicInteger();
        Call call = new Call(from, action, pending);
        for (CpuLocal target : targets) {
            if (target != from) {
                pending.incrementAndGet();
                incoming[target.id()].add(call);
                from.hw().sendIpi(target.hw().apicId(), vector);
            }
        }
        if (targets.contains(from)) {
            action.accept(from);
        }
        from.waitUntil(() -> pending.get() == 0);
    }

    /** The interrupt at the target. */
    public void interrupt(CpuLocal cpu) {
        Call call;
        while ((call = incoming[cpu.id()].poll()) != null) {
            call.action.accept(cpu);
            if (call.pending.decrementAndGet() == 0) {
                call.from.kick(cpu);
            }
        }
    }
}
