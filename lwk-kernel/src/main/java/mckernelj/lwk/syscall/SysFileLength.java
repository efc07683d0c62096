// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** ftruncate(2), fallocate(2): Linux's; what programs map shared shows the zeros ({@link MappedFileData}). */
final class SysFileLength implements Syscall {
    private final MappedFileData files;

    SysFileLength(Kernel kernel) {
        files = new MappedFileData(kernel);
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        return args.number() == SystemCallNumber.FTRUNCATE ? files.truncate(self, args) : files.allocate(self, args);
    }
}
