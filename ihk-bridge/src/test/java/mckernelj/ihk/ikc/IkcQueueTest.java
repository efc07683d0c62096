// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.ikc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import mckernelj.ihk.Errno;
import mckernelj.ihk.FakePhysicalMemory;
import org.junit.jupiter.api.Test;

class IkcQueueTest {
    private static final long AT = 0x1000;

    private final FakePhysicalMemory memory = new FakePhysicalMemory(1 << 16).fill(0xAA);

    private IkcQueue queueOf(int packets) {
        return IkcQueue.format(
                memory, AT, IkcQueue.HEAD_SIZE + (long) packets * IkcPacket.SIZE, 7, 501, IkcPacket.SIZE);
    }

    private static IkcPacket packet(int pid) {
        IkcPacket packet = new IkcPacket(IkcMessage.SYSCALL_ONESIDE);
        packet.pid = pid;
        return packet;
    }

    @Test
    void head_has_the_documented_layout() {
        queueOf(8);
        assertThat(memory.getInt(AT)).isEqualTo(7);
        assertThat(memory.getShort(AT + 4)).isEqualTo((short) 501);
        assertThat(memory.getShort(AT + 6)).isEqualTo((short) 128);
        assertThat(memory.getInt(AT + 8)).isEqualTo(8);
        assertThat(memory.getLong(AT + 40)).isEqualTo(64 + 8 * 128);
    }

    @Test
    void packets_come_out_in_order_and_complete() {
        IkcQueue queue = queueOf(4);
        IkcPacket sent = packet(1);
        sent.channel = 0x1122334455667788L;
        sent.err = -5;
        sent.reply = -2;
        sent.ref = 3;
        sent.osnum = 4;
        sent.arg = 5;
        sent.rtid = 6;
        sent.ttid = 7;
        sent.valid = 8;
        sent.number = 9;
        sent.respPa = 10;
        Arrays.setAll(sent.args, i -> 11 + i);
        queue.write(sent);
        queue.write(packet(2));

        IkcPacket received = new IkcPacket();
        assertThat(queue.read(received)).isTrue();
        assertThat(received).usingRecursiveComparison().isEqualTo(sent);
        assertThat(queue.read(received)).isTrue();
        assertThat(received.pid).isEqualTo(2);
        assertThat(queue.read(received)).isFalse();
    }

    @Test
    void queue_is_full_with_one_packet_less_than_it_has_slots() {
        IkcQueue queue = queueOf(4);
        for (int i = 0; i < 3; i++) {
            assertThat(queue.write(packet(i))).isZero();
        }
        assertThat(queue.write(packet(3))).isEqualTo(-Errno.EBUSY);
        queue.read(new IkcPacket());
        assertThat(queue.write(packet(3))).isZero();
    }

    @Test
    void offsets_count_beyond_the_number_of_slots() {
        IkcQueue queue = queueOf(3);
        IkcPacket received = new IkcPacket();
        for (int i = 0; i < 100; i++) {
            queue.write(packet(i));
            assertThat(queue.read(received)).isTrue();
            assertThat(received.pid).isEqualTo(i);
        }
        assertThat(memory.getLong(AT + 16)).isEqualTo(100);
    }

    @Test
    void a_second_view_of_the_queue_sees_the_packets() {
        queueOf(4).write(packet(42));
        IkcPacket received = new IkcPacket();
        assertThat(new IkcQueue(memory, AT).read(received)).isTrue();
        assertThat(received.pid).isEqualTo(42);
    }

    @Test
    void attaching_to_something_else_is_refused() {
        assertThatThrownBy(() -> new IkcQueue(memory, AT)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void concurrent_writers_lose_and_tear_nothing() throws Exception {
        IkcQueue queue = queueOf(16);
        int writers = 3;
        int packets = 500;
        ExecutorService pool = Executors.newFixedThreadPool(writers);
        List<Future<?>> done = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            int writer = w;
            done.add(pool.submit((Callable<Void>) () -> {
                IkcPacket packet = packet(writer);
                for (int i = 0; i < packets; i++) {
                    packet.arg = i;
                    packet.respPa = i;
                    while (queue.write(packet) != 0) {
                        Thread.yield();
                    }
                }
                return null;
            }));
        }
        long[] next = new long[writers];
        IkcPacket received = new IkcPacket();
        for (int total = 0; total < writers * packets; ) {
            if (queue.read(received)) {
                assertThat(received.arg).isEqualTo(next[received.pid]++).isEqualTo(received.respPa);
                total++;
            } else {
                Thread.yield();
            }
        }
        for (Future<?> future : done) {
            future.get();
        }
        pool.shutdown();
        assertThat(queue.isEmpty()).isTrue();
    }
}
