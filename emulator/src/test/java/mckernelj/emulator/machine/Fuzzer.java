// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import mckernelj.emulator.cpu.ControlRegisters;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuidLeaves;
import mckernelj.emulator.cpu.ResetState;
import mckernelj.emulator.engine.ExecutionEngine;

/**
 * Executes random bytes, and pieces of real programs with random damage, in user and in kernel mode of the bare machine. Handlers go on
 * one byte behind what faulted. Nothing of that may make the emulator throw, hang or grow. {@code sbin/check --fuzz [instructions
 * [seed]]}.
 */
public final class Fuzzer implements AutoCloseable {
    private static final long DEFAULT_INSTRUCTIONS = 10_000_000;
    private static final int ROUND = 2000;
    private static final int MOST_EXITS = 200;
    private static final int CODE_BYTES = 2048;
    private static final long MEMORY = 16L << 20;
    private static final long FUZZED = 0x100000;
    private static final long HANDLER = 0x40000;
    private static final long HANDLER_WITH_ERROR = 0x40020;
    private static final long FRAME = 0x90000;
    private static final int[] PREFIXES = {0x66, 0xF2, 0xF3, 0xF0, 0x67, 0x48, 0x0F, 0xC5, 0xC4, 0x64};
    private static final long VECTORS_WITH_ERROR = 0x227D00;

    /** Decoded instructions are kept up to a number: BlockCache. */
    private static final long MOST_HEAP = 512L << 20;

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long SECONDS_PER_ROUND = 20;

    /** RFLAGS bits that a round may begin with: status, TF, IF, DF, IOPL, NT, RF, AC, ID. */
    private static final long FLAGS = 0x257FD5;

    private final BareMachine bare =
            new BareMachine(MachineConfig.builder().node(MEMORY).features(CpuidLeaves.X86_64_V3));
    private final Cpu cpu = bare.machine.core(0).cpu;
    private final ExecutionEngine engine = bare.machine.newEngine(cpu);
    private final SplittableRandom random;
    private final byte[] real;

    private final AtomicLong rounds = new AtomicLong();
    private volatile long roundBegan;

    Fuzzer(long seed) throws IOException {
        random = new SplittableRandom(seed);
        Path program = Path.of("/usr/lib/x86_64-linux-gnu/libc.so.6");
        real = Files.isReadable(program) ? Files.readAllBytes(program) : new byte[0];
    }

    public static void main(String[] arguments) throws IOException {
        long instructions = arguments.length > 0 ? Long.parseLong(arguments[0]) : DEFAULT_INSTRUCTIONS;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.currentTimeMillis() / 1000;
        System.out.println("seed " + seed);
        try (Fuzzer fuzzer = new Fuzzer(seed)) {
            fuzzer.guardAgainstHang();
            fuzzer.run(instructions / 2, true);
            long half = usedHeap();
            long rounds = fuzzer.rounds.get();
            fuzzer.run(instructions - instructions / 2, true);
            System.out.printf(
                    "%nseed %d: %d instructions in %d rounds; heap after half of them %d MiB, at the end %d MiB%n",
                    seed, instructions, rounds * 2, half >> 20, usedHeap() >> 20);
        }
        System.exit(usedHeap() < MOST_HEAP ? 0 : 1);
    }

    static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** The process ends if a round takes too long. */
    private void guardAgainstHang() {
        Thread guard = new Thread(() -> {
            while (true) {
                if (System.nanoTime() - roundBegan > SECONDS_PER_ROUND * NANOS_PER_SECOND && rounds.get() > 0) {
                    System.err.printf("round %d hangs at rip %x%n", rounds.get(), cpu.rip);
                    Runtime.getRuntime().halt(1);
                }
                try {
                    Thread.sleep(1000);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        guard.setDaemon(true);
        guard.start();
    }

    /** Runs rounds until so many instructions have been executed. A Java exception leaves it. */
    void run(long instructions, boolean talks) {
        long left = instructions;
        long shown = System.nanoTime();
        while (left > 0) {
            roundBegan = System.nanoTime();
            left -= Math.max(1, round());
            if (talks && System.nanoTime() - shown > NANOS_PER_SECOND) {
                shown = System.nanoTime();
                System.out.printf("\r%,d instructions left, round %,d   ", left, rounds.get());
                System.out.flush();
            }
        }
    }

    /** One piece of code from a fresh machine; the instructions that were executed. */
    private long round() {
        rounds.incrementAndGet();
        prepare();
        long begin = cpu.cycles;
        try {
            for (int exits = 0; exits < MOST_EXITS && cpu.cycles - begin < ROUND; exits++) {
                cpu.attention = 0;
                cpu.deadline = begin + ROUND;
                engine.run();
                int exit = cpu.exit;
                cpu.exit = Cpu.EXIT_NONE;
                if (exit == Cpu.EXIT_HALT || exit == Cpu.EXIT_SHUTDOWN) {
                    break;
                }
            }
        } catch (RuntimeException | Error e) {
            throw new AssertionError("round " + rounds + ", rip " + Long.toHexString(cpu.rip), e);
        }
        return cpu.cycles - begin;
    }

    private void prepare() {
        ResetState.init(cpu);
        bare.writeTables();
        for (int vector = 0; vector < 256; vector++) {
            boolean withError = vector < 32 && (VECTORS_WITH_ERROR >> vector & 1) != 0;
            bare.gate(vector, withError ? HANDLER_WITH_ERROR : HANDLER, vector % 4 == 0 ? 0 : 3, 0);
        }
        bare.code(HANDLER, a -> a.db(0x48, 0xFF, 0x04, 0x24, 0x48, 0xCF)); // inc qword [rsp]; iretq
        bare.code(HANDLER_WITH_ERROR, a -> a.db(0x48, 0xFF, 0x44, 0x24, 0x08, 0x48, 0x83, 0xC4, 0x08, 0x48, 0xCF));
        byte[] code = bytes();
        bare.machine.memory().write(FUZZED, code, 0, code.length);
        ResetState.longMode(cpu, BareMachine.PML4, BareMachine.CODE, FRAME, 0);
        cpu.cr4 |= ControlRegisters.CR4_OSXSAVE | (random.nextInt(4) == 0 ? random.nextInt() & 0x3F : 0);
        cpu.xcr0 = 7;
        bare.program(BareMachine.CODE, 0, a -> a.db(0x58, 0x48, 0xCF)); // pop rax; iretq
        boolean user = random.nextBoolean();
        put(0, value());
        put(8, FUZZED + (random.nextInt(8) == 0 ? random.nextInt(64) : 0));
        put(16, user ? BareMachine.USER_CODE : BareMachine.KERNEL_CODE);
        put(
                24,
                2
                        | (random.nextInt(3) == 0 ? random.nextLong() & FLAGS & ~0x100 : 0)
                        | (random.nextInt(40) == 0 ? 0x100 : 0));
        put(32, FRAME - 0x1000 + random.nextInt(64) * 8L);
        put(40, user ? BareMachine.USER_DATA : BareMachine.KERNEL_DATA);
        for (int register = 0; register < 16; register++) {
            if (register != Cpu.RSP) {
                cpu.r[register] = value();
            }
        }
        for (int i = 0; i < 32; i++) {
            cpu.xmm[i] = random.nextLong();
        }
    }

    private void put(int offset, long value) {
        bare.put(FRAME + offset, value);
    }

    /** Small numbers, addresses of the data and of the code, anything. */
    private long value() {
        return switch (random.nextInt(5)) {
            case 0 -> random.nextInt(64);
            case 1 -> 0x200000 + random.nextInt(0x10000);
            case 2 -> FUZZED + random.nextInt(CODE_BYTES);
            case 3 -> random.nextInt((int) MEMORY);
            default -> random.nextLong();
        };
    }

    private byte[] bytes() {
        byte[] code = new byte[CODE_BYTES];
        random.nextBytes(code);
        switch (random.nextInt(4)) {
            case 0:
                break;
            case 1:
                for (int i = 0; i < code.length; i += 1 + random.nextInt(6)) {
                    code[i] = (byte) PREFIXES[random.nextInt(PREFIXES.length)];
                }
                break;
            default:
                if (real.length > 2 * CODE_BYTES) {
                    System.arraycopy(real, random.nextInt(real.length - CODE_BYTES), code, 0, CODE_BYTES);
                    for (int damage = random.nextInt(200); damage > 0; damage--) {
                        code[random.nextInt(code.length)] = (byte) random.nextInt();
                    }
                }
                break;
        }
        return code;
    }

    @Override
    public void close() {
        bare.close();
    }
}
