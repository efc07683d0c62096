// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/**
 * read(2), write(2) and their relatives, sendfile(2), splice(2), copy_file_range(2): Linux's, but for three kinds of files. Signals are
 * pending on the LWK ({@link SignalfdReads}), files of /proc and /sys have the LWK's content ({@link OverlaidTransfers}), and what programs map
 * shared has its pages here ({@link MappedFileData}). Nothing but this class decides which it is.
 */
final class SysReadWrite implements Syscall {
    private final SignalfdReads signalfds;
    private final OverlaidTransfers overlaid;
    private final MappedFileData files;

    SysReadWrite(Kernel kernel) {
        signalfds = new SignalfdReads(kernel);
        overlaid = new OverlaidTransfers(kernel);
        files = new MappedFileData(kernel);
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        return call(self, new Transfer(args.number(), args.all()));
    }

    long call(Thread self, Transfer transfer) {
        long result = signalfds.call(self, transfer);
        if (result == Transfer.OTHER_FILE) {
            result = overlaid.call(self, transfer);
        }
        return result == Transfer.OTHER_FILE ? files.call(self, transfer) : result;
    }
}
