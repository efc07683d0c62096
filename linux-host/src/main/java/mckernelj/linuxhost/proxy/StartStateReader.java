// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import static mckernelj.ihk.launch.MailboxLayout.*;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.launch.StartState;
import mckernelj.ihk.launch.StartState.Identity;
import mckernelj.ihk.launch.StartState.ResourceLimit;
import mckernelj.linuxhost.libc.RawMemory;

/**
 * Reads what a fresh client was started with, by one list of calls in it; the same list maps the window on physical memory
 * and closes the three descriptors of the attachment. Everything read is the user's own business but is range-checked.
 */
final class StartStateReader {
    private static final int AT_NULL = 0;
    private static final int AT_UID = 11;
    private static final int AT_EUID = 12;
    private static final int AT_GID = 13;
    private static final int AT_EGID = 14;
    private static final int RLIMIT_COUNT = 16;
    private static final int RLIMIT_AS = 9;
    private static final int PRIVATE_UMASK = 077;
    private static final int TCGETS = 0x5401;
    private static final int MAX_GROUPS = 65536;
    private static final int PATH_BYTES = 4096;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED_FIXED_NORESERVE = 0x4011;
    private static final int MADV_DONTDUMP = 16;

    // Offsets in the transfer area.
    private static final int STACK = 0;
    /** The kernel accepts at most 6 MiB of arguments and environment. */
    private static final int STACK_BYTES = 8 << 20;

    private static final int IOVECS = STACK_BYTES;
    private static final int DIRECTORY = IOVECS + 64;
    private static final int LIMITS = DIRECTORY + PATH_BYTES;
    private static final int ACTIONS = LIMITS + RLIMIT_COUNT * 16;
    private static final int ACTION_BYTES = 32;
    private static final int BLOCKED = ACTIONS + (SignalRecords.SIGNAL_COUNT + 1) * ACTION_BYTES;
    private static final int TERMINAL = BLOCKED + 8;
    private static final int GROUPS = TERMINAL + 120;

    private final MailboxSlot slot;
    private final RawMemory memory;
    private final long base;

    // Records of the list.
    private int directory;
    private int umask;
    private int limits;
    private int processGroup;
    private int session;
    private int parent;
    private int groups;
    private int terminal;
    private int window;

    private StartStateReader(MailboxSlot slot, TransferArea area) {
        this.slot = slot;
        memory = area.memory();
        base = area.servantAddress();
    }

    /** Null if the client has died or cannot map the machine's memory (its address space is limited). */
    static StartState read(MailboxSlot slot, TransferArea area, long memoryBytes) {
        return new StartStateReader(slot, area).read(memoryBytes);
    }

    private StartState read(long memoryBytes) {
        RawMemory hello = slot.memory();
        long initialStack = hello.getLong(HELLO_STACK);
        submit(initialStack, memoryBytes);
        slot.await();
        if (slot.result(window) != WINDOW) {
            return null;
        }
        long mask = slot.result(umask);
        StartState state = parse(initialStack, hello.getLong(HELLO_RLIMIT_AS));
        slot.call(SystemCallNumber.UMASK, mask);
        return state;
    }

    private void submit(long initialStack, long memoryBytes) {
        RecordList list = slot.records();
        RawMemory hello = slot.memory();
        memory.putLong(IOVECS, base + STACK);
        memory.putLong(IOVECS + 8, STACK_BYTES);
        memory.putLong(IOVECS + 16, initialStack);
        memory.putLong(IOVECS + 24, STACK_BYTES);
        // Not write(): it would be subject to RLIMIT_FSIZE, and fails if stack + length crosses the end of user space.
        list.add(SystemCallNumber.PROCESS_VM_READV, slot.tid(), base + IOVECS, 1, base + IOVECS + 16, 1, 0);
        directory = list.add(SystemCallNumber.GETCWD, base + DIRECTORY, PATH_BYTES);
        umask = list.add(SystemCallNumber.UMASK, PRIVATE_UMASK);
        limits = list.size();
        for (int i = 0; i < RLIMIT_COUNT; i++) {
            list.add(SystemCallNumber.PRLIMIT64, 0, i, 0, base + LIMITS + i * 16);
        }
        for (int signal = 1; signal <= SignalRecords.SIGNAL_COUNT; signal++) {
            list.add(SystemCallNumber.RT_SIGACTION, signal, 0, base + ACTIONS + signal * ACTION_BYTES, 8);
        }
        list.add(SystemCallNumber.RT_SIGPROCMASK, 0, 0, base + BLOCKED, 8);
        SignalRecords.mask(list, SIGSET_NONE);
        processGroup = list.add(SystemCallNumber.GETPGID, 0);
        session = list.add(SystemCallNumber.GETSID, 0);
        parent = list.add(SystemCallNumber.GETPPID);
        groups = list.add(SystemCallNumber.GETGROUPS, MAX_GROUPS, base + GROUPS);
        terminal = list.add(SystemCallNumber.IOCTL, 2, TCGETS, base + TERMINAL);
        long descriptor = hello.getInt(HELLO_MEMORY_FD);
        window = list.add(
                SystemCallNumber.MMAP, WINDOW, memoryBytes, PROT_READ_WRITE, MAP_SHARED_FIXED_NORESERVE, descriptor, 0);
        // No core file of the client contains the machine's memory; duplicates of the window inherit it.
        list.add(SystemCallNumber.MADVISE, WINDOW, memoryBytes, MADV_DONTDUMP);
        list.add(SystemCallNumber.MADVISE, MAILBOX, MAILBOX_BYTES, MADV_DONTDUMP);
        list.add(SystemCallNumber.CLOSE, descriptor);
        list.add(SystemCallNumber.CLOSE, hello.getInt(HELLO_MAILBOX_FD));
        list.add(SystemCallNumber.CLOSE, hello.getInt(HELLO_SOCKET));
        slot.submit(false);
    }

    private StartState parse(long initialStack, long addressSpaceLimit) {
        int position = STACK;
        long count = memory.getLong(position);
        position += 8;
        List<String> arguments = new ArrayList<>();
        position = strings(position, initialStack, arguments);
        List<String> environment = new ArrayList<>();
        position = strings(position, initialStack, environment);
        Map<Integer, Long> auxiliary = auxiliaryVector(position);
        boolean complete = count == arguments.size() && count >= 3;
        return new StartState(
                complete ? arguments.get(2) : "",
                complete ? List.copyOf(arguments.subList(3, arguments.size())) : List.of(),
                List.copyOf(environment),
                auxiliary,
                Errno.isError(slot.result(directory))
                        ? ""
                        : memory.slice(DIRECTORY, PATH_BYTES).getString(0),
                (int) slot.result(umask) & 0777,
                limits(addressSpaceLimit),
                identity(auxiliary),
                groups(),
                ignoredSignals(),
                memory.getLong(BLOCKED),
                slot.result(terminal) == 0);
    }

    /** Reads a NULL-terminated vector of string pointers; returns the position behind it. */
    private int strings(int from, long initialStack, List<String> result) {
        int position = from;
        while (position <= STACK_BYTES - 16 && memory.getLong(position) != 0) {
            long offset = memory.getLong(position) - initialStack;
            if (offset < 0 || offset >= STACK_BYTES) {
                break;
            }
            result.add(memory.slice(0, STACK_BYTES).getString(offset));
            position += 8;
        }
        return position + 8;
    }

    private Map<Integer, Long> auxiliaryVector(int from) {
        Map<Integer, Long> result = new LinkedHashMap<>();
        for (int position = from; position <= STACK_BYTES - 16; position += 16) {
            int type = (int) memory.getLong(position);
            if (type == AT_NULL) {
                break;
            }
            result.put(type, memory.getLong(position + 8));
        }
        return Map.copyOf(result);
    }

    private List<ResourceLimit> limits(long addressSpaceLimit) {
        List<ResourceLimit> result = new ArrayList<>();
        for (int i = 0; i < RLIMIT_COUNT; i++) {
            boolean known = slot.result(limits + i) == 0;
            long soft = i == RLIMIT_AS ? addressSpaceLimit : memory.getLong(LIMITS + i * 16);
            long hard = memory.getLong(LIMITS + i * 16 + 8);
            result.add(known ? new ResourceLimit(soft, hard) : new ResourceLimit(-1, -1));
        }
        return List.copyOf(result);
    }

    private Identity identity(Map<Integer, Long> auxiliary) {
        return new Identity(
                slot.tid(),
                (int) slot.result(parent),
                (int) slot.result(processGroup),
                (int) slot.result(session),
                auxiliary.getOrDefault(AT_UID, 0L).intValue(),
                auxiliary.getOrDefault(AT_EUID, 0L).intValue(),
                auxiliary.getOrDefault(AT_GID, 0L).intValue(),
                auxiliary.getOrDefault(AT_EGID, 0L).intValue());
    }

    private List<Integer> groups() {
        List<Integer> result = new ArrayList<>();
        for (int i = 0; i < Math.min(MAX_GROUPS, slot.result(groups)); i++) {
            result.add(memory.getInt(GROUPS + 4 * i));
        }
        return List.copyOf(result);
    }

    private long ignoredSignals() {
        long result = 0;
        for (int signal = 1; signal <= SignalRecords.SIGNAL_COUNT; signal++) {
            boolean ignored = memory.getLong(ACTIONS + signal * ACTION_BYTES) == 1; // SIG_IGN
            result |= ignored ? 1L << signal - 1 : 0;
        }
        return result;
    }
}
