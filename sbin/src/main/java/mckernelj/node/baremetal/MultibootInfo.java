// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node.baremetal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.hw.Machine;
import mckernelj.emulator.hw.NumaTopology;

/**
 * The boot information structure (Multiboot specification 0.6.96, section 3.3): memory sizes and map, command line, one module at most, name
 * of the boot loader. Everything lies in low memory from {@link #ADDRESS} on.
 */
final class MultibootInfo {
    static final int ADDRESS = 0x9000;

    private static final int STRUCTURE_BYTES = 116;
    private static final int MEMORY = 1;
    private static final int COMMAND_LINE = 1 << 2;
    private static final int MODULES = 1 << 3;
    private static final int MEMORY_MAP = 1 << 6;
    private static final int LOADER_NAME = 1 << 9;

    private static final int USABLE = 1;
    private static final int RESERVED = 2;
    private static final int LOW_END = 0x9FC00;
    private static final int LOW_KIB = 639;
    private static final int VIDEO = 0xA0000;
    private static final int FIRMWARE = 0xE0000;
    private static final int MEGABYTE = 1 << 20;
    private static final String LOADER = "McKernel/J baremetal";

    private record Range(long start, long end, int type) {}

    private final Machine machine;
    private final ByteBuffer structure = ByteBuffer.allocate(STRUCTURE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int next = ADDRESS + STRUCTURE_BYTES;

    /** A file in memory that was handed over with the image. */
    record Module(int start, int end, String commandLine) {}

    MultibootInfo(Machine machine) {
        this.machine = machine;
    }

    /** {@code module}: null if there is none. */
    void write(String commandLine, Module module) throws BadImage {
        List<Range> map = memoryMap();
        structure.putInt(0, MEMORY | COMMAND_LINE | MODULES | MEMORY_MAP | LOADER_NAME);
        structure.putInt(4, LOW_KIB);
        structure.putInt(8, (int) (upperEnd(map) - MEGABYTE >> 10));
        structure.putInt(16, string(commandLine));
        structure.putInt(20, module == null ? 0 : 1);
        structure.putInt(24, module == null ? 0 : module(module));
        byte[] ranges = encode(map);
        structure.putInt(44, ranges.length);
        structure.putInt(48, place(ranges));
        structure.putInt(64, string(LOADER));
        machine.memory().write(ADDRESS, structure.array(), 0, STRUCTURE_BYTES);
    }

    private List<Range> memoryMap() {
        List<Range> map = new ArrayList<>();
        map.add(new Range(0, LOW_END, USABLE));
        map.add(new Range(LOW_END, VIDEO, RESERVED));
        map.add(new Range(FIRMWARE, MEGABYTE, RESERVED));
        long start = MEGABYTE;
        for (int node = 0; node < machine.numa().nodeCount(); node++) {
            for (NumaTopology.Range range : machine.numa().memory(node)) {
                map.add(new Range(Math.max(start, range.start()), range.end(), USABLE));
            }
        }
        return map;
    }

    private static long upperEnd(List<Range> map) {
        return map.stream()
                .filter(range -> range.start == MEGABYTE)
                .mapToLong(Range::end)
                .findFirst()
                .orElse(MEGABYTE);
    }

    private static byte[] encode(List<Range> map) {
        ByteBuffer bytes = ByteBuffer.allocate(24 * map.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (Range range : map) {
            bytes.putInt(20)
                    .putLong(range.start)
                    .putLong(range.end - range.start)
                    .putInt(range.type);
        }
        return bytes.array();
    }

    private int module(Module module) throws BadImage {
        ByteBuffer entry = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        entry.putInt(module.start)
                .putInt(module.end)
                .putInt(string(module.commandLine))
                .putInt(0);
        return place(entry.array());
    }

    private int string(String text) throws BadImage {
        return place((text + "\0").getBytes(StandardCharsets.UTF_8));
    }

    private int place(byte[] content) throws BadImage {
        int address = next + 3 & -4;
        next = address + content.length;
        if (next > LOW_END) {
            throw new BadImage("the command line is too long");
        }
        machine.memory().write(address, content, 0, content.length);
        return address;
    }
}
