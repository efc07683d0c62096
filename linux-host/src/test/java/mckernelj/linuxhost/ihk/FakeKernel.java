// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.hw.Machine;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.boot.KernelImage;
import mckernelj.ihk.ikc.IkcPacket;
import mckernelj.ihk.ikc.IkcPort;
import mckernelj.ihk.ikc.IkcQueue;
import mckernelj.ihk.ikc.MasterPacket;
import mckernelj.ihk.layout.BootParameters;
import mckernelj.ihk.layout.BootParameters.Field;
import mckernelj.ihk.layout.KernelSpace;
import mckernelj.ihk.layout.KmsgBuffer;
import mckernelj.ihk.layout.MonitorArea;
import mckernelj.ihk.os.InterruptVectors;

/** The LWK's half of a boot in Java only, for {@link FakeMachine}: boots its first processor and opens two channels. */
final class FakeKernel implements KernelImage, KernelImage.Attachment {
    private static final int TRAMPOLINE_ARGUMENT = 40;
    private static final long SEGMENT_OFFSET = 0x1000;

    private final FakeMachine machine;
    private final PhysicalMemory memory;
    private long free;

    BootParameters parameters;
    MonitorArea monitor;
    IkcQueue masterReceive;
    IkcQueue masterSend;
    IkcQueue fromLinux;
    IkcQueue toLinux;
    boolean attached;

    /** Boots no further than this status. */
    int lastStatus = BootParameters.STATUS_RUNNING;

    final List<MasterPacket> connectReplies = new ArrayList<>();
    final List<IkcPacket> received = new ArrayList<>();

    FakeKernel(FakeMachine machine) {
        this.machine = machine;
        memory = machine.memory();
        machine.onStartup = this::start;
    }

    /** One segment of "KERNEL" at the link address. */
    @Override
    public byte[] elf(int osIndex) {
        return elf(KernelSpace.MAP_KERNEL_START + SEGMENT_OFFSET, 0x3000);
    }

    static byte[] elf(long linear, long memorySize) {
        ByteBuffer elf = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
        elf.putInt(0, 0x464C457F).put(4, (byte) 2);
        elf.putLong(24, linear).putLong(32, 64).putShort(54, (short) 56).putShort(56, (short) 1);
        elf.putInt(64, 1).putLong(72, 200).putLong(80, linear).putLong(96, 6).putLong(104, memorySize);
        byte[] bytes = elf.array();
        System.arraycopy("KERNEL".getBytes(StandardCharsets.US_ASCII), 0, bytes, 200, 6);
        return bytes;
    }

    @Override
    public String buildId() {
        return "fake";
    }

    @Override
    public KernelImage.Attachment attach(Machine on, int osIndex) {
        attached = true;
        return this;
    }

    @Override
    public void detach() {
        attached = false;
    }

    private void start(int cpu, int vector) {
        if (parameters != null) {
            return; // the second STARTUP
        }
        long page = (long) vector << 12;
        parameters = new BootParameters(memory, memory.getLong(page + TRAMPOLINE_ARGUMENT));
        machine.cpu(cpu).kernel = this::interrupt;
        new KmsgBuffer(memory, parameters.get(Field.MSG_BUFFER))
                .append("IHK/McKernel started.\n".getBytes(StandardCharsets.US_ASCII));
        free = parameters.chunk(0).end() - 0x100000;
        masterReceive = newQueue(IkcPort.masterQueueBytes(1), 0, MasterPacket.SIZE);
        masterSend = newQueue(IkcPort.masterQueueBytes(1), 0, MasterPacket.SIZE);
        parameters.set(Field.MIKC_QUEUE_RECV, masterReceive.physical());
        parameters.set(Field.MIKC_QUEUE_SEND, masterSend.physical());
        parameters.set(Field.MONITOR, free);
        monitor = new MonitorArea(memory, free);
        free += 4096;
        setStatus(BootParameters.STATUS_READY);
    }

    private IkcQueue newQueue(long lengthBytes, int port, int packetSize) {
        IkcQueue queue = IkcQueue.format(memory, free, lengthBytes, port, port, packetSize);
        free += lengthBytes;
        return queue;
    }

    private void setStatus(int status) {
        if (status <= lastStatus) {
            parameters.setStatus(status);
            ring();
        }
    }

    void ring() {
        machine.cpu(1).sendIpi(parameters.ikcApicId(0), parameters.ikcIrq());
    }

    private void interrupt(int vector) {
        if (vector != InterruptVectors.IKC) {
            return;
        }
        MasterPacket packet = new MasterPacket();
        while (masterReceive.read(packet)) {
            if (packet.msg == MasterPacket.INIT_ACK) {
                openChannels();
            } else {
                connectReplies.add(packet);
                packet = new MasterPacket();
            }
        }
        IkcPacket regular = new IkcPacket();
        while (fromLinux != null && fromLinux.read(regular)) {
            received.add(regular.copy());
        }
    }

    private void openChannels() {
        fromLinux = newQueue(IkcPort.IKC2MCKERNEL.queueBytes(1), 501, IkcPacket.SIZE);
        toLinux = newQueue(IkcPort.IKC2LINUX.queueBytes(1), 503, IkcPacket.SIZE);
        connect(11, IkcPort.IKC2MCKERNEL.number(), 0, fromLinux.physical(), IkcPort.IKC2MCKERNEL.magic());
        connect(12, IkcPort.IKC2LINUX.number(), toLinux.physical(), 0, IkcPort.IKC2LINUX.magic());
        setStatus(BootParameters.STATUS_RUNNING);
    }

    void connect(int reference, long port, long send, long receive, int magic) {
        long first = (long) IkcPacket.SIZE << 32 | port;
        masterSend.write(new MasterPacket(MasterPacket.CONNECT, reference, first, send, receive, 0xC0DE, magic));
        ring();
    }
}
