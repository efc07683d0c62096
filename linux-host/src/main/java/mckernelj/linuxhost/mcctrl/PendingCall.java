// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import java.util.concurrent.atomic.AtomicBoolean;
import mckernelj.emulator.hw.HostEvent;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.Errno;
import mckernelj.ihk.ikc.IkcPacket;
import mckernelj.ihk.launch.MailboxLayout;
import mckernelj.ihk.launch.ProxyArena;
import mckernelj.ihk.layout.PageTableEntry;
import mckernelj.ihk.layout.RemotePageFault;
import mckernelj.linuxhost.proxy.RecordList;
import mckernelj.linuxhost.proxy.ServantSlot;

/**
 * The delegated call of one LWK thread, on its way (upstream: per-thread data). A state machine in interrupt context of a Linux
 * processor: {@link #advance} asks the LWK for absent pages until there are none to ask for, sends lists of mappings to the
 * servant until the rest fits, then sends the call. While the servant works, this is the host event on which the requesting
 * processor's host thread blocks. One object per thread, used again for each call.
 */
final class PendingCall implements HostEvent {
    /** What the LWK gets when the servant is dead: it ends the process then (upstream: nohost). */
    private static final int ERESTARTSYS = 512;

    /** Model of the time a delegated call takes, for the deterministic machine. */
    private static final long CYCLES = 12_000;

    private static final long FAULT_USER = 4;
    private static final long FAULT_WRITE = 2;
    private static final int MAX_ASKED = 64;

    private final Delegator delegator;
    private final ProcessData process;
    private final ServantSlot slot;
    private final CallMemory memory = new CallMemory();
    private final MappedRuns runs = new MappedRuns();
    private final AtomicBoolean raised = new AtomicBoolean(true);
    private final long[] arguments = new long[6];
    private final long[] askedStarts = new long[MAX_ASKED];
    private final long[] askedEnds = new long[MAX_ASKED];
    private int asked;
    private CallShape shape;
    private long number;
    private long responsePhysical;
    private int lwkCpu;
    private int tid;
    /** The Linux processor that serves the call: all steps run in its interrupt context. */
    private LogicalCpu linux;

    private boolean busy;
    private long readyAt;
    /** Where mapping everything goes on, or 0. */
    private long everythingFrom;
    /** Record of the call in the list at the servant; -1: the list only maps. */
    private int callRecord;

    private Runnable completion;

    PendingCall(Delegator delegator, ProcessData process, ServantSlot slot) {
        this.delegator = delegator;
        this.process = process;
        this.slot = slot;
    }

    ServantSlot slot() {
        return slot;
    }

    /** True from the request to the answer. */
    boolean busy() {
        return busy;
    }

    int lwkCpu() {
        return lwkCpu;
    }

    int linuxCpu() {
        return linux == null ? 0 : linux.index();
    }

    /** True while the servant's thread has a list of this call. */
    boolean atServant() {
        return !raised.get();
    }

    /** Begins a call that Linux executes. */
    void begin(IkcPacket packet, LogicalCpu processor) {
        take(packet, processor);
        number = packet.number;
        shape = delegator.shapes().of(number);
        System.arraycopy(packet.args, 0, arguments, 0, arguments.length);
        asked = 0;
        everythingFrom = 0;
        completion = null;
        advance();
    }

    /** Begins work at the servant whose list the caller has put into the slot's records; {@code then} runs when it is done. */
    void begin(IkcPacket packet, LogicalCpu processor, Runnable submission, Runnable then) {
        take(packet, processor);
        completion = then;
        raised.set(false);
        submission.run();
        watch();
    }

    private void take(IkcPacket packet, LogicalCpu processor) {
        lwkCpu = packet.ref;
        tid = packet.rtid;
        responsePhysical = packet.respPa;
        linux = processor;
        busy = true;
        readyAt = processor.cycles() + CYCLES;
        runs.count = 0;
    }

    /** Goes on as far as possible: after the beginning, after a page-fault answer, after a list of mappings. */
    void advance() {
        if (shape.plain()) {
            submitCall(slot.records());
            return;
        }
        if (shape.refused()) {
            respond(-Errno.ENOSYS);
            return;
        }
        memory.collect(shape, arguments, process.pages());
        if (!askForAbsentPages() && !replacePath()) {
            RecordList list = slot.records();
            if (mapNamed(list) && mapEverything(list)) {
                submitCall(list);
            } else {
                callRecord = -1;
                submit();
            }
        }
    }

    /** Puts another path into the call if the overlay wants it; true if that answered the call. */
    private boolean replacePath() {
        PathArgument where = PathArgument.of(number);
        PathOverlay.Replacement other =
                where == null ? null : delegator.overlay().replacement(process, where, number, arguments);
        if (other == null) {
            return false;
        }
        if (other.program() && PathArgument.isReadLink(number)) {
            long buffer = arguments[where.path() + 1];
            respond(PathOverlay.readLink(process, other.path(), buffer, arguments[where.path() + 2]));
            return true;
        }
        try (ProxyArena arena = slot.arguments()) {
            arguments[where.path()] = arena.placeString(other.path()); // stays in the slot until the next call
        }
        return false;
    }

    private boolean askForAbsentPages() {
        for (int i = 0; i < memory.count(); i++) {
            long end = memory.end(i);
            boolean write = memory.written(i);
            long absent = process.mirror().firstAbsent(memory.start(i), end, write);
            while (absent < end) {
                long after = process.mirror().lastAbsent(absent, end, write);
                if (!alreadyAsked(absent) && ask(absent, after, write)) {
                    return true;
                }
                absent = after < end ? process.mirror().firstAbsent(after, end, write) : end;
            }
        }
        return false;
    }

    /** Each range is asked for once: what is absent then stays unmapped, and Linux answers EFAULT where it matters. */
    private boolean alreadyAsked(long page) {
        for (int i = 0; i < asked; i++) {
            if (page >= askedStarts[i] && page < askedEnds[i]) {
                return true;
            }
        }
        return asked == MAX_ASKED;
    }

    private boolean ask(long start, long end, boolean write) {
        askedStarts[asked] = start & -GuestPageTable.PAGE;
        askedEnds[asked++] = end;
        long reason = FAULT_USER | (write ? FAULT_WRITE : 0);
        RemotePageFault fault = new RemotePageFault(lwkCpu, process.pid(), tid, start, end - start, reason);
        return delegator.link().send(linux, lwkCpu, fault.toPacket(delegator.expectAnswer(this)));
    }

    private boolean mapNamed(RecordList list) {
        for (int i = 0; i < memory.count(); i++) {
            long start = memory.start(i);
            long end = memory.end(i);
            if (!process.mirror().covers(start, end, memory.written(i))
                    && process.mirror().map(start, end, memory.written(i), list, runs) < end) {
                return false;
            }
        }
        return true;
    }

    private boolean mapEverything(RecordList list) {
        if (!memory.everything()) {
            return true;
        }
        everythingFrom = process.mirror().mapAll(everythingFrom, list, runs);
        return everythingFrom >= MailboxLayout.USER_END;
    }

    private void submitCall(RecordList list) {
        int zeroed = shape.zeroed();
        callRecord = list.add(
                (int) number,
                arguments[0],
                arguments[1],
                arguments[2],
                (zeroed & 8) != 0 ? 0 : arguments[3],
                (zeroed & 16) != 0 ? 0 : arguments[4],
                (zeroed & 32) != 0 ? 0 : arguments[5]);
        submit();
    }

    private void submit() {
        raised.set(false);
        slot.submit();
        watch();
    }

    private void watch() {
        LogicalCpu processor = delegator.link().processor(lwkCpu);
        if (processor == null) {
            abandon();
        } else {
            processor.setHostEvent(this);
        }
    }

    @Override
    public boolean poll() {
        if (!slot.replyReady()) {
            return false;
        }
        if (raised.compareAndSet(false, true)) {
            if (slot.hasSignals()) {
                // The LWK must have the signal before the result: both are posted to the same Linux processor.
                process.servant().drainSignals(slot);
            }
            delegator.partition().post(linux.index(), cpu -> replied());
        }
        return true;
    }

    @Override
    public void park(long nanos) {
        slot.park(nanos);
    }

    @Override
    public void wake() {
        slot.wake();
    }

    @Override
    public boolean asleep() {
        return slot.asleep();
    }

    @Override
    public void abandon() {
        if (!raised.get()) {
            delegator.waiters().execute(this::waitForReply);
        }
    }

    private void waitForReply() {
        while (!poll()) {
            slot.park(Long.MAX_VALUE);
        }
    }

    @Override
    public long readyAtCycles() {
        return readyAt;
    }

    /** The servant has executed the list. */
    private void replied() {
        process.mirror().confirm(runs, i -> slot.result(runs.records[i]) == runs.users[i]);
        if (completion != null) {
            completion.run();
            return;
        }
        long result = slot.result(Math.max(callRecord, 0));
        process.mirror().settle(slot::records, slot::execute);
        if (callRecord < 0 && process.servant().alive()) {
            advance();
        } else {
            finish(result);
        }
    }

    private void finish(long result) {
        announceWrites(result);
        respond(delegator.overlay().result(process, number, arguments, result));
    }

    /** Linux may have written code. */
    private void announceWrites(long result) {
        if (shape.plain() || Errno.isError(result)) {
            return;
        }
        for (int i = 0; i < memory.count(); i++) {
            if (memory.written(i)) {
                long end =
                        shape.resultCountsBytes() ? Math.min(memory.end(i), memory.start(i) + result) : memory.end(i);
                announceWrite(memory.start(i), end);
            }
        }
    }

    private void announceWrite(long start, long end) {
        PhysicalMemory ram = process.pages().memory();
        for (long at = start; at < end; ) {
            long length = Math.min(end - at, GuestPageTable.PAGE - (at & GuestPageTable.PAGE_MASK));
            long entry = process.pages().entry(at);
            if ((entry & PageTableEntry.PRESENT) != 0) {
                ram.written(entry & PageTableEntry.ADDRESS | at & GuestPageTable.PAGE_MASK, length);
            }
            at += length;
        }
    }

    /** Answers the LWK. */
    void respond(long result) {
        boolean dead = result == -Errno.ESRCH && !process.servant().alive();
        busy = false;
        delegator
                .responder()
                .respond(linux, responsePhysical, lwkCpu, process.pid(), tid, dead ? -ERESTARTSYS : result);
    }
}
