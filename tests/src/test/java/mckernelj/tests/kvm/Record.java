// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kvm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mckernelj.emulator.hw.asm.Reg;
import mckernelj.emulator.hw.asm.Sreg;

/** What a handler of {@link GuestImage} saw: a view of its words in guest memory, by name. */
final class Record {
    static final int VECTOR = 0;
    static final int STACK = 8;
    static final int STACK_WORDS = 7;
    static final int CR2 = 64;
    static final int DR6 = 72;
    static final int DR7 = 80;
    static final int FLAGS_IN_HANDLER = 88;
    static final int SELECTORS = 96;
    static final int REGISTERS = 144;
    static final int FS_BASE = 272;
    static final int GS_BASE = 280;
    static final int BYTES = 288;

    private static final List<String> FRAME = List.of("rip", "cs", "rflags", "rsp", "ss");

    private Record() {}

    /** All records in {@code memory}, each as its fields in order. */
    static List<Map<String, Long>> read(byte[] memory) {
        ByteBuffer bytes = ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);
        long end = bytes.getLong(GuestImage.VARIABLES);
        List<Map<String, Long>> records = new ArrayList<>();
        for (int at = GuestImage.RECORDS; at < end; at += BYTES) {
            records.add(fields(bytes, at));
        }
        return records;
    }

    private static Map<String, Long> fields(ByteBuffer bytes, int at) {
        Map<String, Long> fields = new LinkedHashMap<>();
        fields.put("vector", bytes.getLong(at));
        boolean error = bytes.get(GuestImage.VARIABLES + 0x900 + (int) bytes.getLong(at)) != 0;
        for (int i = 0; i < STACK_WORDS; i++) {
            int frame = error ? i - 1 : i;
            String name = frame < 0 ? "error code" : frame < FRAME.size() ? FRAME.get(frame) : "behind the frame " + i;
            fields.put(name, bytes.getLong(at + STACK + 8 * i));
        }
        fields.put("cr2", bytes.getLong(at + CR2));
        fields.put("dr6", bytes.getLong(at + DR6));
        fields.put("dr7", bytes.getLong(at + DR7));
        fields.put("rflags in the handler", bytes.getLong(at + FLAGS_IN_HANDLER));
        for (Sreg segment : Sreg.values()) {
            fields.put(segment + " in the handler", bytes.getLong(at + SELECTORS + 8 * segment.ordinal()));
        }
        for (Reg reg : Reg.values()) {
            fields.put(
                    reg == Reg.RSP ? "rsp in the handler" : reg.name(),
                    bytes.getLong(at + REGISTERS + 8 * reg.ordinal()));
        }
        fields.put("fs base", bytes.getLong(at + FS_BASE));
        fields.put("gs base", bytes.getLong(at + GS_BASE));
        return fields;
    }
}
