// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.decode;

import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.X86Fault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bytes that are no instruction of this processor: raises #UD, or #GP(0) if longer than 15 bytes. Loud once per byte string. */
final class UndefinedInstruction extends Op {
    private static final Logger LOG = LoggerFactory.getLogger(UndefinedInstruction.class);
    private static final int MOST_REPORTS = 1000;

    private final Set<String> reported;
    private final byte[] bytes;
    private final boolean tooLong;

    UndefinedInstruction(byte[] bytes, boolean tooLong, Set<String> reported) {
        this.bytes = bytes;
        this.tooLong = tooLong;
        this.reported = reported;
    }

    static Set<String> newReport() {
        return ConcurrentHashMap.newKeySet();
    }

    @Override
    public void exec(Cpu cpu) {
        String text = HexFormat.ofDelimiter(" ").formatHex(bytes);
        if (reported.size() < MOST_REPORTS && reported.add(text) && LOG.isWarnEnabled()) {
            LOG.warn("undefined instruction {} at {}", text, Long.toHexString(cpu.r[Cpu.BLOCK] + offset));
        }
        throw tooLong ? cpu.raise(X86Fault.GP, 0) : cpu.raise(X86Fault.UD);
    }
}
