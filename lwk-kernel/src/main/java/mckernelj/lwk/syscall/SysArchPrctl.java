// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.emulator.hw.Msr;
import mckernelj.ihk.Errno;
import mckernelj.lwk.mm.PageTables;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** arch_prctl(2): FS and GS bases of user mode. */
final class SysArchPrctl implements Syscall {
    private static final int ARCH_SET_GS = 0x1001;
    private static final int ARCH_SET_FS = 0x1002;
    private static final int ARCH_GET_FS = 0x1003;
    private static final int ARCH_GET_GS = 0x1004;

    SysArchPrctl(Kernel kernel) {}

    @Override
    public long call(Thread self, SyscallArguments args) {
        return switch (args.intAt(0)) {
            case ARCH_SET_FS -> set(self, Msr.IA32_FS_BASE, args.at(1));
            case ARCH_SET_GS -> set(self, Msr.IA32_KERNEL_GS_BASE, args.at(1));
            case ARCH_GET_FS -> get(self, Msr.IA32_FS_BASE, args.at(1));
            case ARCH_GET_GS -> get(self, Msr.IA32_KERNEL_GS_BASE, args.at(1));
            default -> -Errno.EINVAL;
        };
    }

    private static long set(Thread self, int msr, long base) {
        if (base < 0 || base >= PageTables.USER_HALF) {
            return -Errno.EPERM;
        }
        self.cpu().hw().setMsr(msr, base);
        return 0;
    }

    private static long get(Thread self, int msr, long pointer) {
        return self.user().writeLongs(pointer, self.cpu().hw().msr(msr)) ? 0 : -Errno.EFAULT;
    }
}
