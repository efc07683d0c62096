// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.lwk.cpu.PtRegs;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/**
 * mcexec --strace: a line for each system call, with its place (local, or delegated if Linux was asked at least once)
 * and its cost in cycles of the processor, written to the program's standard error by its servant.
 */
final class CallTrace {
    private final Kernel kernel;
    private final CallText text = new CallText();

    CallTrace(Kernel kernel) {
        this.kernel = kernel;
    }

    long call(Thread self, PtRegs regs, SyscallDispatch calls) {
        SyscallArguments args = new SyscallArguments(regs);
        boolean lasting =
                switch (args.number()) {
                    case SystemCallNumber.EXIT,
                            SystemCallNumber.EXIT_GROUP,
                            SystemCallNumber.EXECVE,
                            SystemCallNumber.EXECVEAT -> true;
                    default -> false;
                };
        if (lasting) {
            // The arguments, or the caller, will be gone.
            print(self, text.call(self.user(), args.number(), args.all(), false, 0));
        }
        long delegations = self.delegations();
        long begin = self.cpu().hw().cycles();
        long result = calls.execute(self, args);
        long cycles = self.cpu().hw().cycles() - begin;
        if (!lasting || result < 0) {
            String place = self.delegations() == delegations ? "local" : "delegated";
            String line = text.call(self.user(), args.number(), args.all(), true, result);
            print(self, String.format(Locale.ROOT, "%s <%s, %d cycles>", line, place, cycles));
        }
        return result;
    }

    private void print(Thread self, String line) {
        byte[] bytes = ("[" + self.tid() + "] " + line + "\n").getBytes(StandardCharsets.ISO_8859_1);
        int pages = bytes.length / 4096 + 1;
        long buffer = kernel.frames().allocate(pages);
        if (buffer >= 0) {
            kernel.memory().write(buffer, bytes, 0, bytes.length);
            self.delegate(InKernelRequest.ERROR_TEXT, buffer, bytes.length);
            kernel.frames().release(buffer, pages);
        }
    }
}
