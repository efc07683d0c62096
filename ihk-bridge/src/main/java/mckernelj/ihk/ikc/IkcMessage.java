// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.ikc;

/**
 * Messages of the regular channels: upstream's numbers. L = Linux, M = McKernel. Unless it says otherwise, {@code ref}
 * is the LWK CPU concerned and {@code reply} comes back in the answer as it was.
 */
public enum IkcMessage {
    /** L to M: {@code arg} = physical address of a ProgramLoadDescriptor; builds the process on the receiving CPU. */
    PREPARE_PROCESS(0x1),
    /** Answer: {@code err}, {@code arg} as in the request; the descriptor's rprocess and rpgtable are filled in. */
    PREPARE_PROCESS_ACKED(0x2),
    /** L to M: {@code arg} = rprocess of the descriptor; puts it into the receiver's run queue. */
    SCHEDULE_PROCESS(0x3),
    /** M to L: delegated call: pid, rtid, ttid, number, args, respPa. */
    SYSCALL_ONESIDE(0x4),
    INIT_CHANNEL(0x5),
    INIT_CHANNEL_ACKED(0x6),
    /** L to M: {@code arg} = physical address of a SignalRequest. */
    SEND_SIGNAL(0x7),
    SEND_SIGNAL_ACK(0x8),
    /** L to M: the servant of {@code pid} is gone; {@code ref} = -1 or its wait status. */
    CLEANUP_PROCESS(0x9),
    CLEANUP_PROCESS_RESP(0xA),
    GET_VDSO_INFO(0xB),
    GET_CPU_MAPPING(0xC),
    REPLY_GET_CPU_MAPPING(0xD),
    PROCFS_CREATE(0x10),
    PROCFS_DELETE(0x11),
    /** L to M: {@code arg} = physical address of the request block. */
    PROCFS_REQUEST(0x12),
    PROCFS_ANSWER(0x13),
    /** L to M: wakes thread {@code ttid} (of {@code pid}), which waits descheduled for its response. */
    WAKE_UP_SYSCALL_THREAD(0x14),
    PROCFS_RELEASE(0x15),
    /** L to M: see {@link mckernelj.ihk.layout.RemotePageFault}. */
    REMOTE_PAGE_FAULT(0x18),
    REMOTE_PAGE_FAULT_ANSWER(0x19),
    DEBUG_LOG(0x20),
    SYSFS_REQ_CREATE(0x30),
    SYSFS_REQ_MKDIR(0x32),
    SYSFS_REQ_SYMLINK(0x34),
    SYSFS_REQ_LOOKUP(0x36),
    SYSFS_REQ_UNLINK(0x38),
    SYSFS_REQ_SHOW(0x3A),
    SYSFS_RESP_SHOW(0x3B),
    SYSFS_REQ_STORE(0x3C),
    SYSFS_RESP_STORE(0x3D),
    SYSFS_REQ_RELEASE(0x3E),
    SYSFS_RESP_RELEASE(0x3F),
    /** M to L, before the first process: {@code arg} = physical address of a SysfsListing, {@code args[0]} = its length. */
    SYSFS_REQ_SETUP(0x40),
    /** Answer: the listing is not needed any more. */
    SYSFS_RESP_SETUP(0x41),
    /** M to L: thread {@code arg} of {@code pid} appeared. */
    PROCFS_TID_CREATE(0x44),
    PROCFS_TID_DELETE(0x45),
    /** M to L: {@code arg} = event type: 0 out of memory, 2 status (panic), 101 kmsg. */
    EVENTFD(0x46),
    /** L to M: {@code arg} = physical address of a perf control block. */
    PERF_CTRL(0x50),
    PERF_ACK(0x51),
    /** L to M: {@code args} = {MSR, value, 0 read | 1 write}; the answer has the value in {@code args[1]}. */
    CPU_RW_REG(0x52),
    CPU_RW_REG_RESP(0x53),
    /** L to M: nobody has the signalfd {@code arg} of {@code pid} any more. */
    CLEANUP_FD(0x54),
    CLEANUP_FD_RESP(0x55),
    FUTEX_WAKE(0x60);

    private static final IkcMessage[] BY_NUMBER = new IkcMessage[0x61];

    static {
        for (IkcMessage message : values()) {
            BY_NUMBER[message.number] = message;
        }
    }

    private final int number;

    IkcMessage(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** The message of this number, or null. */
    public static IkcMessage of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }
}
