// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.mcexec.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import mckernelj.ihk.launch.MailboxLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServantImageTest {
    private final ByteBuffer image = ByteBuffer.wrap(ServantImage.bytes()).order(ByteOrder.LITTLE_ENDIAN);

    @Test
    void the_image_is_a_small_static_elf_file() {
        assertThat(image.getInt(0)).isEqualTo(0x464c457f);
        assertThat(image.capacity()).isLessThan(2048);
        assertThat(image.getLong(24))
                .as("entry")
                .isBetween(MailboxLayout.IMAGE, MailboxLayout.IMAGE + image.capacity());
    }

    @Test
    void constant_data_lies_where_the_node_expects_it() {
        assertThat(data(MailboxLayout.SIGACTION_IGNORE)).isEqualTo(1);
        assertThat(data(MailboxLayout.SIGACTION_DEFAULT)).isZero();
        assertThat(data(MailboxLayout.SIGACTION_REPORT)).isGreaterThan(MailboxLayout.IMAGE);
        assertThat(data(MailboxLayout.SIGACTION_REPORT_RESTART + 8) & 0x10000000)
                .isNotZero();
        assertThat(data(MailboxLayout.SIGACTION_REPORT + 8) & 0x10000000).isZero();
        assertThat(data(MailboxLayout.SIGSET_ALL)).isEqualTo(-1);
        assertThat(data(MailboxLayout.SIGSET_NONE)).isZero();
    }

    private long data(long linear) {
        return image.getLong((int) (linear - MailboxLayout.IMAGE));
    }

    @Test
    void without_arguments_the_program_says_that_there_is_no_node(@TempDir Path directory) throws Exception {
        Path client = Files.write(directory.resolve("client"), ServantImage.bytes());
        assertThat(client.toFile().setExecutable(true)).isTrue();
        Process process =
                new ProcessBuilder(client.toString()).redirectErrorStream(true).start();
        assertThat(new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("mcexec: no node answers; start one with mcreboot\n");
        assertThat(process.waitFor()).isEqualTo(1);
    }
}
