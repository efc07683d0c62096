// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import mckernelj.emulator.cpu.ControlRegisters;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.ExtendedState;
import mckernelj.emulator.cpu.ResetState;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.hw.CpuContext;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.memory.Ram;

/** The part of {@link LogicalCpu} that reads and writes architectural state. */
abstract class CoreRegisters implements LogicalCpu {
    final Cpu cpu;
    private final Ram ram;
    private final long[] image = new long[ExtendedState.WORDS];

    CoreRegisters(X86Machine machine, int index) {
        cpu = machine.newCpu(index);
        ram = machine.ram();
    }

    /** Sets the state after INIT. */
    final void resetState() {
        ResetState.init(cpu);
    }

    final void startRealMode(int vector) {
        ResetState.startup(cpu, vector);
    }

    final void startLong(long cr3, long rip, long rsp, long argument) {
        ResetState.longMode(cpu, cr3, rip, rsp, argument);
    }

    final void startProtected(int eip, int eax, int ebx) {
        ResetState.protectedMode(cpu, eip, eax, ebx);
    }

    @Override
    public final long register(int number) {
        return cpu.r[number];
    }

    @Override
    public final void setRegister(int number, long value) {
        cpu.r[number] = value;
    }

    @Override
    public final long rip() {
        return cpu.rip + cpu.r[Cpu.CS];
    }

    @Override
    public final void setRip(long linear) {
        cpu.rip = linear - cpu.r[Cpu.CS];
    }

    @Override
    public final long rflags() {
        return cpu.rflags();
    }

    @Override
    public final void setRflags(long value) {
        cpu.setRflags(value);
    }

    @Override
    public final long controlRegister(int number) {
        switch (number) {
            case 0:
                return cpu.cr0;
            case 2:
                return cpu.cr2;
            case 3:
                return cpu.cr3;
            case 4:
                return cpu.cr4;
            case 8:
                return ControlRegisters.readCr8(cpu);
            default:
                throw new IllegalArgumentException("CR" + number);
        }
    }

    @Override
    public final void setControlRegister(int number, long value) {
        try {
            switch (number) {
                case 0:
                    ControlRegisters.writeCr0(cpu, value);
                    break;
                case 2:
                    cpu.cr2 = value;
                    break;
                case 3:
                    ControlRegisters.writeCr3(cpu, value);
                    break;
                case 4:
                    ControlRegisters.writeCr4(cpu, value);
                    break;
                case 8:
                    ControlRegisters.writeCr8(cpu, value);
                    break;
                default:
                    throw new IllegalArgumentException("CR" + number);
            }
        } catch (X86Fault fault) {
            throw new IllegalArgumentException("CR" + number + " = 0x" + Long.toHexString(value));
        }
    }

    @Override
    public final long msr(int number) {
        try {
            return cpu.msrs.read(number);
        } catch (X86Fault fault) {
            return 0;
        }
    }

    @Override
    public final void setMsr(int number, long value) {
        try {
            cpu.msrs.write(number, value);
        } catch (X86Fault fault) {
            // ignored, as the contract says
        }
    }

    @Override
    public final void invalidatePage(long linear) {
        cpu.mmu.invalidatePage(linear);
    }

    @Override
    public final void flushTranslations() {
        cpu.mmu.flush();
    }

    @Override
    public final int extendedStateSize() {
        return ExtendedState.size(cpu.xcr0);
    }

    @Override
    public final long debugRegister(int number) {
        return cpu.dr[number];
    }

    @Override
    public final void setDebugRegister(int number, long value) {
        cpu.breakpoints.write(number, number < 6 ? value : value & 0xFFFF_FFFFL);
    }

    @Override
    public final void saveExtendedState(long physical) {
        ExtendedState.capture(cpu, image, true);
        int words = extendedStateSize() / 8;
        for (int i = 0; i < words; i++) {
            boolean header = i >= ExtendedState.XSTATE_BV && i < ExtendedState.YMM;
            long components = cpu.xcr0 | ExtendedState.X87 | ExtendedState.SSE;
            ram.putLong(physical + 8L * i, header ? (i == ExtendedState.XSTATE_BV ? components : 0) : image[i]);
        }
    }

    @Override
    public final void restoreExtendedState(long physical) {
        int words = extendedStateSize() / 8;
        for (int i = 0; i < words; i++) {
            image[i] = ram.getLong(physical + 8L * i);
        }
        ExtendedState.restoreAll(cpu, image, words > ExtendedState.YMM);
    }

    @Override
    public final void saveContext(CpuContext context) {
        System.arraycopy(cpu.r, 0, context.registers, 0, 16);
        context.rip = rip();
        context.rflags = rflags();
    }

    @Override
    public final void loadContext(CpuContext context) {
        System.arraycopy(context.registers, 0, cpu.r, 0, 16);
        setRip(context.rip);
        setRflags(context.rflags);
    }

    @Override
    public final long cycles() {
        return cpu.cycles;
    }

    @Override
    public final void charge(long cycles) {
        cpu.cycles += cycles;
    }

    @Override
    public final int apicRead(int offset) {
        return cpu.msrs.apic().read(offset);
    }

    @Override
    public final void apicWrite(int offset, int value) {
        cpu.msrs.apic().write(offset, value);
    }
}
