// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.launch.MailboxLayout;
import mckernelj.ihk.launch.ProxyArena;
import mckernelj.linuxhost.libc.HostProcess;
import mckernelj.linuxhost.libc.RawMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServantCallTest {
    private static final int SIGUSR1 = 10;
    private static final int SI_TKILL = -6;

    private ServantFixture node;
    private Servant servant;
    private ServantSlot slot;

    @BeforeEach
    void start() throws Exception {
        node = new ServantFixture();
        servant = node.servant();
        slot = servant.mainSlot();
    }

    @AfterEach
    void stop() throws IOException {
        node.close();
    }

    private static final class Signals implements ServantListener {
        final BlockingQueue<byte[]> arrived = new LinkedBlockingQueue<>();

        @Override
        public void onSignal(ServantSlot slot, byte[] siginfo) {
            arrived.add(siginfo);
        }

        @Override
        public void onDeath(Servant servant) {}

        RawMemory next() throws InterruptedException {
            byte[] siginfo = arrived.poll(30, TimeUnit.SECONDS);
            assertThat(siginfo).isNotNull();
            RawMemory memory = RawMemory.allocate(siginfo.length);
            memory.putBytes(0, siginfo);
            return memory;
        }
    }

    @Test
    void a_list_runs_in_order_whatever_its_records_return() {
        RecordList list = slot.records();
        int parent = list.add(SystemCallNumber.GETPPID);
        int bad = list.add(SystemCallNumber.CLOSE, -1);
        int self = list.add(SystemCallNumber.GETPID);
        slot.submit();
        slot.await();
        assertThat(slot.result(parent)).isEqualTo(HostProcess.pid());
        assertThat(slot.result(bad)).isEqualTo(-Errno.EBADF);
        assertThat(slot.result(self)).isEqualTo(servant.pid());
    }

    @Test
    void a_full_list_of_124_records_runs() {
        RecordList list = slot.records();
        while (list.room() > 0) {
            list.add(SystemCallNumber.GETPID);
        }
        slot.submit();
        slot.await();
        assertThat(list.size()).isEqualTo(124);
        assertThat(slot.result(123)).isEqualTo(servant.pid());
    }

    @Test
    void window_pages_can_be_mapped_anywhere_and_read_into() throws Exception {
        long[] addresses = {0x10000, 0x400000, 0x5555_5555_4000L, 0x2aaa_aaaa_a000L, MailboxLayout.USER_END - 8192};
        for (long address : addresses) {
            // Two pages whose frames are apart and swapped.
            RecordList list = slot.records();
            int low = MapRecords.map(list, address, 0x5000, 4096, 3);
            int high = MapRecords.map(list, address + 4096, 0x3000, 4096, 3);
            slot.submit();
            slot.await();
            assertThat(slot.result(low)).isEqualTo(address);
            assertThat(slot.result(high)).isEqualTo(address + 4096);
            readZeros(address + 4096 - 8);
        }
    }

    private void readZeros(long address) {
        RawMemory memory = RawMemory.view(node.memory.address(), node.memory.sizeBytes());
        memory.putLong(0x5ff8, -1);
        memory.putLong(0x3000, -1);
        try (ProxyArena arena = slot.arguments()) {
            long fd = slot.call(SystemCallNumber.OPEN, arena.placeString("/dev/zero"), 0);
            assertThat(slot.call(SystemCallNumber.READ, fd, address, 16)).isEqualTo(16);
            slot.call(SystemCallNumber.CLOSE, fd);
        }
        assertThat(memory.getLong(0x5ff8)).isZero();
        assertThat(memory.getLong(0x3000)).isZero();
    }

    @Test
    void a_read_only_mapping_gives_efault_to_a_read() {
        RecordList list = slot.records();
        MapRecords.map(list, 0x400000, 0, 4096, MapRecords.PROT_READ);
        slot.submit();
        slot.await();
        try (ProxyArena arena = slot.arguments()) {
            long fd = slot.call(SystemCallNumber.OPEN, arena.placeString("/dev/zero"), 0);
            assertThat(slot.call(SystemCallNumber.READ, fd, 0x400000, 16)).isEqualTo(-Errno.EFAULT);
        }
    }

    @Test
    void an_interrupt_ends_a_blocking_call_at_any_moment() {
        // The calls are submitted and interrupted without any delay, or after a random one: all points of the loop are
        // hit.
        try (ProxyArena arena = slot.arguments()) {
            long never = arena.allocate(8);
            for (int i = 0; i < 3000; i++) {
                slot.records().add(SystemCallNumber.RT_SIGSUSPEND, never, 8);
                slot.submit();
                for (int spins = ThreadLocalRandom.current().nextInt(400); spins > 0; spins--) {
                    Thread.onSpinWait();
                }
                slot.interrupt();
                slot.await();
                assertThat(slot.result(0)).isIn((long) -Errno.EINTR, MailboxLayout.NOT_BEGUN);
            }
        }
    }

    @Test
    void an_interrupted_list_still_executes_what_is_before_the_last_record() {
        RecordList list = slot.records();
        int self = list.add(SystemCallNumber.GETPID);
        int pause = list.add(SystemCallNumber.PAUSE);
        slot.submit();
        slot.interrupt();
        slot.await();
        assertThat(slot.result(self)).isEqualTo(servant.pid());
        assertThat(slot.result(pause)).isIn((long) -Errno.EINTR, MailboxLayout.NOT_BEGUN);
    }

    @Test
    void signals_arrive_with_their_siginfo() throws Exception {
        Signals signals = new Signals();
        servant.setListener(signals);
        servant.reportSignals();
        for (int signal = 1; signal <= 64; signal++) {
            if (SignalRecords.reportedFromTheStart(signal) && !servant.start().signalIgnored(signal)) {
                HostProcess.tgkill(servant.pid(), servant.pid(), signal);
                try (RawMemory siginfo = signals.next()) {
                    assertThat(siginfo.getInt(0)).isEqualTo(signal);
                    assertThat(siginfo.getInt(8)).isEqualTo(SI_TKILL);
                    assertThat(siginfo.getInt(16)).isEqualTo(HostProcess.pid());
                }
            }
        }
        assertThat(slot.call(SystemCallNumber.GETPID)).isEqualTo(servant.pid());
    }

    @Test
    void a_signal_restarts_a_read_and_ends_a_pause() throws Exception {
        Signals signals = new Signals();
        servant.setListener(signals);
        servant.reportSignals();
        slot.records().add(SystemCallNumber.PAUSE);
        slot.submit();
        long result;
        do {
            HostProcess.tgkill(servant.pid(), servant.pid(), SIGUSR1);
            slot.park(1_000_000);
        } while (!slot.replyReady());
        result = slot.result(0);
        assertThat(result).isEqualTo(-Errno.EINTR);
        servant.drainSignals(slot);
        assertThat(signals.arrived).as("drained before the reply is looked at").isNotEmpty();
    }

    @Test
    void inherited_ignored_signals_stay_ignored() throws Exception {
        String command = String.join(" ", node.command());
        node.spawn(new ProcessBuilder("sh", "-c", "trap '' USR1; exec " + command));
        Servant deaf = node.next();
        Signals signals = new Signals();
        deaf.setListener(signals);
        deaf.reportSignals();
        HostProcess.tgkill(deaf.pid(), deaf.pid(), SIGUSR1);
        HostProcess.tgkill(deaf.pid(), deaf.pid(), 12);
        assertThat(signals.next().getInt(0)).isEqualTo(12);
    }

    @Test
    void a_forked_servant_is_a_child_with_its_own_descriptors_and_mappings() throws Exception {
        RecordList list = slot.records();
        MapRecords.map(list, 0x400000, 0x7000, 4096, 3);
        slot.submit();
        slot.await();
        CloneRequest<Servant> fork = servant.fork(slot);
        Servant child = fork.child();
        assertThat(fork.result()).isEqualTo(child.pid());
        assertThat(child.start()).isEqualTo(servant.start());
        assertThat(child.syscall(SystemCallNumber.GETPID)).isEqualTo(child.pid());
        assertThat(child.syscall(SystemCallNumber.GETPPID)).isEqualTo(servant.pid());
        assertThat(child.syscall(SystemCallNumber.CLOSE, 0)).isZero();
        assertThat(servant.syscall(SystemCallNumber.DUP, 0)).isNotNegative();
        assertThat(child.syscall(SystemCallNumber.GETCWD, 0x400000, 4096)).isPositive();
        assertThat(RawMemory.view(node.memory.address(), 0x8000).getByte(0x7000))
                .isEqualTo((byte) '/');
        child.exit(0);
        assertThat(servant.alive()).isTrue();
    }

    @Test
    void a_forked_servant_gets_signals_of_its_own() throws Exception {
        servant.reportSignals();
        Servant child = servant.fork(slot).child();
        Signals signals = new Signals();
        child.setListener(signals);
        HostProcess.tgkill(child.pid(), child.pid(), SIGUSR1);
        assertThat(signals.next().getInt(0)).isEqualTo(SIGUSR1);
        child.exit(0);
    }

    @Test
    void threads_share_the_process_and_execute_at_the_same_time() {
        ServantSlot second = servant.newThread(slot).child();
        assertThat(second.tid()).isNotEqualTo(servant.pid());
        slot.records().add(SystemCallNumber.PAUSE);
        slot.submit();
        assertThat(second.call(SystemCallNumber.GETPID)).isEqualTo(servant.pid());
        assertThat(second.call(SystemCallNumber.GETTID)).isEqualTo(second.tid());
        assertThat(slot.replyReady()).isFalse();
        slot.interrupt();
        slot.await();
    }

    @Test
    void threads_that_end_give_their_slots_back() throws Exception {
        int highest = 0;
        for (int i = 0; i < 200; i++) {
            MailboxSlot thread = (MailboxSlot) servant.newThread(slot).child();
            highest = Math.max(highest, thread.index());
            thread.exitThread();
            assertThat(thread.call(SystemCallNumber.GETPID)).isEqualTo(-Errno.ESRCH);
        }
        assertThat(highest).isLessThan(100);
    }

    @Test
    void a_fork_from_a_second_thread_works() {
        ServantSlot second = servant.newThread(slot).child();
        Servant child = servant.fork(second).child();
        assertThat(child.syscall(SystemCallNumber.GETPPID)).isEqualTo(servant.pid());
        child.exit(0);
    }

    @Test
    void a_stop_is_seen_and_ends_with_sigcont() throws Exception {
        Signals signals = new Signals();
        servant.setListener(signals);
        servant.reportSignals();
        servant.stop(slot, SignalRecords.SIGTSTP);
        // An orphaned process group ignores terminal stops: then the list completes at once.
        while (!servant.stopped() && !slot.replyReady()) {
            slot.park(1_000_000);
        }
        HostProcess.tgkill(servant.pid(), servant.pid(), 18);
        slot.await();
        assertThat(servant.stopped()).isFalse();
        assertThat(signals.next().getInt(0)).isEqualTo(18);
    }

    @Test
    void an_arena_of_megabytes_moves_bulk_data() {
        byte[] bytes = new byte[5 << 20];
        Arrays.fill(bytes, (byte) 7);
        try (ProxyArena arena = servant.arena(bytes.length + 64);
                ProxyArena small = servant.arena(64)) {
            long fd = servant.syscall(SystemCallNumber.MEMFD_CREATE, small.placeString("bulk"), 0);
            long address = arena.place(bytes);
            assertThat(servant.syscall(SystemCallNumber.WRITE, fd, address, bytes.length))
                    .isEqualTo(bytes.length);
            arena.write(address, new byte[bytes.length]);
            assertThat(servant.syscall(SystemCallNumber.PREAD64, fd, address, bytes.length, 0))
                    .isEqualTo(bytes.length);
            assertThat(arena.read(address, bytes.length)).isEqualTo(bytes);
        }
    }

    @Test
    void wake_ends_the_current_or_the_next_park() throws Exception {
        slot.records().add(SystemCallNumber.PAUSE);
        slot.submit();
        slot.wake();
        slot.park(TimeUnit.HOURS.toNanos(1));
        Thread waker = new Thread(slot::wake);
        waker.start();
        slot.park(TimeUnit.HOURS.toNanos(1));
        waker.join();
        slot.interrupt();
        slot.await();
    }

    @Test
    void a_client_that_scribbles_over_its_mailbox_harms_only_itself() throws Exception {
        Servant bystander = node.servant();
        try (ProxyArena arena = servant.arena(64)) {
            long fd = servant.syscall(SystemCallNumber.OPEN, arena.placeString("/dev/urandom"), 0);
            long own = ((MailboxSlot) slot).servantAddress();
            slot.records().add(SystemCallNumber.READ, fd, own, MailboxLayout.SLOT_BYTES);
            slot.submit();
            servant.kill();
            slot.await();
        }
        assertThat(bystander.syscall(SystemCallNumber.GETPID)).isEqualTo(bystander.pid());
    }
}
