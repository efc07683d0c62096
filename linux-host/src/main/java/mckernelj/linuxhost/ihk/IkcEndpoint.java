// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.Errno;
import mckernelj.ihk.ikc.IkcMessage;
import mckernelj.ihk.ikc.IkcPacket;
import mckernelj.ihk.ikc.IkcPort;
import mckernelj.ihk.ikc.IkcQueue;
import mckernelj.ihk.ikc.MasterPacket;
import mckernelj.ihk.layout.BootParameters;
import mckernelj.ihk.os.InterruptVectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Linux end of all channels of one booted OS: answers the master channel, accepts the LWK's CONNECT on ports 501
 * and 503, dispatches packets, sends. Handlers are set before the boot ({@link OsListener#booting}). The methods that
 * take a processor must be called in interrupt context of that Linux CPU.
 */
public final class IkcEndpoint {
    private static final Logger log = LoggerFactory.getLogger(IkcEndpoint.class);
    private static final long DISPATCH_CYCLES = 150;
    private static final long SEND_CYCLES = 150;

    /** A regular channel: its queue, the LWK's word for it and the Linux CPU that reads it (queues to Linux). */
    private static final class Channel {
        final IkcQueue queue;
        final long peerWord;
        final int linuxCpu;
        final IkcPacket received = new IkcPacket();

        Channel(IkcQueue queue, long peerWord, int linuxCpu) {
            this.queue = queue;
            this.peerWord = peerWord;
            this.linuxCpu = linuxCpu;
        }
    }

    private final PhysicalMemory memory;
    private final BootParameters parameters;
    private final int[] apicIds;
    private final Map<IkcMessage, IkcHandler> handlers = new ConcurrentHashMap<>();

    /** By LWK CPU: Linux sends. Written once each, in interrupt context of Linux CPU 0. */
    private final Channel[] toLwk;

    /** Linux receives. */
    private final List<Channel> toLinux = new CopyOnWriteArrayList<>();

    private IkcQueue masterReceive;
    private IkcQueue masterSend;

    IkcEndpoint(PhysicalMemory memory, BootParameters parameters) {
        this.memory = memory;
        this.parameters = parameters;
        apicIds = new int[parameters.cpuCount()];
        for (int i = 0; i < apicIds.length; i++) {
            apicIds[i] = parameters.cpu(i).hwId();
        }
        toLwk = new Channel[apicIds.length];
    }

    /** Sets the handler of a message. */
    public void on(IkcMessage message, IkcHandler handler) {
        handlers.put(message, handler);
    }

    /**
     * Sends to an LWK CPU and rings its bell: 0, -ENOTCONN before its channel is open, -EINVAL for no such CPU, -EBUSY
     * when the queue is full.
     */
    public int send(LogicalCpu from, int lwkCpu, IkcPacket packet) {
        if (lwkCpu < 0 || lwkCpu >= toLwk.length) {
            return -Errno.EINVAL;
        }
        Channel channel;
        synchronized (toLwk) {
            channel = toLwk[lwkCpu];
        }
        if (channel == null) {
            return -Errno.ENOTCONN;
        }
        from.charge(SEND_CYCLES);
        packet.channel = channel.peerWord;
        packet.osnum = parameters.osnum();
        int error = channel.queue.write(packet);
        if (error == 0) {
            from.sendIpi(apicIds[lwkCpu], InterruptVectors.IKC);
        } else {
            log.warn("IKC to LWK CPU {}: {} is full", lwkCpu, channel.queue);
        }
        return error;
    }

    /** Rings an LWK CPU's bell without a packet: it looks again at what it waits for. */
    public void ring(LogicalCpu from, int lwkCpu) {
        from.sendIpi(apicIds[lwkCpu], InterruptVectors.IKC);
    }

    /** True when this LWK CPU can be sent to. */
    public boolean isConnected(int lwkCpu) {
        synchronized (toLwk) {
            return toLwk[lwkCpu] != null;
        }
    }

    /** Attaches the master queues of an LWK that is READY and acknowledges. On Linux CPU 0. */
    void openMaster(LogicalCpu cpu) {
        masterSend = new IkcQueue(memory, parameters.get(BootParameters.Field.MIKC_QUEUE_RECV));
        masterReceive = new IkcQueue(memory, parameters.get(BootParameters.Field.MIKC_QUEUE_SEND));
        sendMaster(cpu, new MasterPacket(MasterPacket.INIT_ACK, 0));
    }

    /** Drains what this Linux CPU is to read. */
    void drain(LogicalCpu cpu) {
        if (cpu.index() == 0 && masterReceive != null) {
            MasterPacket packet = new MasterPacket();
            while (masterReceive.read(packet)) {
                handleMaster(cpu, packet);
            }
        }
        for (Channel channel : toLinux) {
            if (channel.linuxCpu == cpu.index()) {
                while (channel.queue.read(channel.received)) {
                    dispatch(cpu, channel.received);
                }
            }
        }
    }

    private void dispatch(LogicalCpu cpu, IkcPacket packet) {
        cpu.charge(DISPATCH_CYCLES);
        IkcMessage message = packet.message();
        IkcHandler handler = message == null ? null : handlers.get(message);
        if (handler == null) {
            log.warn("IKC: no handler of {}", packet);
            return;
        }
        try {
            handler.handle(cpu, packet);
        } catch (RuntimeException e) {
            log.error("IKC: handler of {} failed", packet, e);
        }
    }

    private void handleMaster(LogicalCpu cpu, MasterPacket packet) {
        cpu.charge(DISPATCH_CYCLES);
        switch (packet.msg) {
            case MasterPacket.CONNECT -> connect(cpu, packet);
            case MasterPacket.DISCONNECT -> log.debug("IKC: channel {} disconnected", packet.ref);
            default -> log.warn("IKC: unknown master message 0x{}", Integer.toHexString(packet.msg));
        }
    }

    private void connect(LogicalCpu cpu, MasterPacket request) {
        IkcPort port = IkcPort.of((int) request.param[0]);
        int lwkCpu = (int) (request.param[4] >>> 32);
        int error = check(port, request, lwkCpu);
        long queue = 0;
        if (error == 0) {
            queue = request.param[port == IkcPort.IKC2LINUX ? 1 : 2];
            accept(port, queue, request.param[3], lwkCpu);
        }
        sendMaster(
                cpu,
                new MasterPacket(MasterPacket.CONNECT_REPLY, request.ref, error, queue, request.param[3], request.ref));
    }

    private int check(IkcPort port, MasterPacket request, int lwkCpu) {
        int number = (int) request.param[0];
        if (number < 0 || number >= IkcPort.LIMIT || lwkCpu < 0 || lwkCpu >= toLwk.length) {
            return -Errno.EINVAL;
        }
        if (port == null || (int) request.param[4] != port.magic()) {
            return -Errno.ECONNREFUSED;
        }
        return request.param[0] >>> 32 == IkcPacket.SIZE ? 0 : -Errno.ECONNABORTED;
    }

    private void accept(IkcPort port, long queuePhysical, long peerWord, int lwkCpu) {
        IkcQueue queue = new IkcQueue(memory, queuePhysical);
        if (port == IkcPort.IKC2LINUX) {
            int linuxCpu = parameters.cpu(lwkCpu).ikcCpu();
            queue.setReadCpu(linuxCpu);
            toLinux.add(new Channel(queue, peerWord, linuxCpu));
        } else {
            queue.setReadCpu(lwkCpu);
            synchronized (toLwk) {
                toLwk[lwkCpu] = new Channel(queue, peerWord, -1);
            }
        }
    }

    /** The LWK's CPU 0 reads the master channel. */
    private void sendMaster(LogicalCpu cpu, MasterPacket packet) {
        if (masterSend.write(packet) == 0) {
            cpu.sendIpi(apicIds[0], InterruptVectors.IKC);
        } else {
            log.error("IKC master {} is full", masterSend);
        }
    }
}
