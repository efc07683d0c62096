// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import mckernelj.emulator.cpu.Cpu;

/** Makes a failing case smaller, as long as it fails: fewer instructions, then a plainer state. */
final class Shrinker {
    private static final int PLAIN_MXCSR = 0x1F80;
    private static final int PLAIN_CONTROL = 0x37F;

    private final Predicate<TestCase> fails;

    Shrinker(Predicate<TestCase> fails) {
        this.fails = fails;
    }

    TestCase shrink(TestCase failing) {
        TestCase smallest = failing;
        for (int i = smallest.instructions().size() - 1;
                i >= 0 && smallest.instructions().size() > 1;
                i--) {
            TestCase candidate = smallest.without(i);
            smallest = fails.test(candidate) ? candidate : smallest;
        }
        for (Consumer<MachineState> simplification : simplifications()) {
            MachineState state = smallest.before().copy();
            simplification.accept(state);
            TestCase candidate = smallest.with(state);
            smallest = fails.test(candidate) ? candidate : smallest;
        }
        return smallest;
    }

    private static List<Consumer<MachineState>> simplifications() {
        List<Consumer<MachineState>> list = new ArrayList<>();
        list.add(s -> s.rflags = Cpu.IF | 2);
        list.add(s -> s.setWord(MachineState.MXCSR, PLAIN_MXCSR));
        list.add(s -> s.setWord(MachineState.FCW, PLAIN_CONTROL));
        list.add(s -> s.setWord(MachineState.FSW, 0));
        list.add(s -> s.setWord(MachineState.FTW, 0xFF));
        list.add(s -> s.setWord(MachineState.FTW, 0));
        for (int i = 0; i < 16; i++) {
            int register = i;
            list.add(s -> s.gpr[register] = 0);
        }
        for (int i = 0; i < 32; i++) {
            int half = i;
            list.add(s -> s.setQuad(MachineState.XMM0 + 8 * half, 0));
            list.add(s -> s.ymmHigh[half] = 0);
        }
        for (int i = 0; i < 8; i++) {
            int at = MachineState.ST0 + 16 * i;
            list.add(s -> {
                s.setQuad(at, 0);
                s.setWord(at + 8, 0);
            });
        }
        for (int bytes = MachineState.WINDOW_BYTES; bytes >= 8; bytes /= 2) {
            for (int from = 0; from < MachineState.WINDOW_BYTES; from += bytes) {
                int first = from;
                int end = from + bytes;
                list.add(s -> java.util.Arrays.fill(s.window, first, end, (byte) 0));
            }
        }
        return list;
    }
}
