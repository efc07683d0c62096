// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class LwkImageTest {
    private final LwkImage image = new LwkImage(0, 8, 16);
    private final ByteBuffer file = ByteBuffer.wrap(image.elf()).order(ByteOrder.LITTLE_ENDIAN);

    @Test
    void one_segment_holds_text_and_idt_at_the_link_address() {
        assertThat(file.getInt(0)).isEqualTo(0x464C457F);
        assertThat(file.getLong(24)).as("entry").isEqualTo(image.archStart()).isEqualTo(LwkImage.TEXT);
        assertThat(file.getShort(56)).as("program headers").isEqualTo((short) 1);
        assertThat(file.getLong(64 + 16)).as("address").isEqualTo(LwkImage.TEXT);
        assertThat(file.getLong(64 + 32)).as("size").isEqualTo(image.sizeBytes());
        assertThat(image.idt() + 4096).isEqualTo(LwkImage.TEXT + image.sizeBytes());
    }

    @Test
    void each_idt_entry_leads_to_a_stub_that_loads_its_vector() {
        for (int vector = 0; vector < 256; vector++) {
            int gate = (int) (4096 + image.idt() - LwkImage.TEXT) + 16 * vector;
            long entry = file.getShort(gate) & 0xFFFF
                    | (file.getShort(gate + 6) & 0xFFFFL) << 16
                    | (long) file.getInt(gate + 8) << 32;
            int code = (int) (4096 + entry - LwkImage.TEXT);
            boolean pushesErrorCode = vector == 8
                    || vector >= 10 && vector <= 14
                    || vector == 17
                    || vector == 21
                    || vector == 29
                    || vector == 30;
            if (!pushesErrorCode) {
                assertThat(file.getShort(code) & 0xFFFF)
                        .as("push -1 of vector %d", vector)
                        .isEqualTo(0xFF6A);
                code += 2;
            }
            assertThat(file.get(code) & 0xFF).as("push rdi").isEqualTo(0x57);
            assertThat(file.get(code + 1) & 0xFF).as("mov edi").isEqualTo(0xBF);
            assertThat(file.getInt(code + 2)).isEqualTo(vector);
        }
    }

    @Test
    void the_vsyscall_page_has_a_call_at_each_of_its_three_addresses() {
        int page = (int) (4096 + image.vsyscall() - LwkImage.TEXT);
        int[] numbers = {96, 201, 309};
        for (int i = 0; i < 3; i++) {
            assertThat(file.get(page + 0x400 * i) & 0xFF).as("mov eax").isEqualTo(0xB8);
            assertThat(file.getInt(page + 0x400 * i + 1)).isEqualTo(numbers[i]);
            assertThat(file.getShort(page + 0x400 * i + 5)).as("syscall").isEqualTo((short) 0x050F);
        }
    }
}
