// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.launch;

import mckernelj.ihk.elf.ProgramLoadException;

/** Opens files for execution, in the context of a process (its root, directory, credentials). */
public interface ProgramFiles {
    int AT_FDCWD = -100;
    int AT_SYMLINK_NOFOLLOW = 0x100;
    int AT_EMPTY_PATH = 0x1000;

    /**
     * Opens a regular file with execute permission.
     *
     * @param path a byte string, see {@link ProxyProcess}
     * @param flags AT_SYMLINK_NOFOLLOW (a symbolic link gives ELOOP), AT_EMPTY_PATH
     */
    ProgramFile open(int dirfd, String path, int flags) throws ProgramLoadException;
}
