// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.mcexec;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.elf.ProgramLoadException;
import mckernelj.ihk.launch.ProxyArena;
import mckernelj.ihk.launch.ProxyProcess;

/**
 * Which file a program's name means: a name without a slash is searched in COKERNEL_PATH, else PATH, by the rules of execvp(3); an
 * absolute one gets COKERNEL_EXEC_ROOT in front.
 */
final class ProgramPath {
    private static final int NAME_LIMIT = 255;
    private static final int X_OK = 1;
    private static final String DEFAULT_PATH = "/bin:/usr/bin";

    private final ProxyProcess process;

    ProgramPath(ProxyProcess process) {
        this.process = process;
    }

    String resolve(String name) throws ProgramLoadException {
        if (name.startsWith("/")) {
            String root = process.start().environmentValue("COKERNEL_EXEC_ROOT");
            return root == null ? name : root + name;
        }
        return name.indexOf('/') >= 0 ? name : search(name);
    }

    private String search(String name) throws ProgramLoadException {
        if (name.isEmpty()) {
            throw new ProgramLoadException(Errno.ENOENT, "no name");
        }
        if (name.length() >= NAME_LIMIT) {
            throw new ProgramLoadException(Errno.ENAMETOOLONG, "name too long");
        }
        boolean denied = false;
        for (String directory : path().split(":", -1)) {
            String candidate = directory.isEmpty() ? name : directory + "/" + name;
            long result = executable(candidate);
            if (result == 0) {
                return candidate;
            }
            denied |= result == -Errno.EACCES;
        }
        throw new ProgramLoadException(denied ? Errno.EACCES : Errno.ENOENT, "not found");
    }

    private String path() {
        String path = process.start().environmentValue("COKERNEL_PATH");
        if (path == null) {
            path = process.start().environmentValue("PATH");
        }
        return path == null ? DEFAULT_PATH : path;
    }

    /** 0 for a regular file with execute permission. */
    private long executable(String candidate) {
        try (ProxyArena arena = process.arena(candidate.length() + 256L)) {
            long path = arena.placeString(candidate);
            long stat = arena.allocate(144);
            long result = process.syscall(SystemCallNumber.STAT, path, stat);
            if (result == 0 && (arena.readInt(stat + 24) & 0xF000) != 0x8000) {
                return -Errno.EACCES;
            }
            return result != 0 ? result : process.syscall(SystemCallNumber.ACCESS, path, X_OK);
        }
    }
}
