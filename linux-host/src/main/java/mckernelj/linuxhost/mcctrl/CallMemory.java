// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import java.util.Arrays;
import mckernelj.ihk.launch.MailboxLayout;

/**
 * The user memory that one call names: a list of ranges, found from its shape and its arguments. Structures with pointers in
 * them (iovec, msghdr) are read from the process; if they are not present, only they are in the list, and the caller
 * collects again when they are. Reused from call to call.
 */
final class CallMemory {
    /** Linux moves at most this much in one call (MAX_RW_COUNT). */
    private static final long MAX_LENGTH = 0x7FFF_F000L;

    private static final int MAX_VECTORS = 1024;
    private static final int MAX_STRING = 1 << 16;
    private static final int MAX_ELEMENTS = 1 << 26;
    /** Lower addresses are small integers, never memory (vm.mmap_min_addr). */
    private static final long LOWEST = 0x1000;

    private static final int SIOC_TYPE = 0x89;
    private static final int TTY_TYPE = 0x54;
    private static final int LEGACY_BYTES = 64;

    private long[] starts = new long[8];
    private long[] ends = new long[8];
    private boolean[] writes = new boolean[8];
    private int count;
    private boolean everything;
    private boolean incomplete;
    private GuestPageTable pages;
    private final byte[] buffer = new byte[(int) GuestPageTable.PAGE];

    int count() {
        return count;
    }

    long start(int i) {
        return starts[i];
    }

    long end(int i) {
        return ends[i];
    }

    boolean written(int i) {
        return writes[i];
    }

    /** Nested pointers that no table knows: all of the process may be touched. */
    boolean everything() {
        return everything;
    }

    /** A structure could not be read; the list names it, but not yet what it points to. */
    boolean incomplete() {
        return incomplete;
    }

    void collect(CallShape shape, long[] arguments, GuestPageTable process) {
        count = 0;
        incomplete = false;
        everything = shape.everything();
        pages = process;
        for (ArgumentShape pointer : shape.pointers()) {
            collect(pointer, arguments);
        }
        if (shape.isUnknown()) {
            for (long argument : arguments) {
                add(argument, 1, false);
            }
        }
    }

    private void collect(ArgumentShape shape, long[] arguments) {
        long user = arguments[shape.index()];
        if (user < LOWEST || user >= MailboxLayout.USER_END) {
            return;
        }
        long counted = shape.countArgument() < 0 ? 1 : arguments[shape.countArgument()];
        switch (shape.kind()) {
            case BYTES -> add(user, bytes(shape, counted), shape.written());
            case STRING -> addString(user);
            case LENGTH_BEHIND -> addLengthBehind(user, counted, shape.written());
            case IO_VECTORS -> addVectors(user, counted, shape.written());
            case MESSAGE -> addMessage(user, shape.written());
            case MESSAGES -> addMessages(user, (int) counted, shape.written());
            case FD_SET -> add(user, ((int) counted + 63L >> 6) * 8, true);
            case FCNTL -> addFcntl(user, (int) counted);
            case IOCTL -> addIoctl(user, (int) counted);
        }
    }

    private static long bytes(ArgumentShape shape, long counted) {
        if (shape.countArgument() < 0 || shape.factor() == 1) {
            return counted < 0 ? 0 : shape.factor() * counted + shape.extraBytes();
        }
        int elements = (int) counted;
        return elements < 0 || elements > MAX_ELEMENTS ? 0 : (long) shape.factor() * elements + shape.extraBytes();
    }

    private void addString(long user) {
        long at = user;
        while (at - user < MAX_STRING && at < MailboxLayout.USER_END) {
            int piece = (int) (GuestPageTable.PAGE - (at & GuestPageTable.PAGE_MASK));
            if (pages.read(at, buffer, piece) < piece) {
                add(user, at - user + 1, false);
                return;
            }
            for (int i = 0; i < piece; i++) {
                if (buffer[i] == 0) {
                    add(user, at - user + i + 1, false);
                    return;
                }
            }
            at += piece;
        }
        add(user, at - user, false);
    }

    private void addLengthBehind(long user, long lengthUser, boolean written) {
        if (readable(lengthUser, 4)) {
            add(user, longAt(lengthUser, 4), written);
        }
    }

    private void addVectors(long user, long vectors, boolean written) {
        int elements = (int) Math.min(vectors, MAX_VECTORS);
        if (elements <= 0 || vectors > MAX_VECTORS || !readable(user, 16L * elements)) {
            return;
        }
        for (int i = 0; i < elements; i++) {
            long length = longAt(user + 16L * i + 8, 8);
            if (length > 0) {
                add(longAt(user + 16L * i, 8), length, written);
            }
        }
    }

    /** struct msghdr: name, namelen, iov, iovlen, control, controllen, flags. */
    private void addMessage(long user, boolean written) {
        add(user, 56, written);
        if (!readable(user, 56)) {
            return;
        }
        add(longAt(user, 8), longAt(user + 8, 4), written);
        addVectors(longAt(user + 16, 8), longAt(user + 24, 8), written);
        add(longAt(user + 32, 8), longAt(user + 40, 8), written);
    }

    private void addMessages(long user, int messages, boolean written) {
        for (int i = 0; i < Math.min(messages, MAX_VECTORS) && !incomplete; i++) {
            add(user + 64L * i, 64, true);
            addMessage(user + 64L * i, written);
        }
    }

    private void addFcntl(long user, int command) {
        switch (command) {
            case 5, 6, 7, 36, 37, 38 -> add(user, 32, true);
            case 15, 16 -> add(user, 8, command == 16);
            case 1035, 1036, 1037, 1038 -> add(user, 8, true);
            default -> {}
        }
    }

    private void addIoctl(long user, int request) {
        int size = request >>> 16 & 0x3FFF;
        int direction = request >>> 30;
        int type = request >>> 8 & 0xFF;
        if (direction != 0 && size != 0) {
            add(user, size, (direction & 2) != 0);
        } else {
            add(user, LEGACY_BYTES, true);
            everything |= type != TTY_TYPE;
        }
        everything |= type == SIOC_TYPE;
    }

    private boolean readable(long user, long length) {
        add(user, length, false);
        for (long page = user & ~GuestPageTable.PAGE_MASK; page < user + length; page += GuestPageTable.PAGE) {
            if (page < LOWEST || page >= MailboxLayout.USER_END || pages.entry(page) == 0) {
                incomplete = true;
                return false;
            }
        }
        return true;
    }

    private long longAt(long user, int length) {
        long value = 0;
        if (pages.read(user, buffer, length) == length) {
            for (int i = length - 1; i >= 0; i--) {
                value = value << 8 | buffer[i] & 0xFF;
            }
        }
        return value;
    }

    private void add(long user, long length, boolean written) {
        if (length <= 0 || user < LOWEST || user >= MailboxLayout.USER_END) {
            return;
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
            writes = Arrays.copyOf(writes, 2 * count);
        }
        starts[count] = user;
        ends[count] = Math.min(user + Math.min(length, MAX_LENGTH), MailboxLayout.USER_END);
        writes[count++] = written;
    }
}
