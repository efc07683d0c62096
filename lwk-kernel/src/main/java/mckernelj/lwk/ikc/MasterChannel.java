// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.ikc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.ikc.IkcPacket;
import mckernelj.ihk.ikc.IkcPort;
import mckernelj.ihk.ikc.IkcQueue;
import mckernelj.ihk.ikc.MasterPacket;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.phys.PageAllocator;

/** The LWK's end of the master channel: waits for Linux' INIT_ACK and opens the regular channels with CONNECT. */
public final class MasterChannel {
    private final PhysicalMemory memory;
    private final PageAllocator pages;
    private final IkcMap map;
    private final int cpuCount;

    /** Pause between attempts to connect. */
    private final long retryCycles;

    private final IkcQueue receive;
    private final IkcQueue send;
    private final AtomicInteger nextReference = new AtomicInteger(1);

    /** CONNECTs under way: reference to reply. */
    private final Map<Integer, Connect> connects = new ConcurrentHashMap<>();

    /** Channels to Linux by Linux CPU, each made by the first LWK processor mapped to it. Guarded by itself. */
    private final Map<Integer, Channels.ToLinux> toLinux = new ConcurrentHashMap<>();

    private volatile boolean acknowledged;

    private static final class Connect {
        final CpuLocal cpu;
        volatile MasterPacket reply;

        Connect(CpuLocal cpu) {
            this.cpu = cpu;
        }
    }

    /** Allocates and formats the two queues; their addresses are then published in the boot parameters. */
    public MasterChannel(PhysicalMemory memory, PageAllocator pages, IkcMap map, int cpuCount, long retryCycles) {
        this.memory = memory;
        this.pages = pages;
        this.map = map;
        this.cpuCount = cpuCount;
        this.retryCycles = retryCycles;
        receive = newQueue(IkcPort.masterQueueBytes(cpuCount), 0, MasterPacket.SIZE);
        send = newQueue(IkcPort.masterQueueBytes(cpuCount), 0, MasterPacket.SIZE);
    }

    public IkcQueue receiveQueue() {
        return receive;
    }

    public IkcQueue sendQueue() {
        return send;
    }

    public boolean acknowledged() {
        return acknowledged;
    }

    private IkcQueue newQueue(long lengthBytes, int port, int packetSize) {
        long physical = pages.allocate(lengthBytes >> PageAllocator.PAGE_SHIFT, 1, 0);
        if (physical == -1) {
            throw new IllegalStateException("no memory for an IKC queue");
        }
        return IkcQueue.format(memory, physical, lengthBytes, port, port, packetSize);
    }

    void drain(CpuLocal cpu) {
        if (receive.isEmpty()) {
            return;
        }
        MasterPacket packet = new MasterPacket();
        while (receive.read(packet)) {
            switch (packet.msg) {
                case MasterPacket.INIT_ACK -> acknowledged = true;
                case MasterPacket.CONNECT_REPLY -> {
                    Connect connect = connects.remove(packet.ref);
                    if (connect != null) {
                        connect.reply = packet;
                        connect.cpu.kick(cpu);
                    }
                    packet = new MasterPacket();
                }
                default -> {}
            }
        }
    }

    IkcQueue connectFromLinux(CpuLocal cpu) {
        IkcPort port = IkcPort.IKC2MCKERNEL;
        IkcQueue queue = newQueue(port.queueBytes(cpuCount), port.number(), IkcPacket.SIZE);
        queue.setReadCpu(cpu.id());
        queue.setWriteCpu(map.linuxCpu(cpu.id()));
        connect(cpu, port, 0, queue.physical());
        return queue;
    }

    Channels.ToLinux connectToLinux(CpuLocal cpu) {
        int linuxCpu = map.linuxCpu(cpu.id());
        Channels.ToLinux channel = toLinux.get(linuxCpu);
        if (channel == null) {
            IkcPort port = IkcPort.IKC2LINUX;
            IkcQueue queue = newQueue(port.queueBytes(cpuCount), port.number(), IkcPacket.SIZE);
            queue.setReadCpu(linuxCpu);
            queue.setWriteCpu(cpu.id());
            MasterPacket reply = connect(cpu, port, queue.physical(), 0);
            channel = new Channels.ToLinux(queue, reply.param[3], map.doorbell(cpu.id()));
            toLinux.put(linuxCpu, channel);
        }
        return channel;
    }

    /** Sends CONNECT until it is answered without an error, once a second. */
    private MasterPacket connect(CpuLocal cpu, IkcPort port, long sendPhysical, long receivePhysical) {
        while (true) {
            int reference = nextReference.getAndIncrement();
            Connect connect = new Connect(cpu);
            connects.put(reference, connect);
            send.write(new MasterPacket(
                    MasterPacket.CONNECT,
                    reference,
                    (long) IkcPacket.SIZE << 32 | port.number(),
                    sendPhysical,
                    receivePhysical,
                    reference,
                    (long) cpu.id() << 32 | port.magic()));
            map.masterDoorbell().ring(cpu);
            long retry = cpu.hw().cycles() + retryCycles;
            while (connect.reply == null && cpu.hw().cycles() < retry) {
                cpu.waitForInterrupt(retry);
            }
            connects.remove(reference);
            if (connect.reply != null && (int) connect.reply.param[0] == 0) {
                return connect.reply;
            }
            while (cpu.hw().cycles() < retry) {
                cpu.waitForInterrupt(retry);
            }
        }
    }
}
