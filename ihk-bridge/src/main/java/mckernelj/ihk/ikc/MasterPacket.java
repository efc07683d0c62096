// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.ikc;

import mckernelj.emulator.hw.PhysicalMemory;

/** Packet of the master channel, 56 bytes, with its message numbers (spec: {channel, msg, ref, param[5]}). */
public final class MasterPacket implements QueueEntry {
    public static final int SIZE = 56;

    /** Linux to LWK, once the LWK's status is READY. */
    public static final int INIT_ACK = 0x10203010;

    /**
     * Opens a channel: ref = the initiator's channel number; parameters {@code packetSize << 32 | port}, physical
     * address of the queue it sends on (0: none), of the queue it receives from (0: none), its own channel word ({@link
     * IkcPacket#channel} of packets to it), {@code cpu << 32 | magic}.
     */
    public static final int CONNECT = 0x20000001;

    /**
     * Answer, same ref: parameters {error or 0 (negative errno), physical address of the queue on which the acceptor
     * receives, the initiator's channel word, the acceptor's own channel word}.
     */
    public static final int CONNECT_REPLY = 0x20000002;

    public static final int DISCONNECT = 0x20000008;
    public static final int PACKET_ON_CHANNEL = 0x20000010;

    public long channel;
    public int msg;
    public int ref;
    public final long[] param = new long[5];

    public MasterPacket() {}

    public MasterPacket(int msg, int ref, long... parameters) {
        this.msg = msg;
        this.ref = ref;
        System.arraycopy(parameters, 0, param, 0, parameters.length);
    }

    @Override
    public int sizeBytes() {
        return SIZE;
    }

    @Override
    public void writeTo(PhysicalMemory memory, long physical) {
        memory.putLong(physical, channel);
        memory.putInt(physical + 8, msg);
        memory.putInt(physical + 12, ref);
        for (int i = 0; i < param.length; i++) {
            memory.putLong(physical + 16 + 8 * i, param[i]);
        }
    }

    @Override
    public void readFrom(PhysicalMemory memory, long physical) {
        channel = memory.getLong(physical);
        msg = memory.getInt(physical + 8);
        ref = memory.getInt(physical + 12);
        for (int i = 0; i < param.length; i++) {
            param[i] = memory.getLong(physical + 16 + 8 * i);
        }
    }
}
