// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.launch.MailboxLayout;
import mckernelj.ihk.launch.ProxyArena;
import mckernelj.linuxhost.proxy.RecordList;
import mckernelj.linuxhost.proxy.ServantSlot;

/**
 * Where Linux looks for arguments and environment of a servant (/proc/PID/cmdline as ps on the host reads it): at a copy of the program's
 * (prctl(2), PR_SET_MM_MAP). The pages that the servant shares with the program will not do: Linux wants anonymous memory there. A host that
 * refuses PR_SET_MM_MAP shows mcexec's arguments.
 *
 * @param address of the copy in the servant
 */
record ArgumentArea(long address, long length) {
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int PR_SET_MM = 35;
    private static final int PR_SET_MM_MAP = 14;
    private static final int MAP_BYTES = 104;

    /** Fields of /proc/PID/stat which prctl_mm_map begins with: code, data, heap (its start twice), stack. */
    private static final int[] UNCHANGED = {26, 27, 45, 46, 47, 47, 28};

    private static final int FIRST_FIELD = 3;

    /** The environment follows the arguments. */
    static void set(ProcessData process, ServantSlot slot, long start, long argumentsEnd, long end) {
        if (start <= 0 || start > argumentsEnd || argumentsEnd > end || start == end || end > MailboxLayout.USER_END) {
            return;
        }
        ArgumentArea copy = allocate(process, slot, start, end);
        if (copy == null) {
            return;
        }
        byte[] map = memoryMap(process.pid(), copy.address, argumentsEnd - start, end - start);
        if (map != null && copy.fill(process, slot, start, map)) {
            process.setArguments(copy);
        } else {
            slot.call(SystemCallNumber.MUNMAP, copy.address, copy.length);
        }
    }

    private static ArgumentArea allocate(ProcessData process, ServantSlot slot, long start, long end) {
        RecordList list = slot.records();
        MappedRuns runs = new MappedRuns();
        process.mirror().map(start, end, false, list, runs);
        int mmap = list.add(SystemCallNumber.MMAP, 0, end - start, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
        slot.execute();
        process.mirror().confirm(runs, i -> slot.result(runs.records[i]) == runs.users[i]);
        long address = slot.result(mmap);
        process.mirror().settle(slot::records, slot::execute);
        return address < MailboxLayout.USER_END ? null : new ArgumentArea(address, end - start);
    }

    /** Copies, tells Linux, and gives back what was there before. */
    private boolean fill(ProcessData process, ServantSlot slot, long start, byte[] map) {
        try (ProxyArena arena = slot.arguments()) {
            long vectors = arena.place(words(address, length, start, length));
            long mapAddress = arena.place(map);
            RecordList list = slot.records();
            int copied = list.add(
                    SystemCallNumber.PROCESS_VM_READV, process.pid(), vectors, 1, vectors + 2 * Long.BYTES, 1, 0);
            int told = list.add(SystemCallNumber.PRCTL, PR_SET_MM, PR_SET_MM_MAP, mapAddress, MAP_BYTES, 0);
            slot.submit();
            slot.await();
            boolean done = slot.result(copied) == length && slot.result(told) == 0;
            ArgumentArea old = process.arguments();
            if (done && old != null) {
                slot.call(SystemCallNumber.MUNMAP, old.address, old.length);
            }
            return done;
        }
    }

    private static byte[] words(long... words) {
        ByteBuffer bytes = ByteBuffer.allocate(words.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(words);
        return bytes.array();
    }

    /** struct prctl_mm_map; null: the servant is dead. */
    private static byte[] memoryMap(int pid, long start, long argumentsLength, long length) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            ByteBuffer map = ByteBuffer.allocate(MAP_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int field : UNCHANGED) {
                map.putLong(Long.parseUnsignedLong(fields[field - FIRST_FIELD]));
            }
            long middle = start + argumentsLength;
            map.putLong(start).putLong(middle).putLong(middle).putLong(start + length);
            map.putLong(0).putInt(0).putInt(-1); // no auxiliary vector, the same program file
            return map.array();
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            return null;
        }
    }
}
