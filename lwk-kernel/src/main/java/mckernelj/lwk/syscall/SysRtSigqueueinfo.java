// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.signal.SigInfo;
import mckernelj.lwk.signal.SignalNumber;

/** rt_sigqueueinfo(2), rt_tgsigqueueinfo(2). */
final class SysRtSigqueueinfo implements Syscall {
    private static final int SI_TKILL = -6;

    private final Kernel kernel;

    SysRtSigqueueinfo(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        boolean toProcess = args.number() == SystemCallNumber.RT_SIGQUEUEINFO;
        int pid = args.intAt(0);
        int signal = args.intAt(toProcess ? 1 : 2);
        byte[] bytes = self.user().read(args.at(toProcess ? 2 : 3), SigInfo.SIZE);
        if (bytes == null) {
            return -Errno.EFAULT;
        }
        if (!toProcess && (pid <= 0 || args.intAt(1) <= 0)) {
            return -Errno.EINVAL;
        }
        Process process = kernel.table().process(pid);
        if (process == null) {
            return SyscallDispatch.delegate(kernel, self, args.number(), args.all());
        }
        if (signal < 0 || signal > SignalNumber.LAST) {
            return -Errno.EINVAL;
        }
        int code = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(8);
        if ((code >= 0 || code == SI_TKILL) && process != self.process()) {
            return -Errno.EPERM;
        }
        if (process.uid() != self.process().uid()) {
            long forbidden = self.delegate(InKernelRequest.KILL, pid, 0);
            if (forbidden < 0) {
                return forbidden;
            }
        }
        if (signal == 0) {
            return 0;
        }
        SigInfo info = SigInfo.of(signal, bytes);
        if (signal == SignalNumber.SIGCONT) {
            self.continueServant(process);
        }
        if (toProcess) {
            return kernel.signals().send(self, process, info);
        }
        Thread thread = kernel.table().thread(args.intAt(1));
        return thread == null || thread.process() != process
                ? -Errno.ESRCH
                : kernel.signals().send(self, thread, info);
    }
}
