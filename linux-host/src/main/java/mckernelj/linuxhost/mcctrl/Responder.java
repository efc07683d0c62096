// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.ikc.IkcMessage;
import mckernelj.ihk.ikc.IkcPacket;
import mckernelj.ihk.layout.SyscallResponse;

/** Answers delegated calls (upstream: MCEXEC_UP_RET_SYSCALL). */
final class Responder {
    private final PhysicalMemory memory;
    private final LwkLink link;

    Responder(PhysicalMemory memory, LwkLink link) {
        this.memory = memory;
        this.link = link;
    }

    void respond(LogicalCpu linux, IkcPacket request, long result) {
        respond(linux, request.respPa, request.ref, request.pid, request.rtid, result);
    }

    void respond(LogicalCpu linux, long responsePhysical, int lwkCpu, int pid, int tid, long result) {
        if (new SyscallResponse(memory, responsePhysical).complete(result)) {
            IkcPacket wakeUp = new IkcPacket(IkcMessage.WAKE_UP_SYSCALL_THREAD);
            wakeUp.ref = lwkCpu;
            wakeUp.pid = pid;
            wakeUp.ttid = tid;
            link.send(linux, lwkCpu, wakeUp);
        } else {
            link.ring(linux, lwkCpu);
        }
    }
}
