// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.ptrace;

import static mckernelj.ihk.layout.PageTableEntry.ADDRESS;
import static mckernelj.ihk.layout.PageTableEntry.LARGE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.lwk.mm.PageTables;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.mm.UserAccess;
import mckernelj.lwk.mm.VmRange;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Rlimits;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.signal.SigInfo;

/**
 * The core file of a process that ends by a signal: notes of all threads and the memory that the program changed.
 * Pages that are not present are holes. Written by the servant's side, so with the program's rights and directory.
 */
public final class CoreDump {
    private static final int HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final int PT_LOAD = 1;
    private static final int PT_NOTE = 4;

    /** How long the dump waits for the other threads, in seconds of the processor. */
    private static final int PATIENCE_SECONDS = 1;

    private final Kernel kernel;

    public CoreDump(Kernel kernel) {
        this.kernel = kernel;
    }

    /** A thread while its process is dumped: waits for the end, with its registers where the dump finds them. */
    public void standStill(Thread self) {
        List<CoreThread> others = self.process().dumpedThreads();
        if (others == null || self.process().hasEnded()) {
            return;
        }
        others.add(snapshot(self));
        self.process().threads().forEach(thread -> kernel.signals().wake(self, thread));
        kernel.scheduler()
                .sleep(self, KernelThread.UNINTERRUPTIBLE, () -> self.process().hasEnded());
    }

    private static CoreThread snapshot(Thread thread) {
        TraceStop stop = new TraceStop(TraceStop.Kind.EXIT, 0, null, 0);
        stop.save(thread);
        return new CoreThread(new Tracee(thread, null, false, 0), stop);
    }

    /** True if a core file was written. */
    public boolean write(Thread self, SigInfo info) {
        Process process = self.process();
        long limit = process.rlimits().soft(Rlimits.RLIMIT_CORE);
        if (limit == 0 || process.hasEnded() || !process.beginDump()) {
            return false;
        }
        for (Thread other : process.threads()) {
            kernel.signals().wake(self, other);
        }
        List<CoreThread> others = process.dumpedThreads();
        long deadline =
                self.cpu().hw().cycles() + PATIENCE_SECONDS * kernel.clock().tscHz();
        kernel.scheduler()
                .sleepUntil(
                        self,
                        KernelThread.UNINTERRUPTIBLE,
                        () -> others.size() >= process.threadCount() - 1 || process.hasEnded(),
                        deadline);
        return !process.hasEnded() && writeFile(self, info, new ArrayList<>(others), limit);
    }

    private boolean writeFile(Thread self, SigInfo info, List<CoreThread> others, long limit) {
        long fd = self.delegate(InKernelRequest.CORE_FILE, InKernelRequest.CORE_OPEN);
        if (fd < 0) {
            kernel.log().kprintf(self.cpu(), "do_signal: ERROR: coredump failed (%d)", fd);
            return false;
        }
        ProcessVm vm = self.process().vm();
        List<VmRange> ranges = vm.snapshot().stream()
                .filter(range -> !range.has(VmRange.RESERVED))
                .toList();
        byte[] notes = notes(self, info, others, ranges);
        int headers = HEADER + PROGRAM_HEADER * (ranges.size() + 1);
        long at = headers + notes.length + PageTables.PAGE - 1 & -PageTables.PAGE;
        ByteBuffer head = ByteBuffer.allocate((int) at).order(ByteOrder.LITTLE_ENDIAN);
        elfHeader(head, ranges.size() + 1);
        programHeader(head, PT_NOTE, 0, headers, 0, notes.length, 0);
        long[] places = new long[ranges.size()];
        for (int i = 0; i < places.length; i++) {
            VmRange range = ranges.get(i);
            long size = isDumped(vm, range) ? range.length() : 0;
            places[i] = size == 0 ? -1 : at;
            programHeader(head, PT_LOAD, flags(range), at, range.start(), size, range.length());
            at += size;
        }
        head.put(headers, notes);
        boolean done = writeBytes(self, fd, head.array(), limit);
        for (int i = 0; i < places.length && done; i++) {
            done = places[i] < 0 || writeRange(self, vm, ranges.get(i), fd, places[i], limit);
        }
        self.delegate(SystemCallNumber.FTRUNCATE, fd, limit < 0 ? at : Math.min(at, limit));
        self.delegate(SystemCallNumber.CLOSE, fd);
        return done;
    }

    private static byte[] notes(Thread self, SigInfo info, List<CoreThread> others, List<VmRange> ranges) {
        Process process = self.process();
        CoreNotes notes = new CoreNotes(process, info);
        CoreThread own = snapshot(self);
        notes.status(own.thread(), own.stop());
        var area = process.vm().programArea();
        byte[] arguments = new UserAccess(process.vm(), self)
                .read(area.argumentsStart(), (int) Math.min(4096, area.argumentsEnd() - area.argumentsStart()));
        notes.program(arguments == null ? new byte[0] : arguments, ranges);
        notes.floatingPoint(own.thread(), own.stop());
        for (CoreThread other : others) {
            notes.status(other.thread(), other.stop());
            notes.floatingPoint(other.thread(), other.stop());
        }
        return notes.bytes();
    }

    private static void elfHeader(ByteBuffer head, int count) {
        head.put(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        head.putShort((short) 4).putShort((short) 62).putInt(1);
        head.putLong(0).putLong(HEADER).putLong(0).putInt(0);
        head.putShort((short) HEADER).putShort((short) PROGRAM_HEADER).putShort((short) count);
        head.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    }

    private static void programHeader(
            ByteBuffer head, int type, int flags, long offset, long linear, long inFile, long inMemory) {
        head.putInt(type).putInt(flags).putLong(offset).putLong(linear).putLong(0);
        head.putLong(inFile).putLong(inMemory).putLong(type == PT_LOAD ? PageTables.PAGE : 4);
    }

    private static int flags(VmRange range) {
        int prot = range.prot();
        return (prot & VmRange.PROT_READ) << 2 | prot & VmRange.PROT_WRITE | prot >> 2 & 1;
    }

    /** As Linux' default filter: what is not in a file, private file pages that were written, shared memory. */
    private boolean isDumped(ProcessVm vm, VmRange range) {
        if (range.has(VmRange.DONT_DUMP)) {
            return false;
        }
        if (range.has(VmRange.SPECIAL)) {
            return "[vdso]".equals(range.object().name());
        }
        if (range.object() == null) {
            return true;
        }
        for (long at = range.start(); at < range.end() && !range.isShared(); at += PageTables.PAGE) {
            long entry = vm.entry(at);
            if (entry != 0 && !kernel.frames().isShared(entry & ADDRESS)) {
                return true;
            }
        }
        return false;
    }

    private boolean writeRange(Thread self, ProcessVm vm, VmRange range, long fd, long place, long limit) {
        boolean done = true;
        for (long at = range.start(); at < range.end() && done; ) {
            long entry = present(self, vm, range, at);
            boolean large = (entry & LARGE) != 0;
            long size = large ? PageTables.LARGE_PAGE - at % PageTables.LARGE_PAGE : PageTables.PAGE;
            long length = Math.min(size, range.end() - at);
            if (entry != 0) {
                long physical = (entry & ADDRESS) + (large ? at % PageTables.LARGE_PAGE : 0);
                done = write(self, fd, physical, length, place + at - range.start(), limit);
            }
            at += length;
        }
        return done;
    }

    /** The page table entry; a page of a file that nobody has touched is fetched first. */
    private static long present(Thread self, ProcessVm vm, VmRange range, long linear) {
        long entry = vm.entry(linear);
        if (entry == 0 && range.object() != null) {
            UserAccess.forced(vm, self).read(linear, 1);
            entry = vm.entry(linear);
        }
        return entry;
    }

    private static boolean write(Thread self, long fd, long physical, long length, long offset, long limit) {
        long allowed = limit < 0 ? length : Math.min(length, limit - offset);
        return allowed <= 0
                || self.delegate(InKernelRequest.CORE_FILE, InKernelRequest.CORE_WRITE, fd, physical, allowed, offset)
                        == allowed;
    }

    private boolean writeBytes(Thread self, long fd, byte[] bytes, long limit) {
        int pages = bytes.length / (int) PageTables.PAGE;
        long buffer = kernel.frames().allocate(pages);
        if (buffer < 0) {
            return false;
        }
        kernel.memory().write(buffer, bytes, 0, bytes.length);
        boolean done = write(self, fd, buffer, bytes.length, 0, limit);
        kernel.frames().release(buffer, pages);
        return done;
    }
}
