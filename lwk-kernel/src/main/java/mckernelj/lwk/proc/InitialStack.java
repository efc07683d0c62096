// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import mckernelj.ihk.layout.ProgramLoadDescriptor;
import mckernelj.lwk.mm.ProgramArea;
import mckernelj.lwk.mm.UserAccess;

/**
 * The stack of a new program as the System V ABI and Linux lay it out: argc, argv, environment and auxiliary vector at
 * the stack pointer, the strings above them at the top.
 */
final class InitialStack {
    private static final byte[] PLATFORM = "x86_64\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int END_MARKER = 8;

    private final ProgramLoadDescriptor descriptor;
    private final byte[] path;
    private final long top;
    private ProgramArea area = ProgramArea.NONE;

    InitialStack(ProgramLoadDescriptor descriptor, String path, long topLinear) {
        this.descriptor = descriptor;
        this.path = (path + "\0").getBytes(StandardCharsets.UTF_8);
        this.top = topLinear;
    }

    /** Bytes of strings and pointers: what the limit of arguments counts. */
    long sizeBytes() {
        long pointers = 8L
                * (offsets(descriptor.arguments).size()
                        + offsets(descriptor.environment).size());
        return stringBytes() + pointers;
    }

    private long stringBytes() {
        return (long) descriptor.arguments.length + descriptor.environment.length + path.length + PLATFORM.length + 64;
    }

    /** Returns the stack pointer, or -1 if the stack cannot be written. */
    long write(UserAccess user, AuxiliaryVector aux) {
        long pathAt = top - END_MARKER - path.length;
        long environmentAt = pathAt - descriptor.environment.length;
        long argumentsAt = environmentAt - descriptor.arguments.length;
        long platformAt = argumentsAt - PLATFORM.length;
        long randomAt = platformAt - 16 & -16;
        boolean ok = user.write(pathAt, path)
                && user.write(environmentAt, descriptor.environment)
                && user.write(argumentsAt, descriptor.arguments)
                && user.write(platformAt, PLATFORM)
                && user.writeLongs(randomAt, descriptor.random);
        aux.add(AuxiliaryVector.AT_RANDOM, randomAt);
        aux.add(AuxiliaryVector.AT_EXECFN, pathAt);
        aux.add(AuxiliaryVector.AT_PLATFORM, platformAt);
        List<Long> words = new ArrayList<>();
        List<Integer> arguments = offsets(descriptor.arguments);
        words.add((long) arguments.size());
        arguments.forEach(offset -> words.add(argumentsAt + offset));
        words.add(0L);
        offsets(descriptor.environment).forEach(offset -> words.add(environmentAt + offset));
        words.add(0L);
        words.addAll(aux.words());
        area = new ProgramArea(argumentsAt, environmentAt, pathAt, aux.words());
        long sp = randomAt - words.size() * 8L & -16;
        return ok && user.write(sp, bytes(words)) ? sp : -1;
    }

    /** After {@link #write}. */
    ProgramArea area() {
        return area;
    }

    private static byte[] bytes(List<Long> words) {
        ByteBuffer buffer = ByteBuffer.allocate(words.size() * 8).order(ByteOrder.LITTLE_ENDIAN);
        words.forEach(buffer::putLong);
        return buffer.array();
    }

    /** Where each NUL-terminated string begins. An unterminated last one does not count. */
    private static List<Integer> offsets(byte[] strings) {
        List<Integer> offsets = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < strings.length; i++) {
            if (strings[i] == 0) {
                offsets.add(start);
                start = i + 1;
            }
        }
        return offsets;
    }
}
