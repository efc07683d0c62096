// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.layout;

import mckernelj.emulator.hw.PhysicalMemory;

/**
 * Where the answer to a delegated call goes: {ttid, stid, status, req_thread_status, ret, fault_address}, 32 bytes, in
 * memory of the LWK. The LWK clears it before it sends; mcctrl writes ret, then status. The requesting thread and
 * mcctrl agree by compare-and-set of req_thread_status whether a wake-up message is needed.
 */
public final class SyscallResponse {
    public static final int SIZE = 32;

    public static final int STATUS_IN_PROGRESS = 0;
    public static final int STATUS_COMPLETED = 1;
    public static final int STATUS_PAGE_FAULT = 3;

    /** req_thread_status: the thread polls. */
    public static final int THREAD_SPINNING = 0;

    /** The answer came while it spun: it must not sleep. */
    public static final int THREAD_TO_BE_WOKEN = 1;

    /** It sleeps: mcctrl must send WAKE_UP_SYSCALL_THREAD. */
    public static final int THREAD_DESCHEDULED = 2;

    private static final int TTID = 0;
    private static final int STID = 4;
    private static final int STATUS = 8;
    private static final int REQ_THREAD_STATUS = 12;
    private static final int RET = 16;
    private static final int FAULT_ADDRESS = 24;

    private final PhysicalMemory memory;
    private final long physical;

    public SyscallResponse(PhysicalMemory memory, long physical) {
        this.memory = memory;
        this.physical = physical;
    }

    public long physical() {
        return physical;
    }

    public void clear() {
        for (int i = 0; i < SIZE; i += 8) {
            memory.putLong(physical + i, 0);
        }
    }

    public int ttid() {
        return memory.getInt(physical + TTID);
    }

    public void setTtid(int tid) {
        memory.putInt(physical + TTID, tid);
    }

    public int stid() {
        return memory.getInt(physical + STID);
    }

    public void setStid(int tid) {
        memory.putInt(physical + STID, tid);
    }

    public int status() {
        return memory.getInt(physical + STATUS);
    }

    public void setStatus(int status) {
        memory.putInt(physical + STATUS, status);
    }

    public int threadStatus() {
        return memory.getInt(physical + REQ_THREAD_STATUS);
    }

    public void setThreadStatus(int status) {
        memory.putInt(physical + REQ_THREAD_STATUS, status);
    }

    public boolean compareAndSetThreadStatus(int expected, int status) {
        return memory.compareAndSetInt(physical + REQ_THREAD_STATUS, expected, status);
    }

    public long ret() {
        return memory.getLong(physical + RET);
    }

    public long faultAddress() {
        return memory.getLong(physical + FAULT_ADDRESS);
    }

    public void setFaultAddress(long linear) {
        memory.putLong(physical + FAULT_ADDRESS, linear);
    }

    /**
     * mcctrl: result first, then the status that makes it visible. True if the thread sleeps and must be woken by
     * message.
     */
    public boolean complete(long ret) {
        memory.putLong(physical + RET, ret);
        setStatus(STATUS_COMPLETED);
        return !compareAndSetThreadStatus(THREAD_SPINNING, THREAD_TO_BE_WOKEN) && threadStatus() == THREAD_DESCHEDULED;
    }
}
