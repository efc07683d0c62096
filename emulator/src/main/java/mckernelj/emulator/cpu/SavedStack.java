// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

/** SS, RSP and CPL as they were, in case a push faults. */
final class SavedStack {
    private final int selector;
    private final long base;
    private final long limit;
    private final int attributes;
    private final long pointer;
    private final int cpl;

    SavedStack(Cpu cpu) {
        selector = cpu.selector[Cpu.SS];
        base = cpu.r[Cpu.SS];
        limit = cpu.segmentLimit[Cpu.SS];
        attributes = cpu.segmentAttributes[Cpu.SS];
        pointer = cpu.r[Cpu.RSP];
        cpl = cpu.cpl;
    }

    void restore(Cpu cpu) {
        cpu.selector[Cpu.SS] = selector;
        cpu.r[Cpu.SS] = base;
        cpu.segmentLimit[Cpu.SS] = limit;
        cpu.segmentAttributes[Cpu.SS] = attributes;
        cpu.r[Cpu.RSP] = pointer;
        SegmentRegisters.setPrivilege(cpu, cpl);
    }
}
