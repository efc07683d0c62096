// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;

/**
 * The comparison inside PCMPxSTRx (SDM vol. 2, 4.1). Control byte: element format (1..0: words, signed), aggregation
 * (3..2: equal any, ranges, equal each, equal ordered), polarity (5..4), most significant index or element mask (6).
 */
final class StringComparison {
    private final int control;
    private final boolean words;
    private final boolean signed;
    private final int elements;
    private final long[] first;
    private final long[] second;
    private int firstLength;
    private int secondLength;

    StringComparison(long control, long firstLow, long firstHigh, long secondLow, long secondHigh) {
        this.control = (int) control;
        words = (control & 1) != 0;
        signed = (control & 2) != 0;
        elements = words ? 8 : 16;
        first = new long[] {firstLow, firstHigh};
        second = new long[] {secondLow, secondHigh};
    }

    /** Explicit lengths: absolute values, at most the number of elements. */
    void setLengths(long firstLength, long secondLength) {
        this.firstLength = saturate(firstLength);
        this.secondLength = saturate(secondLength);
    }

    private int saturate(long length) {
        return length > -elements && length < elements ? (int) Math.abs(length) : elements;
    }

    /** Implicit lengths: up to the first zero element. */
    void findLengths() {
        firstLength = findLength(first);
        secondLength = findLength(second);
    }

    private int findLength(long[] string) {
        int length = 0;
        while (length < elements && element(string, length) != 0) {
            length++;
        }
        return length;
    }

    private int element(long[] string, int number) {
        if (words) {
            short word = (short) (string[number >> 2] >> ((number & 3) << 4));
            return signed ? word : word & 0xFFFF;
        }
        byte value = (byte) (string[number >> 3] >> ((number & 7) << 3));
        return signed ? value : value & 0xFF;
    }

    /** IntRes2: one bit an element of the second string. */
    int result() {
        int result = 0;
        for (int i = 0; i < elements; i++) {
            result |= aggregate(i) ? 1 << i : 0;
        }
        switch (control >> 4 & 3) {
            case 1:
                return ~result & (1 << elements) - 1;
            case 3:
                return result ^ (1 << secondLength) - 1;
            default:
                return result;
        }
    }

    private boolean aggregate(int number) {
        switch (control >> 2 & 3) {
            case 0:
                return number < secondLength && equalsAny(element(second, number));
            case 1:
                return number < secondLength && isInRange(element(second, number));
            case 2:
                return equalsEach(number);
            default:
                return startsAt(number);
        }
    }

    private boolean equalsAny(int value) {
        for (int i = 0; i < firstLength; i++) {
            if (element(first, i) == value) {
                return true;
            }
        }
        return false;
    }

    private boolean isInRange(int value) {
        for (int i = 0; i + 1 < firstLength; i += 2) {
            if (element(first, i) <= value && value <= element(first, i + 1)) {
                return true;
            }
        }
        return false;
    }

    private boolean equalsEach(int number) {
        if (number >= firstLength || number >= secondLength) {
            return number >= firstLength && number >= secondLength;
        }
        return element(first, number) == element(second, number);
    }

    /** The first string is found here, or as much of it as fits. */
    private boolean startsAt(int number) {
        for (int i = 0; i < firstLength && number + i < elements; i++) {
            if (number + i >= secondLength || element(first, i) != element(second, number + i)) {
                return false;
            }
        }
        return true;
    }

    int index(int result) {
        if (result == 0) {
            return elements;
        }
        boolean last = (control & 0x40) != 0;
        return last ? 31 - Integer.numberOfLeadingZeros(result) : Integer.numberOfTrailingZeros(result);
    }

    boolean wantsElementMask() {
        return (control & 0x40) != 0;
    }

    /** The result as elements of all ones: eight bytes of the mask, beginning with byte {@code from}. */
    long elementMask(int result, int from) {
        long mask = 0;
        for (int i = 0; i < 8; i++) {
            int number = words ? from + i >> 1 : from + i;
            mask |= (result >> number & 1) != 0 ? 0xFFL << 8 * i : 0;
        }
        return mask;
    }

    int flags(int result) {
        return (result != 0 ? Cpu.CF : 0)
                | (secondLength < elements ? Cpu.ZF : 0)
                | (firstLength < elements ? Cpu.SF : 0)
                | ((result & 1) != 0 ? Cpu.OF : 0);
    }
}
