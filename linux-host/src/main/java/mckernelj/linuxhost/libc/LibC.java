// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.libc;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * System calls of the node's own process, through libc's {@code syscall} by JNA direct mapping (0.2 us over the call
 * itself). Results are those of the kernel: an error is the negated error number. Pointers are raw addresses: the memory
 * must be {@link RawMemory} or the machine's, never a Java object that the garbage collector could free during the call.
 */
public final class LibC {
    static {
        // Without this JNA runs /sbin/ldconfig to find library directories.
        setDefault("jna.platform.library.path", "/lib/x86_64-linux-gnu:/usr/lib64");
        setDefault("jna.nosys", "true");
        Native.register(LibC.class, NativeLibrary.getProcess());
    }

    private LibC() {}

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private static native long syscall(long number, long a, long b, long c, long d, long e, long f);

    public static long call(int number, long a, long b, long c, long d, long e, long f) {
        long result = syscall(number, a, b, c, d, e, f);
        return result == -1 ? -Native.getLastError() : result;
    }

    public static long call(int number) {
        return call(number, 0, 0, 0, 0, 0, 0);
    }

    public static long call(int number, long a) {
        return call(number, a, 0, 0, 0, 0, 0);
    }

    public static long call(int number, long a, long b) {
        return call(number, a, b, 0, 0, 0, 0);
    }

    public static long call(int number, long a, long b, long c) {
        return call(number, a, b, c, 0, 0, 0);
    }

    public static long call(int number, long a, long b, long c, long d) {
        return call(number, a, b, c, d, 0, 0);
    }

    public static long call(int number, long a, long b, long c, long d, long e) {
        return call(number, a, b, c, d, e, 0);
    }

    /** The result, or an exception that names the call: for set-up code, where an error is the host's fault. */
    public static long require(String what, long result) {
        if (mckernelj.ihk.Errno.isError(result)) {
            throw new HostError(what, (int) -result);
        }
        return result;
    }
}
