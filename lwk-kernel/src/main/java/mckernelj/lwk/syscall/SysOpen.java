// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import java.nio.charset.StandardCharsets;
import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.lwk.mm.PageTables;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.ProcFiles;
import mckernelj.lwk.proc.Thread;

/** open(2), openat(2): delegated, but for files of /proc that the LWK writes itself. Those are as they were when they were opened. */
final class SysOpen implements Syscall {
    private static final int O_ACCMODE = 3;
    private static final int O_DIRECTORY = 0x10000;
    private static final int O_PATH = 0x200000;
    private static final byte[] PREFIX = ProcFiles.PREFIX.getBytes(StandardCharsets.ISO_8859_1);

    private final Kernel kernel;

    SysOpen(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        int first = args.number() == SystemCallNumber.OPEN ? 0 : 1;
        if (isMemory(self, args.at(first))) {
            return -Errno.EACCES;
        }
        byte[] content = content(self, args.at(first), args.at(first + 1));
        return content == null
                ? SyscallDispatch.delegate(kernel, self, args.number(), args.all())
                : open(self, content, args.at(first + 1));
    }

    /** The servant's memory is not the program's; a debugger then uses ptrace. */
    private static boolean isMemory(Thread self, long path) {
        if (!java.util.Arrays.equals(self.user().read(path, PREFIX.length), PREFIX)) {
            return false;
        }
        String text = self.user().readText(path, ProcFiles.MAX_PATH);
        return text != null && text.endsWith("/mem");
    }

    private byte[] content(Thread self, long path, long flags) {
        if ((flags & (O_ACCMODE | O_DIRECTORY | O_PATH)) != 0
                || !java.util.Arrays.equals(self.user().read(path, PREFIX.length), PREFIX)) {
            return null;
        }
        String text = self.user().readText(path, ProcFiles.MAX_PATH);
        return text == null ? null : kernel.procFiles().content(self, text);
    }

    private long open(Thread self, byte[] content, long flags) {
        int pages = (int) (content.length / PageTables.PAGE) + 1;
        long buffer = kernel.frames().allocate(pages);
        if (buffer < 0) {
            return -Errno.ENOMEM;
        }
        try {
            kernel.memory().write(buffer, content, 0, content.length);
            return self.delegate(InKernelRequest.CONTENT_FILE, buffer, content.length, flags);
        } finally {
            kernel.frames().release(buffer, pages);
        }
    }
}
