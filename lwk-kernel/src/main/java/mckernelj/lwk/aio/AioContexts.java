// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.aio;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import mckernelj.lwk.sched.KernelThread;

/** The completion queues of a process. Any thread. */
public final class AioContexts {
    /** Of all queues together, as Linux' fs.aio-max-nr. */
    public static final int MAX_EVENTS = 65536;

    private final Map<Long, AioContext> contexts = new ConcurrentHashMap<>();

    /** Null: no such context. */
    public AioContext find(long address) {
        return contexts.get(address);
    }

    public void create(long address, int capacity) {
        contexts.put(address, new AioContext(address, capacity));
    }

    /** Who waits there; null: no such context. */
    public List<KernelThread> destroy(long address) {
        AioContext context = contexts.remove(address);
        return context == null ? null : context.destroy();
    }

    /** Another program is executed. */
    public void clear() {
        contexts.clear();
    }
}
