// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.PortHandler;

/**
 * QEMU's firmware configuration device (fw_cfg) with its classic interface: a 16-bit selector and an 8-bit data port. Items are read-only; there
 * is no DMA.
 */
public final class FirmwareConfig implements PortHandler {
    public static final int SELECTOR_PORT = 0x510;
    public static final int DATA_PORT = 0x511;

    public static final int RAM_SIZE = 0x03;
    public static final int CPU_COUNT = 0x05;
    public static final int INITRD_ADDRESS = 0x0A;
    public static final int INITRD_SIZE = 0x0B;
    public static final int NUMA = 0x0D;
    public static final int MAX_CPUS = 0x0F;
    public static final int INITRD_DATA = 0x12;
    public static final int COMMAND_LINE_SIZE = 0x14;
    public static final int COMMAND_LINE_DATA = 0x15;

    private static final int SIGNATURE = 0x00;
    private static final int IDENTIFIER = 0x01;
    private static final int FILE_DIRECTORY = 0x19;
    private static final int FIRST_FILE = 0x20;
    private static final int NAME_BYTES = 56;
    private static final int ENTRY_BYTES = 64;
    private static final int CLASSIC_INTERFACE = 1;

    private final Map<Integer, byte[]> items = new HashMap<>();
    private final List<String> files = new ArrayList<>();
    private byte[] selected = {};
    private int position;

    public FirmwareConfig() {
        put(SIGNATURE, "QEMU".getBytes(StandardCharsets.US_ASCII));
        putInt(IDENTIFIER, CLASSIC_INTERFACE);
        put(FILE_DIRECTORY, new byte[4]);
    }

    public synchronized void put(int item, byte[] content) {
        items.put(item, content.clone());
    }

    public void putShort(int item, int value) {
        put(item, little(2).putShort((short) value).array());
    }

    public void putInt(int item, int value) {
        put(item, little(4).putInt(value).array());
    }

    public void putLong(int item, long value) {
        put(item, little(8).putLong(value).array());
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Adds a named file to the directory. */
    public synchronized void addFile(String name, byte[] content) {
        put(FIRST_FILE + files.size(), content);
        files.add(name);
        ByteBuffer directory = ByteBuffer.allocate(4 + files.size() * ENTRY_BYTES); // big-endian
        directory.putInt(files.size());
        for (int i = 0; i < files.size(); i++) {
            directory.putInt(items.get(FIRST_FILE + i).length).putShort((short) (FIRST_FILE + i));
            byte[] text = files.get(i).getBytes(StandardCharsets.US_ASCII);
            directory.position(4 + i * ENTRY_BYTES + ENTRY_BYTES - NAME_BYTES);
            directory.put(text, 0, Math.min(text.length, NAME_BYTES - 1));
            directory.position(4 + (i + 1) * ENTRY_BYTES);
        }
        put(FILE_DIRECTORY, directory.array());
    }

    @Override
    public synchronized void out(LogicalCpu cpu, int port, int widthBytes, int value) {
        if (port == SELECTOR_PORT && widthBytes == 2) {
            selected = items.getOrDefault(value, new byte[0]);
            position = 0;
        }
    }

    @Override
    public synchronized int in(LogicalCpu cpu, int port, int widthBytes) {
        if (port != DATA_PORT || widthBytes != 1) {
            return 0;
        }
        return position < selected.length ? selected[position++] : 0;
    }
}
