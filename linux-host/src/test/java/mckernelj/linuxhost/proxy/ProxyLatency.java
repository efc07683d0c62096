// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import java.util.Arrays;
import mckernelj.ihk.SystemCallNumber;

/** Prints what proxies cost on this host: round trips, starts, forks, interrupts. Not a test: figures depend on the host. */
public final class ProxyLatency {
    private ProxyLatency() {}

    public static void main(String[] arguments) throws Exception {
        try (ServantFixture fixture = new ServantFixture()) {
            Servant servant = fixture.servant();
            ServantSlot slot = servant.mainSlot();
            for (int round = 0; round < 3; round++) {
                measure("getppid, back to back", 20000, () -> slot.call(SystemCallNumber.GETPPID));
                measure(
                        "getppid, after 0.2 ms of computing",
                        2000,
                        () -> compute(200_000),
                        () -> slot.call(SystemCallNumber.GETPPID));
            }
            measure("fork, exit, wait4", 300, () -> {
                Servant child = servant.fork(slot).child();
                child.exitGroup(child.mainSlot(), 0);
                slot.call(SystemCallNumber.WAIT4, child.pid(), 0, 0, 0);
            });
            measure("start to end of a client", 200, () -> start(fixture));
        }
    }

    private static void start(ServantFixture fixture) {
        try {
            Process process = fixture.spawn();
            fixture.next().exit(0);
            process.waitFor();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void compute(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static void measure(String what, int count, Runnable action) {
        measure(what, count, () -> {}, action);
    }

    private static void measure(String what, int count, Runnable before, Runnable action) {
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            before.run();
            long begin = System.nanoTime();
            action.run();
            nanos[i] = System.nanoTime() - begin;
        }
        Arrays.sort(nanos);
        System.out.printf(
                "%-40s min %8.1f  median %8.1f  p99 %8.1f us%n",
                what, nanos[0] / 1e3, nanos[count / 2] / 1e3, nanos[count * 99 / 100] / 1e3);
    }
}
