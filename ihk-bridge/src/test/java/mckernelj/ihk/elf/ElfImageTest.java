// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ElfImageTest {
    private static final int ENTRY = 24;
    private static final int PHOFF = 32;
    private static final int PHENTSIZE = 54;
    private static final int PHNUM = 56;
    private static final int FIRST_SEGMENT = 64;
    private static final int OFFSET = FIRST_SEGMENT + 8;
    private static final int VADDR = FIRST_SEGMENT + 16;
    private static final int FILESZ = FIRST_SEGMENT + 32;
    private static final int MEMSZ = FIRST_SEGMENT + 40;
    private static final int ALIGN = FIRST_SEGMENT + 48;

    @Test
    void reads_a_small_static_program() throws Exception {
        ElfImage image = ElfImage.read(new Bytes(smallProgram().array()));
        assertThat(image.positionIndependent()).isFalse();
        assertThat(image.entry()).isEqualTo(0x401000);
        assertThat(image.segments()).hasSize(2);
        assertThat(image.segments().get(0).prot()).isEqualTo(5);
        assertThat(image.segments().get(1).prot()).isEqualTo(3);
        assertThat(image.programHeaderAddress()).isEqualTo(0x400040);
        assertThat(image.interpreter()).isNull();
    }

    @Test
    void reads_a_program_of_the_host() throws Exception {
        ElfImage image = ElfImage.read(new Bytes(Files.readAllBytes(Path.of("/bin/true"))));
        assertThat(image.segments()).isNotEmpty();
        assertThat(image.interpreter()).isEqualTo("/lib64/ld-linux-x86-64.so.2");
        assertThat(image.stackFlags()).isEqualTo(6);
        assertThat(ElfImage.read(new Bytes(Files.readAllBytes(Path.of(image.interpreter()))))
                        .interpreter())
                .isNull();
    }

    @Test
    void refuses_another_class_machine_or_type() {
        assertRefused(file -> file.put(4, (byte) 1));
        assertRefused(file -> file.put(5, (byte) 2));
        assertRefused(file -> file.putShort(18, (short) 183));
        assertRefused(file -> file.putShort(16, (short) 1));
    }

    @Test
    void refuses_headers_that_are_no_headers() {
        assertRefused(file -> file.putLong(PHOFF, -1));
        assertRefused(file -> file.putLong(PHOFF, Long.MAX_VALUE - 10));
        assertRefused(file -> file.putShort(PHNUM, (short) -1));
        assertRefused(file -> file.putShort(PHNUM, (short) 0));
        assertRefused(file -> file.putShort(PHENTSIZE, (short) 32));
        assertRefused(file -> file.putLong(ENTRY, -4096));
    }

    @Test
    void refuses_segments_that_lie() {
        assertRefused(file -> file.putLong(FILESZ, 1L << 20).putLong(MEMSZ, 1L << 20));
        assertRefused(file -> file.putLong(OFFSET, Long.MAX_VALUE & ~4095));
        assertRefused(file -> file.putLong(OFFSET, -4096));
        assertRefused(file -> file.putLong(MEMSZ, 10));
        assertRefused(file -> file.putLong(MEMSZ, Long.MAX_VALUE));
        assertRefused(file -> file.putLong(MEMSZ, -1));
        assertRefused(file -> file.putLong(VADDR, ElfImage.USER_END));
        assertRefused(file -> file.putLong(VADDR, -4096));
        assertRefused(file -> file.putLong(VADDR, 0x400800));
        assertRefused(file -> file.putLong(ALIGN, 3000));
        assertRefused(file -> file.putLong(ALIGN, Long.MIN_VALUE));
        assertRefused(file -> file.putLong(VADDR, 0x402000));
        assertRefused(file -> file.putLong(MEMSZ, 0x3000));
    }

    @Test
    void refuses_an_interpreter_without_end() {
        assertRefused(file -> file.putInt(FIRST_SEGMENT, 3).putLong(OFFSET, 0).putLong(FILESZ, 3));
        assertRefused(file ->
                file.putInt(FIRST_SEGMENT, 3).putLong(OFFSET, Long.MAX_VALUE).putLong(FILESZ, 64));
    }

    @Test
    void survives_random_damage() throws Exception {
        Random random = new Random(1);
        int accepted = 0;
        for (int round = 0; round < 20_000; round++) {
            ByteBuffer file = smallProgram();
            for (int n = random.nextInt(6); n >= 0; n--) {
                file.put(random.nextInt(FIRST_SEGMENT + 112), (byte) random.nextInt());
            }
            try {
                for (ElfSegment segment : ElfImage.read(new Bytes(file.array())).segments()) {
                    assertThat(segment.pageEnd()).isBetween(segment.pageStart(), ElfImage.USER_END);
                    assertThat(segment.fileOffset() + segment.fileSize()).isBetween(0L, (long) file.capacity());
                }
                accepted++;
            } catch (ProgramLoadException e) {
                assertThat(e.errno()).isEqualTo(ProgramLoadException.ENOEXEC);
            }
        }
        assertThat(accepted).isPositive();
    }

    @Test
    void parses_script_lines_as_linux_does() throws Exception {
        assertThat(shebang("#!/bin/sh\necho")).isEqualTo(new ShebangLine("/bin/sh", null));
        assertThat(shebang("#! /usr/bin/env  python3 -u \n")).isEqualTo(new ShebangLine("/usr/bin/env", "python3 -u"));
        assertThat(shebang("#!/bin/sh")).isEqualTo(new ShebangLine("/bin/sh", null));
        assertThat(shebang("echo")).isNull();
        assertThat(catchThrowableOfType(ProgramLoadException.class, () -> shebang("#!  \n")))
                .isNotNull();
        assertThat(catchThrowableOfType(ProgramLoadException.class, () -> shebang("#!" + "x".repeat(300))))
                .isNotNull();
    }

    private static ShebangLine shebang(String text) throws ProgramLoadException {
        byte[] head = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return ShebangLine.parse(head, Math.min(head.length, ShebangLine.HEAD_SIZE));
    }

    private static void assertRefused(Consumer<ByteBuffer> damage) {
        ByteBuffer file = smallProgram();
        damage.accept(file);
        ProgramLoadException refusal =
                catchThrowableOfType(ProgramLoadException.class, () -> ElfImage.read(new Bytes(file.array())));
        assertThat(refusal).isNotNull();
        assertThat(refusal.errno()).isEqualTo(ProgramLoadException.ENOEXEC);
    }

    private static ByteBuffer smallProgram() {
        ByteBuffer file = ByteBuffer.allocate(0x3000).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0, 0x464C457F).put(4, (byte) 2).put(5, (byte) 1).put(6, (byte) 1);
        file.putShort(16, (short) 2).putShort(18, (short) 62).putInt(20, 1);
        file.putLong(ENTRY, 0x401000).putLong(PHOFF, 64).putShort(52, (short) 64);
        file.putShort(PHENTSIZE, (short) 56).putShort(PHNUM, (short) 2);
        segment(file, FIRST_SEGMENT, 5, 0, 0x400000, 0x1800);
        segment(file, FIRST_SEGMENT + 56, 6, 0x2000, 0x402000, 0x1000);
        return file;
    }

    private static void segment(ByteBuffer file, int at, int flags, long offset, long address, long length) {
        file.putInt(at, 1)
                .putInt(at + 4, flags)
                .putLong(at + 8, offset)
                .putLong(at + 16, address)
                .putLong(at + 24, address);
        file.putLong(at + 32, length).putLong(at + 40, length).putLong(at + 48, 4096);
    }

    private record Bytes(byte[] bytes) implements ElfSource {
        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public int read(long offset, byte[] target) {
            int length = (int) Math.max(0, Math.min(target.length, bytes.length - offset));
            if (length > 0) {
                System.arraycopy(bytes, (int) offset, target, 0, length);
            }
            return length;
        }
    }
}
