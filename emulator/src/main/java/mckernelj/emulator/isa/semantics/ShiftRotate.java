// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.isa.Encoding;

/**
 * Shifts and rotates (SDM vol. 1, 5.1.5). The count is masked to 5 bits, 6 with 64-bit operands; a masked count of zero leaves
 * all flags alone. Where the manual leaves OF undefined (counts above 1) it is what the last of the single steps would give.
 */
public final class ShiftRotate {
    private ShiftRotate() {}

    private static int masked(int width, long count) {
        return (int) count & (width == 64 ? 63 : 31);
    }

    // ---- shifts
    // ----------------------------------------------------------------------------------------------------------

    /** The flags are those of the last doubling: x + x with x one step before the result. */
    @Encoding({
        "C0 /4 SHL Eb, Ib", "C1 /4 SHL Ev, Ib", "D0 /4 SHL Eb, 1", "D1 /4 SHL Ev, 1", "D2 /4 SHL Eb, CL",
                "D3 /4 SHL Ev, CL",
        "C0 /6 SHL Eb, Ib", "C1 /6 SHL Ev, Ib", "D0 /6 SHL Eb, 1", "D1 /6 SHL Ev, 1", "D2 /6 SHL Eb, CL",
                "D3 /6 SHL Ev, CL"
    })
    static long shl(Cpu cpu, int width, long a, long count) {
        int n = masked(width, count);
        if (n == 0) {
            return a;
        }
        int unused = 64 - width;
        long half = a << (n - 1) << unused >> unused;
        cpu.setFlagsAdd(width, half, half);
        return half << 1;
    }

    @Encoding({
        "C0 /5 SHR Eb, Ib",
        "C1 /5 SHR Ev, Ib",
        "D0 /5 SHR Eb, 1",
        "D1 /5 SHR Ev, 1",
        "D2 /5 SHR Eb, CL",
        "D3 /5 SHR Ev, CL"
    })
    static long shr(Cpu cpu, int width, long a, long count) {
        int n = masked(width, count);
        if (n == 0) {
            return a;
        }
        int unused = 64 - width;
        long twice = a << unused >>> unused >>> (n - 1);
        long result = twice >>> 1;
        setFlagsShr(cpu, width, result, (int) twice & 1, n == 1 && a < 0);
        return result;
    }

    /** result = (result + carry) + (-carry): an addition with that carry; only the overflow of a single step needs all bits. */
    private static void setFlagsShr(Cpu cpu, int width, long result, int carry, boolean overflow) {
        if (overflow) {
            cpu.setStatusFlags(FlagBits.ofResult(width, result) | carry | Cpu.OF);
        } else {
            cpu.setFlagsAdd(width, result + carry, -carry);
        }
    }

    @Encoding({
        "C0 /7 SAR Eb, Ib",
        "C1 /7 SAR Ev, Ib",
        "D0 /7 SAR Eb, 1",
        "D1 /7 SAR Ev, 1",
        "D2 /7 SAR Eb, CL",
        "D3 /7 SAR Ev, CL"
    })
    static long sar(Cpu cpu, int width, long a, long count) {
        int n = masked(width, count);
        if (n == 0) {
            return a;
        }
        long twice = a >> (n - 1);
        long result = twice >> 1;
        long carry = twice & 1;
        if (carry != 0 && result == -1) {
            cpu.setFlagsSub(width, 0, 1);
        } else {
            cpu.setFlagsAdd(width, result + carry, -carry);
        }
        return result;
    }

    @Encoding({"0F A4 /r SHLD Ev, Gv, Ib", "0F A5 /r SHLD Ev, Gv, CL"})
    static long shld(Cpu cpu, int width, long a, long filler, long count) {
        int n = masked(width, count);
        if (n == 0) {
            return a;
        }
        long half = shiftInLeft(width, a, filler, n - 1);
        long result = shiftInLeft(width, a, filler, n);
        int carry = (int) (half >>> (width - 1)) & 1;
        setDoubleShiftFlags(cpu, width, half, result, carry);
        return result;
    }

    @Encoding({"0F AC /r SHRD Ev, Gv, Ib", "0F AD /r SHRD Ev, Gv, CL"})
    static long shrd(Cpu cpu, int width, long a, long filler, long count) {
        int n = masked(width, count);
        if (n == 0) {
            return a;
        }
        long half = shiftInRight(width, a, filler, n - 1);
        long result = shiftInRight(width, a, filler, n);
        setDoubleShiftFlags(cpu, width, half, result, (int) half & 1);
        return result;
    }

    /** With 16 bits and counts above 16 (undefined) the pattern goes on with the destination again, as in processors. */
    private static long shiftInLeft(int width, long a, long filler, int n) {
        if (n == 0) {
            return a;
        }
        if (width == 16) {
            long pattern = (a & 0xFFFF) << 32 | (filler & 0xFFFF) << 16 | a & 0xFFFF;
            return pattern << n >>> 32;
        }
        int unused = 64 - width;
        return a << n | filler << unused >>> unused >>> (width - n);
    }

    private static long shiftInRight(int width, long a, long filler, int n) {
        if (n == 0) {
            return a;
        }
        if (width == 16) {
            long pattern = (a & 0xFFFF) << 32 | (filler & 0xFFFF) << 16 | a & 0xFFFF;
            return pattern >>> n;
        }
        int unused = 64 - width;
        return a << unused >>> unused >>> n | filler << (width - n);
    }

    private static void setDoubleShiftFlags(Cpu cpu, int width, long half, long result, int carry) {
        boolean signChanged = ((half ^ result) >>> (width - 1) & 1) != 0;
        cpu.setStatusFlags(FlagBits.ofResult(width, result) | carry | (signChanged ? Cpu.OF : 0));
    }

    // ---- rotates: CF and OF only
    // ---------------------------------------------------------------------------------------------

    @Encoding({
        "C0 /0 ROL Eb, Ib",
        "C1 /0 ROL Ev, Ib",
        "D0 /0 ROL Eb, 1",
        "D1 /0 ROL Ev, 1",
        "D2 /0 ROL Eb, CL",
        "D3 /0 ROL Ev, CL"
    })
    static long rol(Cpu cpu, int width, long a, long count) {
        int n = masked(width, count);
        if (n == 0) {
            return a;
        }
        long result = rotateLeft(width, a, n & (width - 1));
        setRotateFlags(cpu, (int) result & 1, (int) (result >>> (width - 1)) & 1);
        return result;
    }

    @Encoding({
        "C0 /1 ROR Eb, Ib",
        "C1 /1 ROR Ev, Ib",
        "D0 /1 ROR Eb, 1",
        "D1 /1 ROR Ev, 1",
        "D2 /1 ROR Eb, CL",
        "D3 /1 ROR Ev, CL"
    })
    static long ror(Cpu cpu, int width, long a, long count) {
        int n = masked(width, count);
        if (n == 0) {
            return a;
        }
        long result = rotateLeft(width, a, -n & (width - 1));
        setRotateFlags(cpu, (int) (result >>> (width - 1)) & 1, (int) (result >>> (width - 2)) & 1);
        return result;
    }

    private static long rotateLeft(int width, long a, int n) {
        switch (width) {
            case 64:
                return Long.rotateLeft(a, n);
            case 32:
                return Integer.rotateLeft((int) a, n);
            default:
                int unused = 64 - width;
                return a << n | a << unused >>> unused >>> (width - n);
        }
    }

    @Encoding({
        "C0 /2 RCL Eb, Ib",
        "C1 /2 RCL Ev, Ib",
        "D0 /2 RCL Eb, 1",
        "D1 /2 RCL Ev, 1",
        "D2 /2 RCL Eb, CL",
        "D3 /2 RCL Ev, CL"
    })
    static long rcl(Cpu cpu, int width, long a, long count) {
        int masked = masked(width, count);
        int n = width < 32 ? masked % (width + 1) : masked;
        if (masked == 0) {
            return a;
        }
        long carry = cpu.carry() ? 1 : 0;
        if (n == 0) {
            setRotateFlags(cpu, (int) carry, (int) (a >>> (width - 1)) & 1);
            return a;
        }
        int unused = 64 - width;
        long value = a << unused >>> unused;
        long result = value << n | carry << (n - 1) | (n == 1 ? 0 : value >>> (width + 1 - n));
        setRotateFlags(cpu, (int) (value >>> (width - n)) & 1, (int) (result >>> (width - 1)) & 1);
        return result;
    }

    @Encoding({
        "C0 /3 RCR Eb, Ib",
        "C1 /3 RCR Ev, Ib",
        "D0 /3 RCR Eb, 1",
        "D1 /3 RCR Ev, 1",
        "D2 /3 RCR Eb, CL",
        "D3 /3 RCR Ev, CL"
    })
    static long rcr(Cpu cpu, int width, long a, long count) {
        int masked = masked(width, count);
        int n = width < 32 ? masked % (width + 1) : masked;
        if (masked == 0) {
            return a;
        }
        long carry = cpu.carry() ? 1 : 0;
        int unused = 64 - width;
        long value = a << unused >>> unused;
        long result = value;
        if (n != 0) {
            result = value >>> n | carry << (width - n) | (n == 1 ? 0 : value << (width + 1 - n));
            carry = value >>> (n - 1) & 1;
        }
        int top = (int) (result >>> (width - 2)) & 3;
        setStatus(cpu, (int) carry, top == 1 || top == 2);
        return result;
    }

    /** OF = the two differ: the carry and the sign, or the two uppermost bits. */
    private static void setRotateFlags(Cpu cpu, int carry, int other) {
        setStatus(cpu, carry, carry != other);
    }

    private static void setStatus(Cpu cpu, int carry, boolean overflow) {
        int kept = cpu.statusFlags() & ~(Cpu.CF | Cpu.OF);
        cpu.setStatusFlags(kept | carry | (overflow ? Cpu.OF : 0));
    }
}
