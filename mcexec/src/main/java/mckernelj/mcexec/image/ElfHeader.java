// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.mcexec.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Headers of a static x86-64 ELF file which is one readable and executable segment from its first byte (System V gABI). */
final class ElfHeader {
    static final int BYTES = 64 + 56;

    private static final int ET_EXEC = 2;
    private static final int EM_X86_64 = 62;
    private static final int PT_LOAD = 1;
    private static final int PF_R_X = 5;

    private ElfHeader() {}

    /** Writes the headers over the first {@link #BYTES} of {@code file}, which is loaded at {@code baseLinear}. */
    static void write(byte[] file, long baseLinear, long entryLinear) {
        ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        header.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
        header.putShort((short) ET_EXEC).putShort((short) EM_X86_64).putInt(1);
        header.putLong(entryLinear).putLong(64).putLong(0).putInt(0);
        header.putShort((short) 64).putShort((short) 56).putShort((short) 1).putShort((short) 64);
        header.putShort((short) 0).putShort((short) 0);
        header.putInt(PT_LOAD).putInt(PF_R_X).putLong(0).putLong(baseLinear).putLong(baseLinear);
        header.putLong(file.length).putLong(file.length).putLong(4096);
    }
}
