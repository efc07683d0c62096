// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.ikc;

import java.util.EnumMap;
import java.util.Map;
import mckernelj.ihk.ikc.IkcMessage;
import mckernelj.ihk.ikc.IkcPacket;
import mckernelj.ihk.ikc.IkcQueue;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.kmsg.KernelLog;

/** The LWK's end of the regular channels: messages from Linux to their handlers, messages to Linux into the queues. */
public final class IkcDispatch {
    /** How long a sender waits before it looks again at a queue that stayed full, in cycles. */
    private static final long FULL_QUEUE_PAUSE = 100_000;

    private final KernelLog log;
    private final MasterChannel master;
    private final Channels[] channels;

    /** Filled before the channels are connected. */
    private final Map<IkcMessage, IkcHandler> handlers = new EnumMap<>(IkcMessage.class);

    public IkcDispatch(KernelLog log, MasterChannel master, int cpuCount) {
        this.log = log;
        this.master = master;
        channels = new Channels[cpuCount];
        for (int i = 0; i < cpuCount; i++) {
            channels[i] = new Channels();
        }
    }

    /** Registers the handler of {@code message}; at boot, before messages arrive. */
    public void on(IkcMessage message, IkcHandler handler) {
        handlers.put(message, handler);
    }

    /** Opens the two regular channels of {@code cpu}, on which it runs. */
    public void connect(CpuLocal cpu) {
        channels[cpu.id()].connect(master.connectFromLinux(cpu), master.connectToLinux(cpu));
    }

    /** The IKC interrupt: takes everything that has arrived on the master channel and on this processor's own. */
    public void drain(CpuLocal cpu) {
        master.drain(cpu);
        IkcQueue queue = channels[cpu.id()].fromLinux();
        if (queue == null || queue.isEmpty()) {
            return;
        }
        IkcPacket packet = new IkcPacket();
        while (queue.read(packet)) {
            dispatch(cpu, packet);
        }
    }

    private void dispatch(CpuLocal cpu, IkcPacket packet) {
        IkcMessage message = packet.message();
        IkcHandler handler = message == null ? null : handlers.get(message);
        if (handler == null) {
            log.kprintf(cpu, "IKC: no handler for message %s", packet);
            return;
        }
        handler.handle(cpu, packet);
    }

    /** Sends a packet to the Linux processor of {@code cpu}'s channel and rings; waits while the queue is full. */
    public void send(CpuLocal cpu, IkcPacket packet) {
        Channels.ToLinux channel = channels[cpu.id()].toLinux();
        packet.channel = channel.channelWord();
        while (channel.queue().write(packet) != 0) {
            log.kprintf(cpu, "%s is full", channel.queue());
            channel.doorbell().ring(cpu);
            cpu.waitForInterrupt(cpu.hw().cycles() + FULL_QUEUE_PAUSE);
        }
        channel.doorbell().ring(cpu);
    }

    /** Answers {@code request}: the same packet with another message number and {@code err}. */
    public void reply(CpuLocal cpu, IkcPacket request, IkcMessage answer, int err) {
        request.msg = answer.number();
        request.err = err;
        send(cpu, request);
    }
}
