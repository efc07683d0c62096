// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.badinput;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** A static ELF file of a page and a few bytes (writes {@code ok}, exits with 0), and seeded damage to the headers of any ELF file. */
final class TinyElf {
    static final int HEADER = 64;
    static final int PROGRAM_HEADER = 56;

    private static final int BASE = 0x400000;
    private static final int CODE = 0x1000;
    private static final byte[] PROGRAM = {
        (byte) 0xB8,
        1,
        0,
        0,
        0, // mov $1, %eax (write)
        (byte) 0xBF,
        1,
        0,
        0,
        0, // mov $1, %edi
        (byte) 0xBE,
        0x27,
        0x10,
        0x40,
        0, // mov $text, %esi
        (byte) 0xBA,
        3,
        0,
        0,
        0, // mov $3, %edx
        0x0F,
        0x05, // syscall
        (byte) 0xB8,
        (byte) 0xE7,
        0,
        0,
        0, // mov $231, %eax (exit_group)
        0x31,
        (byte) 0xFF, // xor %edi, %edi
        0x0F,
        0x05, // syscall
        (byte) 0xEB,
        (byte) 0xFE, // jmp .
        0,
        0,
        0,
        0,
        0,
        0, // up to 0x27
        'o',
        'k',
        '\n'
    };
    private static final long[] INTERESTING = {
        0,
        1,
        2,
        3,
        0x38,
        0x40,
        0xFFF,
        0x1000,
        0x1001,
        0x7FFFFFFF,
        0x80000000L,
        0xFFFFFFFFL,
        0x7000_0000_0000L,
        0x7FFF_FFFF_F000L,
        0x8000_0000_0000L,
        0xFFFF_8800_0000_0000L,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1,
        -4096
    };

    private TinyElf() {}

    static byte[] bytes() {
        ByteBuffer file = ByteBuffer.allocate(CODE + PROGRAM.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0x464C457F).put((byte) 2).put((byte) 1).put((byte) 1).position(16);
        file.putShort((short) 2).putShort((short) 62).putInt(1);
        file.putLong(BASE + CODE).putLong(HEADER).putLong(0).putInt(0);
        file.putShort((short) HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 3);
        file.position(HEADER);
        segment(file, 1, 4, 0, HEADER + 3 * PROGRAM_HEADER);
        segment(file, 1, 5, CODE, PROGRAM.length);
        segment(file, 0x6474E551, 6, 0, 0);
        file.position(CODE);
        file.put(PROGRAM);
        return file.array();
    }

    private static void segment(ByteBuffer file, int type, int flags, long offset, long size) {
        long address = type == 1 ? BASE + offset : 0;
        file.putInt(type)
                .putInt(flags)
                .putLong(offset)
                .putLong(address)
                .putLong(address)
                .putLong(size)
                .putLong(size)
                .putLong(0x1000);
    }

    /** The file with one to four damages to its headers, or cut off. The same seed makes the same file. */
    static byte[] damaged(byte[] good, long seed) {
        Random random = new Random(seed);
        int headers = HEADER + PROGRAM_HEADER * Short.toUnsignedInt(little(good).getShort(56));
        byte[] bad = random.nextInt(20) == 0 ? java.util.Arrays.copyOf(good, random.nextInt(headers)) : good.clone();
        for (int count = 1 + random.nextInt(4); count > 0 && bad.length > Long.BYTES; count--) {
            int at = random.nextInt(Math.min(headers, bad.length) - Long.BYTES + 1);
            switch (random.nextInt(4)) {
                case 0 -> bad[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bad[at] = (byte) random.nextInt();
                case 2 -> little(bad).putLong(at & -8, INTERESTING[random.nextInt(INTERESTING.length)]);
                default -> little(bad).putShort(at & -2, (short) INTERESTING[random.nextInt(INTERESTING.length)]);
            }
        }
        return bad;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
