// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import static mckernelj.ihk.SystemCallNumber.CLONE;
import static mckernelj.ihk.launch.MailboxLayout.ARGUMENTS;
import static mckernelj.ihk.launch.MailboxLayout.ARGUMENTS_END;
import static mckernelj.ihk.launch.MailboxLayout.SIGSET_ALL;
import static mckernelj.ihk.launch.MailboxLayout.SIGSET_NONE;
import static mckernelj.ihk.launch.MailboxLayout.TID;
import static mckernelj.ihk.launch.MailboxLayout.TRANSFER_AREA_BYTES;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import mckernelj.ihk.CloneFlags;
import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.launch.MailboxLayout;
import mckernelj.ihk.launch.ProxyArena;
import mckernelj.ihk.launch.StartState;
import mckernelj.linuxhost.libc.Descriptor;
import mckernelj.linuxhost.libc.HostProcess;

/** A servant that is a Linux process running the client image. */
final class LinuxServant implements Servant {
    private static final long THREAD_FLAGS = CloneFlags.CLONE_VM
            | CloneFlags.CLONE_FS
            | CloneFlags.CLONE_FILES
            | CloneFlags.CLONE_SIGHAND
            | CloneFlags.CLONE_THREAD
            | CloneFlags.CLONE_SYSVSEM
            | CloneFlags.CLONE_CHILD_CLEARTID
            | CloneFlags.CLONE_CHILD_SETTID;

    /** What of a new process' flags is Linux' business. */
    private static final long FORK_FLAGS = CloneFlags.CSIGNAL
            | CloneFlags.CLONE_FS
            | CloneFlags.CLONE_FILES
            | CloneFlags.CLONE_PARENT
            | CloneFlags.CLONE_SYSVSEM
            | CloneFlags.CLONE_IO;

    private static final int PR_SET_PDEATHSIG = 1;
    private static final int STDERR = 2;
    private static final int LARGEST_SMALL_ARENA = ARGUMENTS_END - ARGUMENTS;
    private static final int END_TIMEOUT_SECONDS = 5;

    private final ServantTable table;
    private final MailboxSlot mainSlot;
    private final List<MailboxSlot> slots = new CopyOnWriteArrayList<>();
    private final List<MailboxSlot> endingSlots = new ArrayList<>();
    private final SignalInbox signals = new SignalInbox();
    private final CountDownLatch death = new CountDownLatch(1);
    private volatile int pid;
    private volatile int pidfd = -1;
    private LifePipe lifePipe;
    private StartState start;
    private volatile boolean dead;
    private boolean smallArenaUsed;

    /** A servant on this slot, without a process yet. */
    LinuxServant(ServantTable table, int slotIndex) {
        this.table = table;
        mainSlot = new MailboxSlot(this, table.mailboxes(), slotIndex);
        slots.add(mainSlot);
    }

    /**
     * The process: from now on its death is noticed, and it notices the node's. Takes over {@code pidfd}, which may be
     * -errno. If the host refuses anything the process counts as dead and is killed; false then.
     */
    boolean attach(int processId, int processPidfd) {
        pid = processId;
        pidfd = processPidfd;
        mainSlot.setTid(processId);
        if (pidfd >= 0) {
            lifePipe = LifePipe.create(processId);
            if (lifePipe != null && table.register(this) == 0) {
                return true;
            }
            kill();
        }
        mainSlot.leave();
        died();
        return false;
    }

    int pidfd() {
        return pidfd;
    }

    ServantTable table() {
        return table;
    }

    void setStart(StartState state) {
        start = state;
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public StartState start() {
        return start;
    }

    @Override
    public MailboxSlot mainSlot() {
        return mainSlot;
    }

    @Override
    public boolean alive() {
        return !dead;
    }

    // Calls for launchers and tools

    @Override
    public long syscall(int number, long... arguments) {
        return dead ? -Errno.ESRCH : mainSlot.call(number, arguments);
    }

    @Override
    public synchronized ProxyArena arena(long lengthBytes) {
        if (lengthBytes <= LARGEST_SMALL_ARENA && !smallArenaUsed) {
            smallArenaUsed = true;
            return mainSlot.arguments(this::releaseSmallArena);
        }
        if (lengthBytes > TRANSFER_AREA_BYTES) {
            throw new IllegalArgumentException("arena of " + lengthBytes + " bytes");
        }
        TransferArea area = table.mailboxes().takeTransferArea();
        return new Arena(area.memory(), area.servantAddress(), Runnable::run, area::close);
    }

    private synchronized void releaseSmallArena() {
        smallArenaUsed = false;
    }

    @Override
    public void print(int fd, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        try (ProxyArena arena = arena(bytes.length)) {
            long address = arena.place(bytes);
            int written = 0;
            while (written < bytes.length) {
                long result = syscall(SystemCallNumber.WRITE, fd, address + written, bytes.length - written);
                if (result <= 0 && result != -Errno.EINTR && result != MailboxLayout.NOT_BEGUN) {
                    return;
                }
                written += (int) Math.max(0, Math.min(result, bytes.length - written));
            }
        }
    }

    @Override
    public void exit(int status) {
        if (!dead) {
            exitGroup(idleSlot(), status);
        }
        awaitDeath();
    }

    @Override
    public void killSelf(int signal) {
        if (!dead) {
            killSelf(idleSlot(), signal, "");
        }
        awaitDeath();
    }

    private ServantSlot idleSlot() {
        for (MailboxSlot slot : slots) {
            if (slot.replyReady()) {
                return slot;
            }
        }
        mainSlot.interrupt();
        mainSlot.await();
        return mainSlot;
    }

    private void awaitDeath() {
        try {
            if (!death.await(END_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                kill();
                death.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // Ends and stops

    @Override
    public void exitGroup(ServantSlot caller, int status) {
        MailboxSlot slot = own(caller);
        slot.records().add(SystemCallNumber.EXIT_GROUP, status & 0xff);
        slot.submit(false);
    }

    @Override
    public void killSelf(ServantSlot caller, int signal, String lastWords) {
        MailboxSlot slot = own(caller);
        RecordList list = slot.records();
        if (!lastWords.isEmpty()) {
            list.add(SystemCallNumber.WRITE, STDERR, slot.arguments().placeString(lastWords), lastWords.length());
        }
        SignalRecords.die(list, pid, slot.tid(), signal);
        slot.submit(false);
    }

    @Override
    public void stop(ServantSlot caller, int signal) {
        MailboxSlot slot = own(caller);
        SignalRecords.stop(slot.records(), pid, signal);
        slot.submit(false);
    }

    @Override
    public synchronized void kill() {
        if (!dead) {
            HostProcess.pidfdSignal(pidfd, SignalRecords.SIGKILL);
        }
    }

    @Override
    public synchronized void resume() {
        if (!dead) {
            HostProcess.pidfdQueue(pidfd, SignalRecords.SIGCONT, SignalRecords.RESUME_VALUE);
        }
    }

    @Override
    public boolean stopped() {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            return !dead && stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException e) {
            return false;
        }
    }

    // Threads and processes

    @Override
    public CloneRequest<ServantSlot> beginThread(ServantSlot caller) {
        reuseEndedSlots();
        MailboxSlot parent = own(caller);
        int index = table.mailboxes().takeSlot();
        if (index < 0) {
            return CloneOutcome.failed(-Errno.EAGAIN);
        }
        MailboxSlot child = new MailboxSlot(this, table.mailboxes(), index);
        child.submitFirst();
        long tidWord = child.servantAddress() + TID;
        return submitClone(parent, THREAD_FLAGS, tidWord, 0, child, tid -> addSlot(child, tid), () -> giveBack(child));
    }

    @Override
    public CloneRequest<Servant> beginFork(ServantSlot caller, long flags) {
        MailboxSlot parent = own(caller);
        int index = table.mailboxes().takeSlot();
        if (index < 0) {
            return CloneOutcome.failed(-Errno.EAGAIN);
        }
        LinuxServant child = new LinuxServant(table, index);
        child.setStart(start);
        MailboxSlot slot = child.mainSlot;
        slot.submitFirst();
        int watched = (flags & CloneFlags.CLONE_PARENT) == 0 ? pid : 0;
        return submitClone(
                parent, flags & FORK_FLAGS, 0, watched, slot, id -> adopt(child, id), () -> abandonFork(slot));
    }

    /**
     * Signals are blocked around the call: the child must not take one before it has its own slot and stack.
     *
     * @param watched process whose death the child does not outlive until it is adopted; 0: none
     */
    private <T> CloneRequest<T> submitClone(
            MailboxSlot parent,
            long flags,
            long tidWord,
            int watched,
            MailboxSlot child,
            IntFunction<T> ok,
            Runnable failed) {
        RecordList list = parent.records();
        SignalRecords.mask(list, SIGSET_ALL);
        int record = list.add(CLONE, flags, 0, 0, tidWord, watched, child.servantAddress());
        SignalRecords.mask(list, SIGSET_NONE);
        parent.submit(false);
        return new CloneOutcome<>(parent, record, ok, failed);
    }

    private ServantSlot addSlot(MailboxSlot child, int tid) {
        child.setTid(tid);
        synchronized (this) {
            if (dead) {
                child.retire();
                child.giveBack();
                return child;
            }
            slots.add(child);
        }
        child.await();
        return child;
    }

    private static Servant adopt(LinuxServant child, int pid) {
        if (child.attach(pid, HostProcess.pidfdOpen(pid))) {
            child.mainSlot.await();
            // now it learns of the node's death itself
            child.mainSlot.call(SystemCallNumber.PRCTL, PR_SET_PDEATHSIG, 0);
        }
        return child;
    }

    private static void giveBack(MailboxSlot child) {
        child.retire();
        child.giveBack();
    }

    /** The fork failed, or the parent died in it: then nobody knows whether there is a child, so its slot stays out of use. */
    private void abandonFork(MailboxSlot slot) {
        if (dead) {
            slot.leave();
        } else {
            giveBack(slot);
        }
    }

    void exitThread(MailboxSlot slot) {
        slot.records().add(SystemCallNumber.EXIT, 0);
        slot.submit(false);
        synchronized (this) {
            if (slots.remove(slot)) {
                endingSlots.add(slot);
            }
        }
        slot.retire();
    }

    private void reuseEndedSlots() {
        endingSlots().stream().filter(MailboxSlot::threadGone).forEach(slot -> {
            signals.drain(slot); // a last signal to the process may have come to this thread
            giveBackEnded(slot);
        });
    }

    private synchronized void giveBackEnded(MailboxSlot slot) {
        if (endingSlots.remove(slot)) {
            slot.giveBack();
        }
    }

    private synchronized List<MailboxSlot> endingSlots() {
        return List.copyOf(endingSlots);
    }

    private MailboxSlot own(ServantSlot slot) {
        if (slot.servant() != this) {
            throw new IllegalArgumentException("slot of another servant");
        }
        return (MailboxSlot) slot;
    }

    /** Called once, when the process has ended. */
    void died() {
        synchronized (this) {
            dead = true;
            for (MailboxSlot slot : slots) {
                slot.retire();
                slot.giveBack();
            }
            endingSlots.forEach(MailboxSlot::giveBack);
            endingSlots.clear();
            if (pidfd >= 0) {
                Descriptor.close(pidfd);
            }
            if (lifePipe != null) {
                lifePipe.close();
            }
        }
        death.countDown();
        signals.died(this);
    }

    // Signals

    @Override
    public void setListener(ServantListener listener) {
        signals.setListener(listener);
    }

    @Override
    public void reportSignals() {
        RecordList list = mainSlot.records();
        for (int signal = 1; signal <= SignalRecords.SIGNAL_COUNT; signal++) {
            if (SignalRecords.reportedFromTheStart(signal) && !start.signalIgnored(signal)) {
                SignalRecords.report(list, signal);
            }
        }
        mainSlot.submit();
        mainSlot.await();
    }

    @Override
    public void drainSignals(ServantSlot slot) {
        signals.drain(own(slot));
    }

    void drainAllSignals() {
        slots.forEach(signals::drain);
        endingSlots().forEach(signals::drain);
    }

    @Override
    public String toString() {
        return "servant " + pid;
    }
}
