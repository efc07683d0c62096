// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.ihk.launch.ProxyArena;
import mckernelj.linuxhost.libc.Descriptor;
import mckernelj.linuxhost.libc.HostFile;
import mckernelj.linuxhost.proxy.ServantSlot;

/** Core files of programs, opened by the servant with the program's rights. See {@link InKernelRequest#CORE_FILE}. */
final class CoreFiles {
    private static final int AT_FDCWD = -100;

    /** O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC. */
    private static final long FLAGS = 01 | 0100 | 01000 | 0400000 | 02000000;

    private static final int MODE = 0600;

    private final Delegator delegator;

    CoreFiles(Delegator delegator) {
        this.delegator = delegator;
    }

    long handle(ServantSlot slot, long[] a) {
        return a[0] == InKernelRequest.CORE_OPEN ? open(slot) : write(slot, a[1], a[2], a[3], a[4]);
    }

    private static long open(ServantSlot slot) {
        String name = usesPid() ? "core." + slot.servant().pid() : "core";
        try (ProxyArena arena = slot.arguments()) {
            return slot.call(SystemCallNumber.OPENAT, AT_FDCWD, arena.placeString(name), FLAGS, MODE);
        }
    }

    private static boolean usesPid() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/core_uses_pid")).startsWith("1");
        } catch (IOException e) {
            return false;
        }
    }

    private long write(ServantSlot slot, long fd, long physical, long lengthBytes, long offset) {
        PhysicalMemory memory = delegator.partition().memory();
        if (lengthBytes <= 0 || !memory.isRam(physical, lengthBytes)) {
            return -Errno.EINVAL;
        }
        int own = HostFile.open("/proc/" + slot.servant().pid() + "/fd/" + fd, HostFile.O_WRONLY);
        if (own < 0) {
            return own;
        }
        long written = Descriptor.pwrite(own, memory.hostAddress(physical, lengthBytes), lengthBytes, offset);
        Descriptor.close(own);
        return written;
    }
}
