// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

import java.util.Arrays;

/**
 * The four hardware breakpoints of DR0..DR7 (SDM vol. 3, 18.2): what a processor compares with them. While one is
 * enabled the engine executes single instructions; pages with a watched address are in no TLB, so that the MMU sees
 * accesses to them.
 */
public final class Breakpoints {
    /** DR6: a MOV to or from a debug register while {@link #DR7_GD}; single step. */
    public static final long DR6_BD = 1 << 13;

    public static final long DR6_BS = 1 << 14;

    /** DR7: accesses to debug registers raise #DB. */
    public static final long DR7_GD = 1 << 13;

    private static final long DR6_FIXED = 0xFFFF0FF0L;
    private static final long DR6_WRITABLE = 0xE00F;
    private static final long DR7_FIXED = 0x400;
    private static final long DR7_WRITABLE = 0xFFFF2BFFL;
    private static final int ENABLED = 0xFF;

    private static final int EXECUTE = 0;
    private static final int WRITE = 1;
    private static final int IO = 2;
    private static final int READ_WRITE = 3;
    private static final int CR4_DE = 1 << 3;

    private final Cpu cpu;
    private boolean active;
    private boolean watching;
    private int met;

    Breakpoints(Cpu cpu) {
        this.cpu = cpu;
    }

    // ---- registers

    /** MOV to DR {@code number}: 0..3, 6 or 7. */
    public void write(int number, long value) {
        if (number >= 6 && value >>> 32 != 0) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        cpu.dr[number] =
                number == 6 ? value & DR6_WRITABLE | DR6_FIXED : number == 7 ? value & DR7_WRITABLE | DR7_FIXED : value;
        changed();
    }

    void reset() {
        Arrays.fill(cpu.dr, 0);
        cpu.dr[6] = DR6_FIXED;
        cpu.dr[7] = DR7_FIXED;
        met = 0;
        changed();
    }

    private void changed() {
        boolean watched = watching;
        active = (cpu.dr[7] & ENABLED) != 0;
        watching = false;
        for (int i = 0; i < 4; i++) {
            watching |= enabled(i) && (kind(i) & WRITE) != 0;
        }
        if (watched || watching) {
            cpu.mmu.flush();
        }
    }

    private boolean enabled(int i) {
        return (cpu.dr[7] >>> 2 * i & 3) != 0;
    }

    private int kind(int i) {
        return (int) (cpu.dr[7] >>> 16 + 4 * i) & 3;
    }

    private int bytes(int i) {
        int code = (int) (cpu.dr[7] >>> 18 + 4 * i) & 3;
        return code == 2 ? 8 : code + 1;
    }

    // ---- conditions

    /** True while a breakpoint is enabled. */
    public boolean active() {
        return active;
    }

    /** True while a breakpoint on data is enabled. */
    public boolean watching() {
        return watching;
    }

    public boolean watchesPage(long linearPage) {
        if (!watching) {
            return false;
        }
        boolean found = false;
        for (int i = 0; i < 4; i++) {
            found |= enabled(i) && (kind(i) & WRITE) != 0 && (cpu.dr[i] ^ linearPage) >>> 12 == 0;
        }
        return found;
    }

    /** DR6 bits of the breakpoints on execution of the instruction at {@code linear}. */
    public int atInstruction(long linear) {
        int bits = 0;
        for (int i = 0; i < 4; i++) {
            if (enabled(i) && kind(i) == EXECUTE && cpu.dr[i] == linear) {
                bits |= 1 << i;
            }
        }
        return bits;
    }

    /** An access to data: remembers the breakpoints that it meets. */
    public void dataAccess(long linear, int bytes, boolean write) {
        for (int i = 0; i < 4; i++) {
            int kind = kind(i);
            if (enabled(i) && (kind == READ_WRITE || kind == WRITE && write)) {
                compare(i, linear, bytes);
            }
        }
    }

    public void portAccess(int port, int bytes) {
        for (int i = 0; i < 4; i++) {
            if (enabled(i) && kind(i) == IO && (cpu.cr4 & CR4_DE) != 0) {
                compare(i, port, bytes);
            }
        }
    }

    private void compare(int i, long address, int bytes) {
        long first = cpu.dr[i] & -bytes(i);
        if (address < first + bytes(i) && first < address + bytes) {
            met |= 1 << i;
        }
    }

    /** DR6 bits of the breakpoints met by data and port accesses since the last call. */
    public int takeMet() {
        int bits = met;
        met = 0;
        return bits;
    }

    /** The instruction did not complete: its accesses do not count. */
    public void forget() {
        met = 0;
    }
}
