// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.isa.Encoding;

/** Bit and byte instructions (SDM vol. 1, 5.1.6), without SETcc; CRC32 and POPCNT as well. */
public final class BitByte {
    private BitByte() {}

    @Encoding({"84 /r TEST Eb, Gb", "85 /r TEST Ev, Gv", "A8 TEST AL, Ib", "A9 TEST rAX, Iz"})
    static void test(Cpu cpu, int width, long a, long b) {
        cpu.setFlagsSub(width, a & b, 0);
    }

    @Encoding({"F6 /0 TEST Eb, Ib", "F7 /0 TEST Ev, Iz", "F6 /1 TEST Eb, Ib", "F7 /1 TEST Ev, Iz"})
    static void testImmediate(Cpu cpu, int width, long a, long b) {
        cpu.setFlagsSub(width, a & b, 0);
    }

    // ---- bit test: only CF changes
    // ---------------------------------------------------------------------------------------

    @Encoding({"0F A3 /r:reg BT Rv, Gv", "0F BA /4 BT Ev, Ib"})
    static void bt(Cpu cpu, int width, long a, long bit) {
        setCarry(cpu, a >>> (bit & (width - 1)));
    }

    @Encoding("0F AB /r:reg BTS Rv, Gv")
    static long btsRegister(Cpu cpu, int width, long a, long bit) {
        return bts(cpu, width, a, bit);
    }

    @Encoding(value = "0F BA /5 BTS Ev, Ib", lock = true)
    static long bts(Cpu cpu, int width, long a, long bit) {
        long mask = 1L << (bit & (width - 1));
        setCarry(cpu, a >>> (bit & (width - 1)));
        return a | mask;
    }

    @Encoding("0F B3 /r:reg BTR Rv, Gv")
    static long btrRegister(Cpu cpu, int width, long a, long bit) {
        return btr(cpu, width, a, bit);
    }

    @Encoding(value = "0F BA /6 BTR Ev, Ib", lock = true)
    static long btr(Cpu cpu, int width, long a, long bit) {
        long mask = 1L << (bit & (width - 1));
        setCarry(cpu, a >>> (bit & (width - 1)));
        return a & ~mask;
    }

    @Encoding("0F BB /r:reg BTC Rv, Gv")
    static long btcRegister(Cpu cpu, int width, long a, long bit) {
        return btc(cpu, width, a, bit);
    }

    @Encoding(value = "0F BA /7 BTC Ev, Ib", lock = true)
    static long btc(Cpu cpu, int width, long a, long bit) {
        long mask = 1L << (bit & (width - 1));
        setCarry(cpu, a >>> (bit & (width - 1)));
        return a ^ mask;
    }

    private static void setCarry(Cpu cpu, long bit) {
        cpu.setStatusFlags(cpu.statusFlags() & ~Cpu.CF | (int) bit & Cpu.CF);
    }

    // ---- bit strings in memory: the register is a signed bit offset from the operand's address
    // --------------------------------

    @Encoding("0F A3 /r:mem BT Mv, Gv")
    static void btMemory(Cpu cpu, Op op) {
        int width = op.operandSize;
        long bit = cpu.register(width, op.reg);
        bt(cpu, width, cpu.load(width, element(cpu, op, width, bit)), bit);
    }

    @Encoding(value = "0F AB /r:mem BTS Mv, Gv", lock = true)
    static void btsMemory(Cpu cpu, Op op) {
        int width = op.operandSize;
        long bit = cpu.register(width, op.reg);
        long mask = 1L << (bit & (width - 1));
        changeBit(cpu, op, bit, 0, mask);
    }

    @Encoding(value = "0F B3 /r:mem BTR Mv, Gv", lock = true)
    static void btrMemory(Cpu cpu, Op op) {
        int width = op.operandSize;
        long bit = cpu.register(width, op.reg);
        long mask = 1L << (bit & (width - 1));
        changeBit(cpu, op, bit, mask, 0);
    }

    @Encoding(value = "0F BB /r:mem BTC Mv, Gv", lock = true)
    static void btcMemory(Cpu cpu, Op op) {
        int width = op.operandSize;
        long bit = cpu.register(width, op.reg);
        long mask = 1L << (bit & (width - 1));
        changeBit(cpu, op, bit, 0, 0, mask);
    }

    private static void changeBit(Cpu cpu, Op op, long bit, long clear, long set) {
        changeBit(cpu, op, bit, clear, set, 0);
    }

    private static void changeBit(Cpu cpu, Op op, long bit, long clear, long set, long flip) {
        int width = op.operandSize;
        long linear = element(cpu, op, width, bit);
        cpu.checkWrite(linear, width >> 3);
        long old;
        while (true) {
            old = cpu.load(width, linear);
            long value = (old & ~clear | set) ^ flip;
            if (!op.lock) {
                cpu.store(width, linear, value);
                break;
            }
            if (cpu.compareAndSwap(width, linear, old, value)) {
                break;
            }
        }
        setCarry(cpu, old >>> (bit & (width - 1)));
    }

    private static long element(Cpu cpu, Op op, int width, long bit) {
        return Addressing.linear(cpu, op, (bit & -width) >> 3);
    }

    // ---- bit scan and counts
    // ---------------------------------------------------------------------------------------------------

    /** Destination unchanged for a zero source. */
    @Encoding("0F BC /r BSF Gv, Ev")
    static void bsf(Cpu cpu, int width, long destination, long source, Op op) {
        setScanFlags(cpu, source);
        if (source != 0) {
            cpu.setRegister(width, op.reg, Long.numberOfTrailingZeros(source));
        }
    }

    /** Destination unchanged for a zero source. */
    @Encoding("0F BD /r BSR Gv, Ev")
    static void bsr(Cpu cpu, int width, long destination, long source, Op op) {
        setScanFlags(cpu, source);
        if (source != 0) {
            int unused = 64 - width;
            cpu.setRegister(width, op.reg, width - 1 - Long.numberOfLeadingZeros(source << unused));
        }
    }

    private static void setScanFlags(Cpu cpu, long source) {
        cpu.setFlagsSub(64, source == 0 ? 0 : 1, 0);
    }

    /** A processor without it executes BSF. */
    @Encoding(value = "F3 0F BC /r TZCNT Gv, Ev", feature = CpuFeature.BMI1)
    static long tzcnt(Cpu cpu, int width, long source) {
        int zeros = Math.min(width, Long.numberOfTrailingZeros(source));
        setCountFlags(cpu, width, zeros);
        return zeros;
    }

    /** A processor without it executes BSR. */
    @Encoding(value = "F3 0F BD /r LZCNT Gv, Ev", feature = CpuFeature.LZCNT)
    static long lzcnt(Cpu cpu, int width, long source) {
        int zeros = Math.min(width, Long.numberOfLeadingZeros(source << (64 - width)));
        setCountFlags(cpu, width, zeros);
        return zeros;
    }

    private static void setCountFlags(Cpu cpu, int width, int zeros) {
        cpu.setStatusFlags((zeros == width ? Cpu.CF : 0) | (zeros == 0 ? Cpu.ZF : 0));
    }

    @Encoding(value = "F3 0F B8 /r POPCNT Gv, Ev", feature = CpuFeature.POPCNT)
    static long popcnt(Cpu cpu, int width, long source) {
        int unused = 64 - width;
        cpu.setStatusFlags(source == 0 ? Cpu.ZF : 0);
        return Long.bitCount(source << unused);
    }

    // ---- CRC32 (polynomial 0x1EDC6F41, bits reflected)
    // ------------------------------------------------------------------------

    private static final int[] CRC32C = crc32cTable();

    private static int[] crc32cTable() {
        int[] table = new int[256];
        for (int i = 0; i < 256; i++) {
            int crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ ((crc & 1) != 0 ? 0x82F63B78 : 0);
            }
            table[i] = crc;
        }
        return table;
    }

    @Encoding(value = "F2 0F 38 F0 /r CRC32 Gy, Eb", feature = CpuFeature.SSE4_2)
    static long crc32Byte(long crc, long source) {
        return crc32(8, crc, source);
    }

    @Encoding(value = "F2 0F 38 F1 /r CRC32 Gy, Ev", feature = CpuFeature.SSE4_2)
    static long crc32(long crc, long source, Op op) {
        return crc32(op.operandSize, crc, source);
    }

    private static long crc32(int width, long crc, long source) {
        int result = (int) crc;
        for (int shift = 0; shift < width; shift += 8) {
            result = result >>> 8 ^ CRC32C[(result ^ (int) (source >>> shift)) & 0xFF];
        }
        return result & 0xFFFFFFFFL;
    }
}
