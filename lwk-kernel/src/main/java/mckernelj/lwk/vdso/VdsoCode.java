// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.vdso;

import static mckernelj.emulator.hw.asm.Reg.R10;
import static mckernelj.emulator.hw.asm.Reg.R8;
import static mckernelj.emulator.hw.asm.Reg.R9;
import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDI;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.emulator.hw.asm.Reg.RSI;

import java.util.LinkedHashMap;
import java.util.Map;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Cond;
import mckernelj.emulator.hw.asm.Label;
import mckernelj.emulator.hw.asm.Mem;
import mckernelj.ihk.SystemCallNumber;

/**
 * The functions of the vDSO. Time comes from the TSC by the same exact divisions as in {@link
 * mckernelj.lwk.time.KernelClock}, so that system call and vDSO agree to the nanosecond.
 */
final class VdsoCode {
    private static final int NANOS_PER_SECOND = 1_000_000_000;
    private static final int[] REALTIME_CLOCKS = {0, 5};
    private static final int[] MONOTONIC_CLOCKS = {1, 4, 6, 7};

    private final Assembler a;

    /** The start of the image, one page behind the data. */
    private final Label image;

    private final Label realtime;
    private final Label elapsed;
    private final Map<String, Integer> offsets = new LinkedHashMap<>();

    VdsoCode(Assembler assembler, Label image) {
        this.a = assembler;
        this.image = image;
        this.realtime = a.label();
        this.elapsed = a.label();
    }

    /** Emits all functions; returns their offsets in the image by name. */
    Map<String, Integer> emit() {
        clockGettime();
        gettimeofday();
        time();
        getcpu();
        clockGetres();
        realtimeRoutine();
        elapsedRoutine();
        return offsets;
    }

    private void function(String name) {
        a.align(16);
        offsets.put(name, a.size());
    }

    private Mem data(int offset) {
        return Mem.at(image, offset - 4096);
    }

    /** (clock EDI, struct timespec *RSI) */
    private void clockGettime() {
        function("clock_gettime");
        Label real = a.label();
        Label monotonic = a.label();
        jumpIfClock(REALTIME_CLOCKS, real);
        jumpIfClock(MONOTONIC_CLOCKS, monotonic);
        a.movImm(RAX, SystemCallNumber.CLOCK_GETTIME).syscall().ret();
        a.bind(real).call(realtime);
        storeTimespec();
        a.bind(monotonic).w32().xor(R8, R8).call(elapsed);
        storeTimespec();
    }

    private void jumpIfClock(int[] clocks, Label target) {
        for (int clock : clocks) {
            a.w32().cmp(RDI, clock).j(Cond.E, target);
        }
    }

    /** R10 seconds, RAX nanoseconds. */
    private void storeTimespec() {
        a.store64(RSI, 0, R10).store64(RSI, 8, RAX).w32().xor(RAX, RAX).ret();
    }

    /** (struct timeval *RDI, struct timezone *RSI) */
    private void gettimeofday() {
        function("gettimeofday");
        Label noTime = a.label();
        Label noZone = a.label();
        a.test(RDI, RDI).j(Cond.E, noTime).call(realtime);
        a.w32().xor(RDX, RDX).movImm(RCX, 1000).div(RCX);
        a.store64(RDI, 0, R10).store64(RDI, 8, RAX);
        a.bind(noTime).test(RSI, RSI).j(Cond.E, noZone);
        a.w32().xor(RAX, RAX).store64(RSI, 0, RAX);
        a.bind(noZone).w32().xor(RAX, RAX).ret();
    }

    /** (time_t *RDI) */
    private void time() {
        function("time");
        Label done = a.label();
        a.call(realtime).mov(RAX, R10).test(RDI, RDI).j(Cond.E, done).store64(RDI, 0, RAX);
        a.bind(done).ret();
    }

    /** (unsigned *RDI, unsigned *RSI): TSC_AUX holds cpu | node << 12. */
    private void getcpu() {
        function("getcpu");
        Label noCpu = a.label();
        Label noNode = a.label();
        a.rdtscp();
        a.test(RDI, RDI).j(Cond.E, noCpu);
        a.mov(RAX, RCX).w32().and(RAX, 0xFFF).store32(RDI, 0, RAX);
        a.bind(noCpu).test(RSI, RSI).j(Cond.E, noNode);
        a.w32().shr(RCX, 12).store32(RSI, 0, RCX);
        a.bind(noNode).w32().xor(RAX, RAX).ret();
    }

    /** (clock EDI, struct timespec *RSI) */
    private void clockGetres() {
        function("clock_getres");
        Label known = a.label();
        Label done = a.label();
        jumpIfClock(REALTIME_CLOCKS, known);
        jumpIfClock(MONOTONIC_CLOCKS, known);
        a.movImm(RAX, SystemCallNumber.CLOCK_GETRES).syscall().ret();
        a.bind(known).test(RSI, RSI).j(Cond.E, done);
        a.w32().xor(RAX, RAX).store64(RSI, 0, RAX).w32().inc(RAX).store64(RSI, 8, RAX);
        a.bind(done).w32().xor(RAX, RAX).ret();
    }

    /** Wall-clock time: R10 seconds, RAX nanoseconds. Keeps RDI, RSI. */
    private void realtimeRoutine() {
        a.align(16).bind(realtime).mov(R8, data(VdsoData.BOOT_TSC)).call(elapsed);
        a.movImm(R9, NANOS_PER_SECOND).imul(R10, R9).add(RAX, R10).add(RAX, data(VdsoData.BOOT_EPOCH_NANOS));
        a.w32().xor(RDX, RDX).div(R9).mov(R10, RAX).mov(RAX, RDX).ret();
    }

    /** Time since TSC value R8: R10 seconds, RAX nanoseconds. Keeps RDI, RSI. */
    private void elapsedRoutine() {
        a.align(16).bind(elapsed).lfence().rdtsc();
        a.shl(RDX, 32).or(RAX, RDX).sub(RAX, R8);
        a.w32().xor(RDX, RDX).mov(R9, data(VdsoData.TSC_HZ)).div(R9);
        a.mov(R10, RAX).movImm(RAX, NANOS_PER_SECOND).mul(RDX).div(R9).ret();
    }
}
