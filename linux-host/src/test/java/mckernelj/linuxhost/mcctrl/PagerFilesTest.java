// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mckernelj.emulator.memory.AnonymousHostMemory;
import mckernelj.emulator.memory.CodePages;
import mckernelj.emulator.memory.Ram;
import mckernelj.ihk.Errno;
import mckernelj.ihk.layout.PagerObject;
import mckernelj.linuxhost.libc.HostFile;
import mckernelj.linuxhost.libc.HostProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PagerFilesTest {
    private static final long SIZE = 1 << 20;
    private static final long FRAME = 0x8000;
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;
    private static final int MAP_PRIVATE = 2;

    private final Ram memory = new Ram(new AnonymousHostMemory(SIZE), SIZE, new CodePages(SIZE));
    private final PagerFiles pager = new PagerFiles(memory);
    private final PagerObject answer = new PagerObject(memory, 0x4000);
    private final int pid = HostProcess.pid();

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void create() throws IOException {
        file = directory.resolve("data.so.1");
        byte[] content = new byte[5000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) i;
        }
        Files.write(file, content);
    }

    @AfterEach
    void release() {
        pager.close();
        memory.close();
    }

    @Test
    void reads_up_to_the_end_of_the_file() {
        long handle = map(HostFile.O_RDONLY, PROT_READ, MAP_PRIVATE);
        assertThat(answer.fileSize()).isEqualTo(5000);
        assertThat(answer.path()).isEqualTo(file.toString());
        assertThat(answer.flags()).isEqualTo(PagerObject.FLAG_PREFETCH);
        memory.putByte(FRAME + 904, (byte) 77);
        assertThat(pager.read(handle, 4096, 4096, FRAME)).isEqualTo(904);
        assertThat(memory.getByte(FRAME + 10)).isEqualTo((byte) 4106);
        assertThat(memory.getByte(FRAME + 904)).isEqualTo((byte) 77);
        assertThat(pager.read(handle, 8192, 4096, FRAME)).isZero();
    }

    @Test
    void one_inode_has_one_handle_until_the_last_reference_goes() {
        long handle = map(HostFile.O_RDONLY, PROT_READ, MAP_PRIVATE);
        assertThat(map(HostFile.O_RDWR, PROT_READ | PROT_WRITE, MAP_SHARED)).isEqualTo(handle);
        assertThat(pager.release(handle, 1)).isZero();
        assertThat(pager.stat(handle, answer)).isZero();
        assertThat(pager.release(handle, 1)).isZero();
        assertThat(pager.stat(handle, answer)).isEqualTo(-Errno.EBADF);
        assertThat(pager.read(handle, 0, 10, FRAME)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void writes_never_make_the_file_longer() throws IOException {
        map(HostFile.O_RDONLY, PROT_READ, MAP_PRIVATE);
        long handle = map(HostFile.O_RDWR, PROT_READ | PROT_WRITE, MAP_SHARED);
        memory.putByte(FRAME, (byte) 99);
        assertThat(pager.write(handle, 4096, 4096, FRAME)).isEqualTo(904);
        assertThat(Files.size(file)).isEqualTo(5000);
        assertThat(Files.readAllBytes(file)[4096]).isEqualTo((byte) 99);
    }

    @Test
    void access_rights_are_those_of_the_descriptor() {
        assertThat(create(HostFile.O_RDONLY, PROT_WRITE, MAP_SHARED)).isEqualTo(-Errno.EACCES);
        assertThat(create(HostFile.O_RDONLY, PROT_WRITE, MAP_PRIVATE)).isZero();
        assertThat(answer.maxProt() & PROT_WRITE).isZero();
        assertThat(create(1, PROT_READ, MAP_PRIVATE)).isEqualTo(-Errno.EACCES); // O_WRONLY
        assertThat(pager.create(pid, -1, PROT_READ, MAP_PRIVATE, answer)).isEqualTo(-Errno.EBADF);
        assertThat(pager.create(pid, 99999, PROT_READ, MAP_PRIVATE, answer)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void what_is_no_regular_file_cannot_be_paged_except_dev_zero() {
        int directoryFd = HostFile.open(directory.toString(), HostFile.O_RDONLY);
        assertThat(pager.create(pid, directoryFd, PROT_READ, MAP_PRIVATE, answer))
                .isEqualTo(-Errno.ESRCH);
        int zero = HostFile.open("/dev/zero", HostFile.O_RDWR);
        assertThat(pager.create(pid, zero, PROT_READ | PROT_WRITE, MAP_SHARED, answer))
                .isZero();
        memory.putByte(FRAME, (byte) 1);
        assertThat(pager.read(answer.handle(), 0, 4096, FRAME)).isEqualTo(4096);
        assertThat(memory.getByte(FRAME)).isZero();
        long first = answer.inode();
        pager.create(pid, zero, PROT_READ, MAP_SHARED, answer);
        assertThat(answer.inode()).isNotEqualTo(first);
    }

    @Test
    void memory_that_is_not_there_is_refused() {
        long handle = map(HostFile.O_RDONLY, PROT_READ, MAP_PRIVATE);
        assertThat(pager.read(handle, 0, 4096, SIZE - 10)).isNegative();
        assertThat(pager.read(handle, 0, -1, FRAME)).isNegative();
    }

    private long map(int openFlags, int prot, int mapFlags) {
        assertThat(create(openFlags, prot, mapFlags)).isZero();
        return answer.handle();
    }

    private long create(int openFlags, int prot, int mapFlags) {
        return pager.create(pid, HostFile.open(file.toString(), openFlags), prot, mapFlags, answer);
    }
}
