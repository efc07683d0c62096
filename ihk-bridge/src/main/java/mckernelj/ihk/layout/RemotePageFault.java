// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.layout;

import mckernelj.ihk.ikc.IkcMessage;
import mckernelj.ihk.ikc.IkcPacket;

/**
 * Contents of REMOTE_PAGE_FAULT: Linux asks the LWK to make the pages of a range of a process present, in ascending
 * order until one cannot be. The answer is the same packet with {@code err} (0, or -EFAULT if there is no such mapping,
 * ...).
 *
 * @param targetCpu LWK CPU that handles it
 * @param faultTid thread on whose behalf: the one that waits for a delegated call, or the process' main thread
 * @param reason page-fault error code bits (write 2, user 4)
 */
public record RemotePageFault(int targetCpu, int pid, int faultTid, long faultAddress, long lengthBytes, long reason) {
    public IkcPacket toPacket(long reply) {
        IkcPacket packet = new IkcPacket(IkcMessage.REMOTE_PAGE_FAULT);
        packet.reply = reply;
        packet.ref = targetCpu;
        packet.pid = pid;
        packet.ttid = faultTid;
        packet.args[0] = faultAddress;
        packet.args[1] = reason;
        packet.args[2] = lengthBytes;
        return packet;
    }

    public static RemotePageFault of(IkcPacket packet) {
        return new RemotePageFault(packet.ref, packet.pid, packet.ttid, packet.args[0], packet.args[2], packet.args[1]);
    }
}
