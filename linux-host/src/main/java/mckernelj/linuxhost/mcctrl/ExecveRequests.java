// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.elf.ProgramLoadException;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.ihk.launch.LoadedProgram;
import mckernelj.ihk.launch.MailboxLayout;
import mckernelj.ihk.launch.ProgramLoader;
import mckernelj.ihk.layout.PagerObject;
import mckernelj.ihk.layout.ProgramLoadDescriptor;
import mckernelj.linuxhost.proxy.RecordList;
import mckernelj.linuxhost.proxy.ServantSlot;

/** Linux' part of execve: finding the program, and what Linux does with a process that has executed one. */
final class ExecveRequests {
    private static final int PATH_MAX = 4096;
    private static final long USER_START = 0x1000;
    private static final int F_GETFD = 1;
    private static final int FD_CLOEXEC = 1;

    private final Delegator delegator;

    ExecveRequests(Delegator delegator) {
        this.delegator = delegator;
    }

    long handle(ProcessData process, PendingCall call, long[] a) {
        return switch ((int) a[0]) {
            case InKernelRequest.EXECVE_LOOKUP ->
                lookUp(process, call.slot(), (int) a[1], a[2], (int) a[3], a[4], a[5]);
            case InKernelRequest.EXECVE_COMMIT -> commit(process, call.slot(), a[1]);
            case InKernelRequest.EXECVE_ABANDON -> abandon(a[1]);
            default -> -Errno.EINVAL;
        };
    }

    private long lookUp(
            ProcessData process,
            ServantSlot slot,
            int dirfd,
            long pathPhysical,
            int flags,
            long physical,
            long lengthBytes) {
        PhysicalMemory memory = delegator.partition().memory();
        if (!memory.isRam(physical, lengthBytes)) {
            return -Errno.EFAULT;
        }
        String path = string(memory, pathPhysical);
        if (path == null) {
            return -Errno.ENAMETOOLONG;
        }
        String own = delegator.overlay().program(process, path);
        ProgramLoader loader = new ProgramLoader(new ServantFiles(slot, delegator.pager()), "");
        try (LoadedProgram program = loader.load(dirfd, own == null ? path : own, flags)) {
            ProgramLoadDescriptor descriptor = new ProgramLoadDescriptor();
            program.describe(descriptor);
            descriptor.pid = slot.servant().pid();
            descriptor.arguments = strings(program.argumentPrefix());
            if (descriptor.sizeBytes() > lengthBytes) {
                return -Errno.E2BIG;
            }
            write(descriptor, program, memory, physical);
            process.setNextProgram(ProgramIdentity.of(program));
            return 0;
        } catch (ProgramLoadException e) {
            return -e.errno();
        }
    }

    /** Writes the descriptor and hands the files to the pager. */
    static void write(ProgramLoadDescriptor descriptor, LoadedProgram program, PhysicalMemory memory, long physical) {
        memory.clear(physical, ProgramLoadDescriptor.STRINGS);
        descriptor.writeTo(memory, physical);
        program.file().describe(ProgramLoadDescriptor.program(memory, physical));
        if (program.interpreterFile() != null) {
            program.interpreterFile().describe(ProgramLoadDescriptor.interpreter(memory, physical));
        }
    }

    private long commit(ProcessData process, ServantSlot slot, long topPhysical) {
        process.setPageTable(topPhysical);
        slot.call(SystemCallNumber.MUNMAP, USER_START, MailboxLayout.USER_END - USER_START);
        new ExecCredentials(slot).commit();
        closeOnExec(slot);
        if (process.nextProgram() != null) {
            process.setProgram(process.nextProgram());
            process.program().nameThread(slot);
        }
        return 0;
    }

    /** One trip asks for the flags of all descriptors, a second one closes those that are close-on-exec. */
    private static void closeOnExec(ServantSlot slot) {
        List<Integer> open = descriptors(slot.servant().pid());
        for (int from = 0; from < open.size(); from += MailboxLayout.MAX_RECORDS) {
            List<Integer> part = open.subList(from, Math.min(open.size(), from + MailboxLayout.MAX_RECORDS));
            RecordList ask = slot.records();
            part.forEach(fd -> ask.add(SystemCallNumber.FCNTL, fd, F_GETFD));
            slot.submit();
            slot.await();
            List<Integer> closing = new ArrayList<>();
            for (int i = 0; i < part.size(); i++) {
                long flags = slot.result(i);
                if (flags >= 0 && (flags & FD_CLOEXEC) != 0) {
                    closing.add(part.get(i));
                }
            }
            if (!closing.isEmpty()) {
                RecordList close = slot.records();
                closing.forEach(fd -> close.add(SystemCallNumber.CLOSE, fd));
                slot.submit();
                slot.await();
            }
        }
    }

    private static List<Integer> descriptors(int pid) {
        List<Integer> open = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            entries.forEach(
                    entry -> open.add(Integer.valueOf(entry.getFileName().toString())));
        } catch (java.io.IOException e) {
            return List.of(); // it has died
        }
        return open;
    }

    private long abandon(long physical) {
        PhysicalMemory memory = delegator.partition().memory();
        release(ProgramLoadDescriptor.program(memory, physical));
        release(ProgramLoadDescriptor.interpreter(memory, physical));
        return 0;
    }

    private void release(PagerObject file) {
        if (file.handle() != 0) {
            delegator.pager().release(file.handle(), 1);
        }
    }

    private static String string(PhysicalMemory memory, long physical) {
        for (int length = 0; length < PATH_MAX; length++) {
            if (memory.getByte(physical + length) == 0) {
                byte[] bytes = new byte[length];
                memory.read(physical, bytes, 0, length);
                return new String(bytes, StandardCharsets.ISO_8859_1);
            }
        }
        return null;
    }

    private static byte[] strings(List<String> words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String word : words) {
            bytes.writeBytes(word.getBytes(StandardCharsets.ISO_8859_1));
            bytes.write(0);
        }
        return bytes.toByteArray();
    }
}
