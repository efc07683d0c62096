// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import mckernelj.ihk.FakePhysicalMemory;
import org.junit.jupiter.api.Test;

class KmsgBufferTest {
    private static final int CAPACITY = 16;

    private final FakePhysicalMemory memory = new FakePhysicalMemory(1 << 14).fill(0x55);
    private final KmsgBuffer kmsg = KmsgBuffer.format(memory, 0x1000, 4096 + CAPACITY);

    private void append(String text) {
        kmsg.append(text.getBytes(StandardCharsets.US_ASCII));
    }

    private String read(boolean consume) {
        return new String(kmsg.read(consume), StandardCharsets.US_ASCII);
    }

    @Test
    void reading_keeps_the_text_unless_it_is_consumed() {
        append("hello ");
        append("world");
        assertThat(read(false)).isEqualTo("hello world");
        assertThat(read(true)).isEqualTo("hello world");
        assertThat(read(false)).isEmpty();
    }

    @Test
    void the_oldest_bytes_are_dropped_when_it_is_full() {
        append("0123456789");
        append("abcdefghij");
        assertThat(read(false)).isEqualTo("56789abcdefghij");
    }

    @Test
    void a_full_buffer_keeps_its_size_over_many_messages() {
        String all = "";
        for (int i = 0; i < 50; i++) {
            append("line" + i + ";");
            all += "line" + i + ";";
            String expected = all.substring(Math.max(0, all.length() - (CAPACITY - 1)));
            assertThat(read(false)).isEqualTo(expected);
        }
    }

    @Test
    void only_the_end_of_a_message_that_is_too_long_is_kept() {
        append("abcdefghijklmnopqrstuvwxyz");
        assertThat(read(false)).isEqualTo("lmnopqrstuvwxyz");
    }

    @Test
    void high_water_is_half_of_the_buffer() {
        append("12345678");
        assertThat(kmsg.overHighWater()).isFalse();
        append("9");
        assertThat(kmsg.overHighWater()).isTrue();
    }

    @Test
    void clear_zeroes_the_text() {
        append("secret");
        kmsg.clear();
        assertThat(read(false)).isEmpty();
        assertThat(memory.getLong(0x2000)).isZero();
    }
}
