// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.ikc;

import java.util.Arrays;
import mckernelj.emulator.hw.PhysicalMemory;

/**
 * Packet of the regular channels (upstream: ikc_scd_packet), 128 bytes. Mutable, so that a reader needs no garbage.
 * Which fields a message uses is said at {@link IkcMessage}; the others are 0.
 */
public final class IkcPacket implements QueueEntry {
    public static final int SIZE = 128;

    /** Identifies the channel object of the receiver; set by the sender from the CONNECT exchange. */
    public long channel;

    public int msg;

    /** 0 or a negative errno, in answers. */
    public int err;

    /** Opaque to the receiver, copied into the answer: finds the one who waits. */
    public long reply;

    /** LWK CPU number, unless the message says otherwise. */
    public int ref;

    public int osnum;
    public int pid;

    /** Physical address or number, as the message says. */
    public long arg;

    /** Thread that waits for the response. */
    public int rtid;

    /** Thread which is to do it; 0 = any. */
    public int ttid;

    public long valid;

    /** System call number. */
    public long number;

    public final long[] args = new long[6];

    /** Physical address of the {@code SyscallResponse}. */
    public long respPa;

    public IkcPacket() {}

    public IkcPacket(IkcMessage message) {
        msg = message.number();
    }

    /** The message, or null if the number is unknown. */
    public IkcMessage message() {
        return IkcMessage.of(msg);
    }

    public IkcPacket copy() {
        IkcPacket copy = new IkcPacket();
        copy.channel = channel;
        copy.msg = msg;
        copy.err = err;
        copy.reply = reply;
        copy.ref = ref;
        copy.osnum = osnum;
        copy.pid = pid;
        copy.arg = arg;
        copy.rtid = rtid;
        copy.ttid = ttid;
        copy.valid = valid;
        copy.number = number;
        System.arraycopy(args, 0, copy.args, 0, args.length);
        copy.respPa = respPa;
        return copy;
    }

    @Override
    public int sizeBytes() {
        return SIZE;
    }

    @Override
    public void writeTo(PhysicalMemory memory, long physical) {
        memory.putLong(physical, channel);
        memory.putInt(physical + 8, msg);
        memory.putInt(physical + 12, err);
        memory.putLong(physical + 16, reply);
        memory.putInt(physical + 24, ref);
        memory.putInt(physical + 28, osnum);
        memory.putLong(physical + 32, pid);
        memory.putLong(physical + 40, arg);
        memory.putInt(physical + 48, rtid);
        memory.putInt(physical + 52, ttid);
        memory.putLong(physical + 56, valid);
        memory.putLong(physical + 64, number);
        for (int i = 0; i < args.length; i++) {
            memory.putLong(physical + 72 + 8 * i, args[i]);
        }
        memory.putLong(physical + 120, respPa);
    }

    @Override
    public void readFrom(PhysicalMemory memory, long physical) {
        channel = memory.getLong(physical);
        msg = memory.getInt(physical + 8);
        err = memory.getInt(physical + 12);
        reply = memory.getLong(physical + 16);
        ref = memory.getInt(physical + 24);
        osnum = memory.getInt(physical + 28);
        pid = memory.getInt(physical + 32);
        arg = memory.getLong(physical + 40);
        rtid = memory.getInt(physical + 48);
        ttid = memory.getInt(physical + 52);
        valid = memory.getLong(physical + 56);
        number = memory.getLong(physical + 64);
        for (int i = 0; i < args.length; i++) {
            args[i] = memory.getLong(physical + 72 + 8 * i);
        }
        respPa = memory.getLong(physical + 120);
    }

    @Override
    public String toString() {
        IkcMessage message = message();
        return (message == null ? "0x" + Integer.toHexString(msg) : message.name()) + " ref " + ref + " pid " + pid
                + " err " + err + " arg 0x" + Long.toHexString(arg) + " rtid " + rtid + " ttid " + ttid + " number "
                + number + " args " + Arrays.toString(args);
    }
}
