// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.isa.Encoding;

/** Binary arithmetic (SDM vol. 1, 5.1.2); multiplication and division by the accumulator are in {@link MultiplyDivide}. */
public final class BinaryArithmetic {
    private BinaryArithmetic() {}

    @Encoding(
            value = {
                "00 /r ADD Eb, Gb",
                "01 /r ADD Ev, Gv",
                "02 /r ADD Gb, Eb",
                "03 /r ADD Gv, Ev",
                "04 ADD AL, Ib",
                "05 ADD rAX, Iz",
                "80 /0 ADD Eb, Ib",
                "81 /0 ADD Ev, Iz",
                "83 /0 ADD Ev, Ib"
            },
            lock = true)
    static long add(Cpu cpu, int width, long a, long b) {
        cpu.setFlagsAdd(width, a, b);
        return a + b;
    }

    @Encoding(value = "82 /0 ADD Eb, Ib", lock = true, no64 = true)
    static long addAlias(Cpu cpu, int width, long a, long b) {
        return add(cpu, width, a, b);
    }

    @Encoding(
            value = {
                "10 /r ADC Eb, Gb",
                "11 /r ADC Ev, Gv",
                "12 /r ADC Gb, Eb",
                "13 /r ADC Gv, Ev",
                "14 ADC AL, Ib",
                "15 ADC rAX, Iz",
                "80 /2 ADC Eb, Ib",
                "81 /2 ADC Ev, Iz",
                "83 /2 ADC Ev, Ib"
            },
            lock = true)
    static long adc(Cpu cpu, int width, long a, long b) {
        if (!cpu.carry()) {
            cpu.setFlagsAdd(width, a, b);
            return a + b;
        }
        long result = a + b + 1;
        cpu.setStatusFlags(FlagBits.ofAddition(width, a, b, result));
        return result;
    }

    @Encoding(value = "82 /2 ADC Eb, Ib", lock = true, no64 = true)
    static long adcAlias(Cpu cpu, int width, long a, long b) {
        return adc(cpu, width, a, b);
    }

    @Encoding(
            value = {
                "28 /r SUB Eb, Gb",
                "29 /r SUB Ev, Gv",
                "2A /r SUB Gb, Eb",
                "2B /r SUB Gv, Ev",
                "2C SUB AL, Ib",
                "2D SUB rAX, Iz",
                "80 /5 SUB Eb, Ib",
                "81 /5 SUB Ev, Iz",
                "83 /5 SUB Ev, Ib"
            },
            lock = true)
    static long sub(Cpu cpu, int width, long a, long b) {
        cpu.setFlagsSub(width, a, b);
        return a - b;
    }

    @Encoding(value = "82 /5 SUB Eb, Ib", lock = true, no64 = true)
    static long subAlias(Cpu cpu, int width, long a, long b) {
        return sub(cpu, width, a, b);
    }

    @Encoding(
            value = {
                "18 /r SBB Eb, Gb",
                "19 /r SBB Ev, Gv",
                "1A /r SBB Gb, Eb",
                "1B /r SBB Gv, Ev",
                "1C SBB AL, Ib",
                "1D SBB rAX, Iz",
                "80 /3 SBB Eb, Ib",
                "81 /3 SBB Ev, Iz",
                "83 /3 SBB Ev, Ib"
            },
            lock = true)
    static long sbb(Cpu cpu, int width, long a, long b) {
        if (!cpu.carry()) {
            cpu.setFlagsSub(width, a, b);
            return a - b;
        }
        long result = a - b - 1;
        cpu.setStatusFlags(FlagBits.ofSubtraction(width, a, b, result));
        return result;
    }

    @Encoding(value = "82 /3 SBB Eb, Ib", lock = true, no64 = true)
    static long sbbAlias(Cpu cpu, int width, long a, long b) {
        return sbb(cpu, width, a, b);
    }

    @Encoding({
        "38 /r CMP Eb, Gb",
        "39 /r CMP Ev, Gv",
        "3A /r CMP Gb, Eb",
        "3B /r CMP Gv, Ev",
        "3C CMP AL, Ib",
        "3D CMP rAX, Iz",
        "80 /7 CMP Eb, Ib",
        "81 /7 CMP Ev, Iz",
        "83 /7 CMP Ev, Ib"
    })
    static void cmp(Cpu cpu, int width, long a, long b) {
        cpu.setFlagsSub(width, a, b);
    }

    @Encoding(value = "82 /7 CMP Eb, Ib", no64 = true)
    static void cmpAlias(Cpu cpu, int width, long a, long b) {
        cpu.setFlagsSub(width, a, b);
    }

    /** CF is kept. */
    @Encoding(
            value = {"FE /0 INC Eb", "FF /0 INC Ev"},
            lock = true)
    static long inc(Cpu cpu, int width, long a) {
        int carry = cpu.carry() ? Cpu.CF : 0;
        long result = a + 1;
        cpu.setStatusFlags(FlagBits.ofAddition(width, a, 1, result) & ~Cpu.CF | carry);
        return result;
    }

    @Encoding(value = "40 +r INC Zv", no64 = true)
    static long incRegister(Cpu cpu, int width, long a) {
        return inc(cpu, width, a);
    }

    /** CF is kept. */
    @Encoding(
            value = {"FE /1 DEC Eb", "FF /1 DEC Ev"},
            lock = true)
    static long dec(Cpu cpu, int width, long a) {
        int carry = cpu.carry() ? Cpu.CF : 0;
        long result = a - 1;
        cpu.setStatusFlags(FlagBits.ofSubtraction(width, a, 1, result) & ~Cpu.CF | carry);
        return result;
    }

    @Encoding(value = "48 +r DEC Zv", no64 = true)
    static long decRegister(Cpu cpu, int width, long a) {
        return dec(cpu, width, a);
    }

    @Encoding(
            value = {"F6 /3 NEG Eb", "F7 /3 NEG Ev"},
            lock = true)
    static long neg(Cpu cpu, int width, long a) {
        cpu.setFlagsSub(width, 0, a);
        return -a;
    }

    /** Unsigned addition with CF only. */
    @Encoding(value = "66 0F 38 F6 /r ADCX Gy, Ey", feature = CpuFeature.ADX)
    static long adcx(Cpu cpu, int width, long a, long b) {
        return addWithFlag(cpu, width, a, b, Cpu.CF);
    }

    /** Unsigned addition with OF only. */
    @Encoding(value = "F3 0F 38 F6 /r ADOX Gy, Ey", feature = CpuFeature.ADX)
    static long adox(Cpu cpu, int width, long a, long b) {
        return addWithFlag(cpu, width, a, b, Cpu.OF);
    }

    private static long addWithFlag(Cpu cpu, int width, long a, long b, int flag) {
        int flags = cpu.statusFlags();
        long result = a + b + ((flags & flag) != 0 ? 1 : 0);
        boolean carry = (FlagBits.ofAddition(width, a, b, result) & Cpu.CF) != 0;
        cpu.setStatusFlags(carry ? flags | flag : flags & ~flag);
        return result;
    }

    @Encoding(
            value = {"0F C0 /r XADD Eb, Gb!", "0F C1 /r XADD Ev, Gv!"},
            lock = true)
    static long xadd(Cpu cpu, int width, long a, long b) {
        cpu.setFlagsAdd(width, a, b);
        cpu.secondResult = a;
        return a + b;
    }

    /** Only what changes is written, as seen in the upper halves of 64-bit registers with 32-bit operands. */
    @Encoding("0F B1 /r:reg CMPXCHG Rv, Gv")
    static void cmpxchgRegister(Cpu cpu, int width, long destination, long source, Op op) {
        long expected = cpu.register(width, Cpu.RAX);
        cpu.setFlagsSub(width, expected, destination);
        if (expected == destination) {
            cpu.setRegister(width, op.rm, source);
        } else {
            cpu.setRegister(width, Cpu.RAX, destination);
        }
    }

    /** The whole of RAX is the second result, so that it stays as it is if the values are equal. */
    @Encoding(
            value = {"0F B0 /r CMPXCHG Eb, Gb, RAX!", "0F B1 /r:mem CMPXCHG Mv, Gv, RAX!"},
            lock = true)
    static long cmpxchg(Cpu cpu, int width, long destination, long source, long accumulator) {
        int unused = 64 - width;
        long expected = accumulator << unused >> unused;
        cpu.setFlagsSub(width, expected, destination);
        cpu.secondResult = accumulator;
        if (expected == destination) {
            return source;
        }
        if (width >= 32) {
            cpu.secondResult = destination << unused >>> unused;
        } else {
            cpu.secondResult = accumulator >>> width << width | destination << unused >>> unused;
        }
        return destination;
    }

    @Encoding(value = "W0 0F C7 /1:mem CMPXCHG8B Mq", feature = CpuFeature.CX8, lock = true)
    static void cmpxchg8b(Cpu cpu, Op op) {
        long[] r = cpu.r;
        long linear = op.linear(cpu);
        long expected = r[Cpu.RDX] << 32 | r[Cpu.RAX] & 0xFFFFFFFFL;
        long value = r[Cpu.RCX] << 32 | r[Cpu.RBX] & 0xFFFFFFFFL;
        cpu.checkWrite(linear, 8);
        while (true) {
            long memory = cpu.load64(linear);
            boolean equal = memory == expected;
            if (cpu.compareAndSwap(64, linear, memory, equal ? value : memory)) {
                setZero(cpu, equal);
                if (!equal) {
                    r[Cpu.RAX] = memory & 0xFFFFFFFFL;
                    r[Cpu.RDX] = memory >>> 32;
                }
                return;
            }
        }
    }

    @Encoding(value = "W1 0F C7 /1:mem CMPXCHG16B Mdq", feature = CpuFeature.CX16, lock = true)
    static void cmpxchg16b(Cpu cpu, Op op) {
        long[] r = cpu.r;
        long linear = op.linear(cpu);
        if ((linear & 15) != 0) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        cpu.checkWrite(linear, 8);
        while (true) {
            long low = cpu.load64(linear);
            long high = cpu.load64(linear + 8);
            boolean equal = low == r[Cpu.RAX] && high == r[Cpu.RDX];
            long newLow = equal ? r[Cpu.RBX] : low;
            long newHigh = equal ? r[Cpu.RCX] : high;
            if (cpu.mmu.compareAndSwap128(linear, low, high, newLow, newHigh)) {
                setZero(cpu, equal);
                r[Cpu.RAX] = low;
                r[Cpu.RDX] = high;
                return;
            }
        }
    }

    private static void setZero(Cpu cpu, boolean zero) {
        int flags = cpu.statusFlags();
        cpu.setStatusFlags(zero ? flags | Cpu.ZF : flags & ~Cpu.ZF);
    }
}
