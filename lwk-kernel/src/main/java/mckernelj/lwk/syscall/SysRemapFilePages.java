// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.mm.MmapFlags;
import mckernelj.lwk.mm.PageTables;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.mm.VmRange;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** remap_file_pages(2): as in Linux since 4.0 a new mapping of another part of the same object. */
final class SysRemapFilePages implements Syscall {
    SysRemapFilePages(Kernel kernel) {}

    @Override
    public long call(Thread self, SyscallArguments args) {
        long start = args.at(0) & -PageTables.PAGE;
        long size = args.at(1) & -PageTables.PAGE;
        ProcessVm vm = self.process().vm();
        VmRange range = size > 0 && start >= 0 ? vm.rangeAt(start) : null;
        boolean invalid = range == null || !range.isShared() || range.object() == null || start + size > range.end();
        if (args.at(2) != 0 || invalid || args.at(3) < 0 || args.at(3) > Long.MAX_VALUE >>> 13) {
            return -Errno.EINVAL;
        }
        range.object().acquire();
        long result = vm.mmap(
                self,
                new ProcessVm.Mapping(
                        start,
                        size,
                        range.prot(),
                        range.maxProt(),
                        MmapFlags.MAP_FIXED,
                        range.object(),
                        args.at(3) << 12,
                        VmRange.SHARED));
        if (result < 0) {
            range.object().release(self);
            return result;
        }
        return 0;
    }
}
