// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kvm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How a guest ended, and its memory then. */
record Outcome(End end, byte[] memory) {
    enum End {
        EXIT,
        HALT,
        SHUTDOWN,
        HANG,
        /** KVM gave up: an instruction or a situation that it does not know. */
        UNKNOWN_TO_KVM
    }

    private static final int MOST_DIFFERENCES = 12;

    private static final List<String> MNEMONICS = List.of(
            "#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF", "9", "#TS", "#NP", "#SS", "#GP", "#PF", "15",
            "#MF", "#AC", "#MC", "#XM");

    /** The vectors that were raised, with error codes in hexadecimal: {@code "#DB #GP(0) done"}. */
    String summary() {
        String vectors = Record.read(memory).stream().map(this::vector).collect(Collectors.joining(" "));
        return end == End.EXIT ? vectors : (vectors + " " + end.name().toLowerCase(Locale.ROOT)).trim();
    }

    private String vector(Map<String, Long> fields) {
        int vector = fields.get("vector").intValue();
        long end = ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN).getLong(GuestImage.END);
        if (vector == GuestImage.DONE || vector == 6 && fields.get("rip") == end) {
            return "done";
        }
        String name = vector < MNEMONICS.size() ? MNEMONICS.get(vector) : Integer.toString(vector);
        return fields.containsKey("error code") ? name + "(" + Long.toHexString(fields.get("error code")) + ")" : name;
    }

    /** What is different in {@code other}, a line each; {@code this} is the reference. */
    List<String> differences(Outcome other) {
        List<String> lines = new ArrayList<>();
        if (end != other.end || !summary().equals(other.summary())) {
            lines.add("events: " + summary() + " but " + other.summary());
        }
        List<Map<String, Long>> wanted = Record.read(memory);
        List<Map<String, Long>> found = Record.read(other.memory);
        for (int i = 0; i < Math.min(wanted.size(), found.size()); i++) {
            compare("event " + i, wanted.get(i), found.get(i), lines);
        }
        if (lines.isEmpty()) {
            compareMemory(other, lines);
        }
        return lines;
    }

    /** KVM's software clears RFLAGS.AC when it delivers an exception. */
    private static long comparable(String field, long value) {
        boolean handlerFlags = field.equals("rflags in the handler") && KvmGuest.interpretsSupervisorCode();
        return handlerFlags ? value & ~(1L << 18) : value;
    }

    private static void compare(String where, Map<String, Long> wanted, Map<String, Long> found, List<String> lines) {
        wanted.forEach((field, value) -> {
            Long other = found.get(field);
            if (other == null || comparable(field, value) != comparable(field, other)) {
                lines.add(where + ": " + field + " " + hex(value) + " but " + (other == null ? "absent" : hex(other)));
            }
        });
    }

    /** Compared field by field. */
    private static boolean isRecord(int at) {
        return at >= GuestImage.VARIABLES && at < GuestImage.START
                || at >= GuestImage.RECORDS && at < GuestImage.RECORDS + 0x10000;
    }

    private void compareMemory(Outcome other, List<String> lines) {
        for (int at = 0; at < memory.length && lines.size() < MOST_DIFFERENCES; at++) {
            if (memory[at] != other.memory[at] && !isRecord(at)) {
                lines.add("memory " + hex(at) + ": " + hex(memory[at] & 0xFF) + " but " + hex(other.memory[at] & 0xFF));
            }
        }
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
