// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.mcexec;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mckernelj.ihk.Errno;
import mckernelj.ihk.elf.ProgramLoadException;
import mckernelj.ihk.launch.LoadedProgram;
import mckernelj.ihk.launch.OsAccess;
import mckernelj.ihk.launch.ProgramFile;
import mckernelj.ihk.launch.ProgramFiles;
import mckernelj.ihk.launch.ProxyProcess;
import mckernelj.ihk.layout.PagerObject;
import mckernelj.ihk.layout.ProgramLoadDescriptor;
import mckernelj.ihk.os.OsStatus;

/** An OS instance that only remembers what it was to start. */
final class HostOs implements OsAccess {
    ProgramLoadDescriptor started;
    LoadedProgram program;

    @Override
    public int index() {
        return 0;
    }

    @Override
    public OsStatus status() {
        return OsStatus.RUNNING;
    }

    @Override
    public int cpuCount() {
        return 4;
    }

    @Override
    public int nodeCount() {
        return 2;
    }

    @Override
    public void joinPartition(ProxyProcess process, int processes, ProgramLoadDescriptor descriptor) {
        descriptor.nrProcesses = processes;
    }

    @Override
    public int start(ProxyProcess process, LoadedProgram loaded, ProgramLoadDescriptor descriptor) {
        started = descriptor;
        program = loaded;
        return 0;
    }

    @Override
    public ProgramFiles files(ProxyProcess process) {
        return (dirfd, path, flags) -> open(Path.of(path));
    }

    private static ProgramFile open(Path path) throws ProgramLoadException {
        if (!Files.exists(path)) {
            throw new ProgramLoadException(Errno.ENOENT, "absent");
        }
        if (!Files.isRegularFile(path) || !Files.isExecutable(path)) {
            throw new ProgramLoadException(Errno.EACCES, "not executable");
        }
        return new HostFile(path.toString());
    }

    private record HostFile(String path) implements ProgramFile {
        @Override
        public long size() {
            return Path.of(path).toFile().length();
        }

        @Override
        public int read(long offset, byte[] target) {
            try (RandomAccessFile file = new RandomAccessFile(path, "r")) {
                file.seek(offset);
                return Math.max(0, file.read(target));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void describe(PagerObject target) {}

        @Override
        public void close() {}
    }
}
