// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.CpuidLeaves;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.RegionCode;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.decode.Decoder;
import mckernelj.emulator.engine.StackSegment;
import mckernelj.emulator.isa.InstructionForm;
import mckernelj.emulator.isa.InstructionTable;
import mckernelj.emulator.translate.RegionCompiler;
import mckernelj.emulator.translate.RegionCompiler.Part;
import mckernelj.emulator.translate.Tier;

/** The emulator's side: decodes and executes the instructions of a case as user code. */
final class EmulatedCpu {
    private static final int MOST_STEPS = 1000;
    private static final int BREAKPOINT = 0xCC;

    /** Attributes of Linux's flat 32-bit segments of user programs; the code is readable. */
    private static final int FLAT_CODE = 0xC0FB;

    private static final int FLAT_DATA = 0xC0F3;

    private final Decoder decoder;
    private final Cpu cpu = new Cpu();
    private final TwoPageMmu mmu = new TwoPageMmu(cpu);

    EmulatedCpu(InstructionTable table) {
        decoder = new Decoder(table, EnumSet.allOf(CpuFeature.class));
        cpu.mmu = mmu;
        cpu.cpuid = new CpuidLeaves(EnumSet.allOf(CpuFeature.class), 0, 1, 1);
        for (int segment = Cpu.ES; segment <= Cpu.DS; segment++) {
            cpu.segmentAttributes[segment] = segment == Cpu.CS ? FLAT_CODE : FLAT_DATA;
            cpu.segmentLimit[segment] = 0xFFFFFFFFL;
        }
        cpu.cpl = 3;
        cpu.cr0 = 0x80050033L;
        cpu.cr4 = 0x3506F0;
        cpu.efer = 0xD01;
        cpu.xcr0 = 7;
        cpu.deadline = Long.MAX_VALUE;
    }

    /** {@code code} may be longer than the instruction. */
    Op decode(byte[] code, int codeSize) {
        return decode(code, 0, codeSize);
    }

    /** The instruction at offset {@code from}. */
    Op decode(byte[] code, int from, int codeSize) {
        return decoder.decode(offset -> offset < code.length ? code[offset] & 0xFF : BREAKPOINT, from, codeSize);
    }

    /** With any prefixes. */
    private static boolean isBreakpoint(Op op) {
        return op.form instanceof InstructionForm form && form.mnemonic.equals("INT3");
    }

    Outcome run(TestCase test, boolean fillTlb) {
        cpu.codeSize = test.codeSize();
        cpu.long64 = test.codeSize() == 64;
        load(test.before());
        mmu.fillTlb = fillTlb;
        Arrays.fill(cpu.readTlb, -1);
        Arrays.fill(cpu.writeTlb, -1);
        int vector = Outcome.COMPLETED;
        long error = 0;
        long cr2 = 0;
        long rip = MachineState.START;
        int steps = 0;
        Op op = null;
        try {
            do {
                op = decode(test.code(), (int) (rip - MachineState.START), test.codeSize());
                cpu.r[Cpu.BLOCK] = MachineState.START;
                cpu.nextRip = MachineState.START + op.nextOffset;
                if (isBreakpoint(op)) { // after a branch into an instruction; behind the code it is the end
                    boolean inside = op.nextOffset <= test.code().length;
                    vector = inside ? X86Fault.BP : Outcome.COMPLETED;
                    rip = inside ? cpu.nextRip : cpu.nextRip - 1;
                    break;
                }
                boolean trapped = (cpu.systemFlags & Cpu.TF) != 0;
                op.exec(cpu);
                rip = cpu.nextRip;
                if (trapped) {
                    vector = X86Fault.DB;
                    break;
                }
            } while (test.contains(rip) && ++steps < MOST_STEPS);
            if (steps == MOST_STEPS) {
                vector = Outcome.HUNG;
            }
        } catch (X86Fault fault) {
            if (fault.nonCanonical) {
                StackSegment.adjust(cpu, op, fault);
            }
            vector = fault.vector;
            error = fault.errorCode == X86Fault.NO_ERROR_CODE ? 0 : fault.errorCode;
            cr2 = vector == X86Fault.PF ? fault.faultLinear : 0;
        }
        return new Outcome(vector, error, cr2, rip, mmu.sumOutside(), cpu.r[Cpu.FS], cpu.r[Cpu.GS], store());
    }

    /** All instructions of 64-bit {@code test.code()} as one block, interpreted or, with a compiler, translated for a tier. */
    Outcome runBlock(TestCase test, RegionCompiler compiler, Tier tier) {
        cpu.codeSize = 64;
        cpu.long64 = true;
        load(test.before());
        mmu.fillTlb = true;
        Arrays.fill(cpu.readTlb, -1);
        Arrays.fill(cpu.writeTlb, -1);
        Op[] ops = decodeAll(test.code());
        RegionCode code = compiler == null
                ? null
                : compiler.compile(List.of(new Part(0, test.code().length, ops, List.of())), tier);
        int vector = Outcome.COMPLETED;
        long error = 0;
        long cr2 = 0;
        long rip;
        cpu.cycles = 0;
        try {
            if (code == null) {
                interpret(ops, test.code().length);
            } else {
                translated(code, ops, test);
            }
            rip = cpu.nextRip;
        } catch (X86Fault fault) {
            vector = fault.vector;
            error = fault.errorCode == X86Fault.NO_ERROR_CODE ? 0 : fault.errorCode;
            cr2 = vector == X86Fault.PF ? fault.faultLinear : 0;
            rip = MachineState.START + ops[cpu.step].offset;
        }
        return new Outcome(vector, error, cr2, rip, mmu.sumOutside(), cpu.r[Cpu.FS], cpu.r[Cpu.GS], store());
    }

    /** The translation does not look for what the TLB has not: it finds all pages there, as far as they may be accessed. */
    private void translated(RegionCode code, Op[] ops, TestCase test) {
        mmu.fill();
        cpu.inRegion = true;
        boolean whole = code.run(cpu, MachineState.START, 0);
        cpu.inRegion = false;
        if (!whole) {
            finish(ops, cpu.step, test.code().length);
        }
    }

    /** True if the decoder knows all instructions. */
    boolean isTranslatable(byte[] code) {
        return Arrays.stream(decodeAll(code)).allMatch(op -> op.form instanceof InstructionForm);
    }

    long cycles() {
        return cpu.cycles;
    }

    Op[] decodeAll(byte[] code) {
        List<Op> ops = new ArrayList<>();
        for (int at = 0; at < code.length; at = ops.get(ops.size() - 1).nextOffset) {
            ops.add(decode(code, at, 64));
        }
        return ops.toArray(new Op[0]);
    }

    private void interpret(Op[] ops, int length) {
        do { // a long repetition comes back to itself
            cpu.r[Cpu.BLOCK] = MachineState.START;
            cpu.nextRip = MachineState.START + length;
            cpu.cycles += ops.length;
            execute(ops, 0);
        } while (cpu.nextRip == MachineState.START);
    }

    /** The rest of the block, and as often as it comes back to itself. */
    private void finish(Op[] ops, int from, int length) {
        cpu.r[Cpu.BLOCK] = MachineState.START;
        cpu.nextRip = MachineState.START + length;
        execute(ops, from);
        if (cpu.nextRip == MachineState.START) {
            interpret(ops, length);
        }
    }

    private void execute(Op[] ops, int from) {
        for (cpu.step = from; cpu.step < ops.length; cpu.step++) {
            ops[cpu.step].exec(cpu);
        }
    }

    private void load(MachineState state) {
        System.arraycopy(state.gpr, 0, cpu.r, 0, 16);
        Arrays.fill(cpu.r, 16, 24, 0);
        cpu.r[Cpu.FS] = cpu.long64 ? MachineState.FS_BASE : 0;
        cpu.r[Cpu.GS] = cpu.long64 ? MachineState.GS_BASE : 0;
        selectors();
        cpu.setRflags(state.rflags);
        cpu.mxcsr = state.word(MachineState.MXCSR);
        for (int i = 0; i < 32; i++) {
            cpu.xmm[i] = state.quad(MachineState.XMM0 + 8 * i);
        }
        System.arraycopy(state.ymmHigh, 0, cpu.ymmHigh, 0, 32);
        loadX87(state);
        mmu.clear();
        mmu.load(state.window);
    }

    /** Linux's. */
    private void selectors() {
        int flat = cpu.long64 ? 0 : 0x2B;
        cpu.selector[Cpu.CS] = cpu.long64 ? 0x33 : 0x23;
        cpu.selector[Cpu.SS] = 0x2B;
        cpu.selector[Cpu.DS] = flat;
        cpu.selector[Cpu.ES] = flat;
    }

    private void loadX87(MachineState state) {
        int status = state.word(MachineState.FSW);
        cpu.x87.control = state.word(MachineState.FCW);
        cpu.x87.status = status & ~0x3800;
        cpu.x87.summarize();
        cpu.x87.top = status >> 11 & 7;
        cpu.x87.opcode = state.word(MachineState.FOP);
        cpu.x87.instructionPointer = state.quad(MachineState.FIP);
        cpu.x87.dataPointer = state.quad(MachineState.FDP);
        cpu.x87.empty = ~state.word(MachineState.FTW) & 0xFF;
        for (int i = 0; i < 8; i++) {
            int physical = cpu.x87.top + i & 7;
            cpu.x87.significand[physical] = state.quad(MachineState.ST0 + 16 * i);
            cpu.x87.signExponent[physical] = state.word(MachineState.ST0 + 16 * i + 8);
        }
    }

    private MachineState store() {
        MachineState state = new MachineState();
        System.arraycopy(cpu.r, 0, state.gpr, 0, 16);
        state.rflags = cpu.rflags();
        state.setWord(MachineState.MXCSR, cpu.mxcsr);
        for (int i = 0; i < 32; i++) {
            state.setQuad(MachineState.XMM0 + 8 * i, cpu.xmm[i]);
        }
        System.arraycopy(cpu.ymmHigh, 0, state.ymmHigh, 0, 32);
        state.setWord(MachineState.FCW, cpu.x87.control);
        state.setWord(MachineState.FSW, cpu.x87.status | cpu.x87.top << 11);
        state.setWord(MachineState.FOP, cpu.x87.opcode);
        state.setQuad(MachineState.FIP, cpu.x87.instructionPointer);
        state.setQuad(MachineState.FDP, cpu.x87.dataPointer);
        state.setWord(MachineState.FTW, ~cpu.x87.empty & 0xFF);
        for (int i = 0; i < 8; i++) {
            int physical = cpu.x87.top + i & 7;
            state.setQuad(MachineState.ST0 + 16 * i, cpu.x87.significand[physical]);
            state.setWord(MachineState.ST0 + 16 * i + 8, cpu.x87.signExponent[physical]);
        }
        mmu.store(state.window);
        return state;
    }
}
