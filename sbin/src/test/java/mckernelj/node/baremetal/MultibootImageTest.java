// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node.baremetal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import mckernelj.emulator.machine.MachineConfig;
import mckernelj.emulator.machine.X86Machine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MultibootImageTest {
    private static final int ELF_HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final int CONTENT = ELF_HEADER + PROGRAM_HEADER;
    private static final int PHYSICAL = 0x100000;
    private static final long VIRTUAL = 0xFFFFFFFF80000000L;

    private final X86Machine machine =
            new X86Machine(MachineConfig.builder().node(4 << 20).build());

    @AfterEach
    void close() {
        machine.close();
    }

    /** An ELF64 file with one segment, which lies high in virtual memory and holds the Multiboot header and one word. */
    private static byte[] elf() {
        ByteBuffer file = ByteBuffer.allocate(CONTENT + 16).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0x464C457F).put(new byte[] {2, 1, 1}).position(16);
        file.putShort((short) 2).putShort((short) 62).putInt(1).putLong(VIRTUAL + 12);
        file.putLong(ELF_HEADER).putLong(0).putInt(0).putShort((short) ELF_HEADER);
        file.putShort((short) PROGRAM_HEADER).putShort((short) 1).position(ELF_HEADER);
        file.putInt(1).putInt(7).putLong(CONTENT).putLong(VIRTUAL).putLong(PHYSICAL);
        file.putLong(16).putLong(8192).putLong(4096);
        file.putInt(0x1BADB002).putInt(0).putInt(-0x1BADB002).putInt(0x12345678);
        return file.array();
    }

    @Test
    void segments_go_to_physical_addresses_and_the_entry_point_goes_along() throws BadImage {
        machine.memory().putInt(PHYSICAL + 16, -1);
        MultibootImage image = new MultibootImage(elf());
        assertThat(image.load(machine.memory())).isEqualTo(PHYSICAL + 8192);
        assertThat(image.entry()).isEqualTo(PHYSICAL + 12);
        assertThat(machine.memory().getInt(PHYSICAL + 12)).isEqualTo(0x12345678);
        assertThat(machine.memory().getInt(PHYSICAL + 16)).as("cleared").isZero();
    }

    @Test
    void a_cut_file_is_refused() {
        for (int length = 0; length < CONTENT + 16; length++) {
            byte[] cut = java.util.Arrays.copyOf(elf(), length);
            assertThatThrownBy(() -> new MultibootImage(cut)).isInstanceOf(BadImage.class);
        }
    }

    @Test
    void damaged_headers_are_refused_or_loaded() {
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] image = elf();
            for (int k = 0; k < 3; k++) {
                image[random.nextInt(CONTENT)] = (byte) random.nextInt();
            }
            try {
                new MultibootImage(image).load(machine.memory());
            } catch (BadImage e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1, 1999);
    }
}
