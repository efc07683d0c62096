// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.Errno;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.linuxhost.libc.HostFile;

/** What the LWK asks to write files of /proc: {@link InKernelRequest#OVERLAY}. */
final class OverlayRequests {
    /** Mode of a link in /proc/PID/fd: how the descriptor is open. */
    private static final int OWNER_READS = 0400;

    private static final int OWNER_WRITES = 0200;

    private final Delegator delegator;

    OverlayRequests(Delegator delegator) {
        this.delegator = delegator;
    }

    long handle(ProcessData process, long[] a) {
        return switch ((int) a[0]) {
            case InKernelRequest.OVERLAY_NAME -> name(process, a[1], a[2], a[3]);
            case InKernelRequest.OVERLAY_TEXT -> text(a[1], a[2], a[3], a[4]);
            default -> -Errno.EINVAL;
        };
    }

    private long name(ProcessData process, long fd, long physical, long lengthBytes) {
        String name = delegator.overlay().name(process.pid(), (int) fd);
        HostFile.Stat link = name == null ? null : HostFile.lstat("/proc/" + process.pid() + "/fd/" + (int) fd);
        if (link == null) {
            return -Errno.EINVAL;
        }
        long length = write(name.getBytes(StandardCharsets.ISO_8859_1), physical, lengthBytes);
        return length < 0
                ? length
                : length
                        | ((link.mode() & OWNER_READS) != 0 ? InKernelRequest.OVERLAY_READABLE : 0)
                        | ((link.mode() & OWNER_WRITES) != 0 ? InKernelRequest.OVERLAY_WRITABLE : 0);
    }

    private long text(long namePhysical, long nameLength, long physical, long lengthBytes) {
        PhysicalMemory memory = delegator.partition().memory();
        if (nameLength <= 0 || nameLength > lengthBytes || !memory.isRam(namePhysical, nameLength)) {
            return -Errno.EINVAL;
        }
        byte[] name = new byte[(int) nameLength];
        memory.read(namePhysical, name, 0, name.length);
        try (InputStream file = Files.newInputStream(Path.of(new String(name, StandardCharsets.ISO_8859_1)))) {
            return write(file.readNBytes((int) lengthBytes), physical, lengthBytes);
        } catch (IOException e) {
            return -Errno.ENOENT;
        }
    }

    private long write(byte[] bytes, long physical, long lengthBytes) {
        PhysicalMemory memory = delegator.partition().memory();
        if (bytes.length > lengthBytes || !memory.isRam(physical, lengthBytes)) {
            return -Errno.EINVAL;
        }
        memory.write(physical, bytes, 0, bytes.length);
        return bytes.length;
    }
}
