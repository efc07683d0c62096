// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import static mckernelj.emulator.differential.MachineState.DATA;
import static mckernelj.emulator.differential.MachineState.DATA_BYTES;

import jdk.internal.misc.Unsafe;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Mmu;
import mckernelj.emulator.cpu.X86Fault;

/** Two user pages of memory, a read-only one behind them, and nothing else; fills the TLB if told so, so that both the slow and the fast paths are tested. */
final class TwoPageMmu implements Mmu {
    private static final Unsafe U = Unsafe.getUnsafe();
    private static final long BYTE_ARRAY = byteArrayBase();
    private static final int WRITE_USER = 6;
    private static final int READ_USER = 4;
    private static final int PRESENT = 1;

    private final Cpu cpu;
    private final long host = U.allocateMemory(DATA_BYTES + MachineState.READ_ONLY_BYTES);
    boolean fillTlb;

    /** So many compare-and-swaps fail as if another processor had been faster with the same value. */
    int swapsToFail;

    /** The offset in Java has changed its type between JDK 17 and 25: it is looked up at run time. */
    private static long byteArrayBase() {
        try {
            Object base = Unsafe.class.getMethod("arrayBaseOffset", Class.class).invoke(U, byte[].class);
            return ((Number) base).longValue();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    TwoPageMmu(Cpu cpu) {
        this.cpu = cpu;
        for (int i = 0; i < MachineState.READ_ONLY_BYTES; i++) {
            U.putByte(host + DATA_BYTES + i, (byte) (i * 37));
        }
    }

    void clear() {
        U.setMemory(host, DATA_BYTES, (byte) 0);
    }

    void setByte(int offset, byte value) {
        U.putByte(host + offset, value);
    }

    byte getByte(int offset) {
        return U.getByte(host + offset);
    }

    /** As sum_outside in native-runner.c. */
    long sumOutside() {
        long any = 0;
        for (int i = 0; i < MachineState.WINDOW_OFFSET; i += 8) {
            any |= U.getLong(host + i);
        }
        for (int i = MachineState.WINDOW_OFFSET + MachineState.WINDOW_BYTES; i < DATA_BYTES; i += 8) {
            any |= U.getLong(host + i);
        }
        return any == 0 ? 0 : sum();
    }

    private long sum() {
        long sum = 0;
        for (int i = 0; i < DATA_BYTES; i += 8) {
            if (i < MachineState.WINDOW_OFFSET || i >= MachineState.WINDOW_OFFSET + MachineState.WINDOW_BYTES) {
                sum = sum * 31 + U.getLong(host + i);
            }
        }
        return sum;
    }

    /** The window of the data area. */
    void load(byte[] window) {
        U.copyMemory(window, BYTE_ARRAY, null, host + MachineState.WINDOW_OFFSET, MachineState.WINDOW_BYTES);
    }

    void store(byte[] window) {
        U.copyMemory(null, host + MachineState.WINDOW_OFFSET, window, BYTE_ARRAY, MachineState.WINDOW_BYTES);
    }

    private static boolean canonical(long linear) {
        return linear << 16 >> 16 == linear;
    }

    private long check(long linear, int bytes, boolean write) {
        if (!canonical(linear) || !canonical(linear + bytes - 1)) {
            throw cpu.raiseNonCanonical(linear);
        }
        for (long address = linear; address - linear < bytes; address++) {
            boolean present = address >= DATA && address < DATA + DATA_BYTES + MachineState.READ_ONLY_BYTES;
            if (!present || write && address >= DATA + DATA_BYTES) {
                cpu.fault.faultLinear = address;
                throw cpu.raise(X86Fault.PF, (write ? WRITE_USER : READ_USER) | (present ? PRESENT : 0));
            }
        }
        return host + (linear - DATA);
    }

    private void fill(long[] tlb, long linear) {
        if (fillTlb) {
            int i = (int) (linear >>> 12) & Cpu.TLB_ENTRIES - 1;
            tlb[i] = linear & -4096L;
            tlb[i + Cpu.TLB_ENTRIES] = host - DATA;
        }
    }

    /** Whatever may be accessed is in the TLB. */
    void fill() {
        for (long page = DATA; page < DATA + DATA_BYTES; page += 4096) {
            fill(cpu.readTlb, page);
            fill(cpu.writeTlb, page);
        }
        fill(cpu.readTlb, DATA + DATA_BYTES);
    }

    @Override
    public long load(long linear, int bytes) {
        long at = check(linear, bytes, false);
        fill(cpu.readTlb, linear);
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = value << 8 | U.getByte(at + i) & 0xFF;
        }
        return value;
    }

    @Override
    public void store(long linear, int bytes, long value) {
        long at = check(linear, bytes, true);
        fill(cpu.writeTlb, linear);
        for (int i = 0; i < bytes; i++) {
            U.putByte(at + i, (byte) (value >>> 8 * i));
        }
    }

    @Override
    public void checkWrite(long linear, int bytes) {
        check(linear, bytes, true);
        fill(cpu.writeTlb, linear);
    }

    @Override
    public boolean compareAndSwap(int width, long linear, long expected, long value) {
        if (swapsToFail > 0) {
            swapsToFail--;
            return false;
        }
        long memory = load(linear, width >> 3);
        long difference = (memory ^ expected) << (64 - width);
        if (difference == 0) {
            store(linear, width >> 3, value);
        }
        return difference == 0;
    }

    @Override
    public long translateFetch(long linear) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void privilegeChanged() {
        // nothing cached here
    }

    @Override
    public void addressSpaceChanged() {}

    @Override
    public long readPhysical(long physical) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void flush() {
        // nothing cached here
    }

    @Override
    public void purgeCodePages() {
        // nothing cached here
    }

    @Override
    public void invalidatePage(long linear) {
        // nothing cached here
    }

    @Override
    public long loadSystem(long linear, int bytes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void storeSystem(long linear, int bytes, long value) {
        throw new UnsupportedOperationException();
    }
}
