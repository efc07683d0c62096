// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.baremetal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import mckernelj.emulator.machine.MachineConfig;
import mckernelj.node.baremetal.BadImage;
import mckernelj.node.baremetal.BareMetalRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files that are no images, images that destroy themselves: one sentence each. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BadImageTest {
    private static final int LOAD_ADDRESS = 0x100000;
    private static final int HEADER_BYTES = 32;

    private static BareMetalRun.End run(byte[] image) throws Exception {
        MachineConfig config = MachineConfig.builder().node(4 << 20).build();
        BareMetalRun.Program program = new BareMetalRun.Program("image", image, "", null, "");
        return new BareMetalRun(config).run(program, InputStream.nullInputStream(), new ByteArrayOutputStream());
    }

    /** An image with address fields, whose code follows the header. */
    private static byte[] flat(int... code) {
        ByteBuffer image = ByteBuffer.allocate(HEADER_BYTES + code.length).order(ByteOrder.LITTLE_ENDIAN);
        image.putInt(0x1BADB002).putInt(1 << 16).putInt(-(0x1BADB002 + (1 << 16)));
        image.putInt(LOAD_ADDRESS).putInt(LOAD_ADDRESS).putInt(0).putInt(0).putInt(LOAD_ADDRESS + HEADER_BYTES);
        for (int one : code) {
            image.put((byte) one);
        }
        return image.array();
    }

    @Test
    void the_smallest_image_exits_with_its_status() throws Exception {
        assertThat(run(flat(0xB0, 0x11, 0xE6, 0xF4, 0xF4))).isEqualTo(new BareMetalRun.End(0x23, null));
    }

    @Test
    void a_triple_fault_says_where() throws Exception {
        BareMetalRun.End end = run(flat(0x0F, 0x0B));
        assertThat(end.status()).isEqualTo(4);
        assertThat(end.sentence()).isEqualTo("processor 0 shut down (triple fault) at rip 0x100020, cr2 0x0");
    }

    @Test
    void a_reset_by_the_keyboard_controller_ends_the_machine() throws Exception {
        assertThat(run(flat(0xB0, 0xFE, 0xE6, 0x64, 0xF4))).isEqualTo(new BareMetalRun.End(0, null));
    }

    @Test
    void soft_off_ends_the_machine() throws Exception {
        byte[] image = flat(0x66, 0xBA, 0x04, 0x06, 0x66, 0xB8, 0x00, 0x20, 0x66, 0xEF, 0xF4);
        assertThat(run(image)).isEqualTo(new BareMetalRun.End(0, null));
    }

    @Test
    void a_file_without_a_header_is_refused() {
        assertThatThrownBy(() -> run(new byte[100]))
                .isInstanceOf(BadImage.class)
                .hasMessage("the image has no Multiboot header in its first 8 KiB");
        assertThatThrownBy(() -> run(new byte[0])).isInstanceOf(BadImage.class);
    }

    @Test
    void an_image_that_does_not_fit_is_refused() {
        byte[] image = flat(0xF4);
        ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).putInt(24, 0x10000000);
        assertThatThrownBy(() -> run(image))
                .isInstanceOf(BadImage.class)
                .hasMessageContaining("where the machine has no memory; try a larger -m");
    }

    @Test
    void unknown_requirements_are_refused() {
        byte[] image = flat(0xF4);
        ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).putInt(4, 0x18000).putInt(8, -(0x1BADB002 + 0x18000));
        assertThatThrownBy(() -> run(image)).isInstanceOf(BadImage.class).hasMessageContaining("0x18000");
    }
}
