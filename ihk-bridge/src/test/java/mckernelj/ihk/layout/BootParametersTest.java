// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mckernelj.ihk.FakePhysicalMemory;
import mckernelj.ihk.layout.BootParameters.Field;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BootParametersTest {
    private final FakePhysicalMemory memory = new FakePhysicalMemory(1 << 14).fill(0x77);
    private final BootParameters parameters = new BootParameters(memory, 0x1000);

    @BeforeEach
    void format() {
        parameters.format(3, 2, 4);
    }

    @Test
    void nothing_outside_the_block_is_touched() {
        assertThat(memory.getByte(0xFFF)).isEqualTo((byte) 0x77);
        assertThat(memory.getByte(0x1000 + BootParameters.sizeBytes(3, 2, 4))).isEqualTo((byte) 0x77);
        assertThat(memory.getByte(0x1000 + BootParameters.sizeBytes(3, 2, 4) - 1))
                .isZero();
    }

    @Test
    void every_field_and_entry_has_a_place_of_its_own() {
        for (Field field : Field.values()) {
            parameters.set(field, 1000 + field.ordinal());
        }
        parameters.setIkcIrq(64);
        parameters.setIkcApicId(511, 9);
        parameters.setKernelArgs("hidos dump_level=24");
        parameters.setLinuxCpuCount(8);
        parameters.setOsnum(5);
        parameters.setDumpLevel(24);
        parameters.setDefaultHugePageShift(21);
        for (int i = 0; i < 3; i++) {
            parameters.setCpu(i, new BootParameters.Cpu(i, 10 + i, 20 + i, 30 + i));
        }
        for (int i = 0; i < 4; i++) {
            parameters.setChunk(i, new BootParameters.Chunk(i << 20, (i + 1) << 20, i % 2));
        }
        for (int i = 0; i < 2; i++) {
            parameters.setNode(i, new BootParameters.Node(1, 40 + i));
            parameters.setDistance(i, 1 - i, 20 + i);
        }

        for (Field field : Field.values()) {
            assertThat(parameters.get(field)).as(field.name()).isEqualTo(1000 + field.ordinal());
        }
        assertThat(parameters.ikcIrq()).isEqualTo(64);
        assertThat(parameters.ikcApicId(511)).isEqualTo(9);
        assertThat(parameters.kernelArgs()).isEqualTo("hidos dump_level=24");
        assertThat(parameters.linuxCpuCount()).isEqualTo(8);
        assertThat(parameters.osnum()).isEqualTo(5);
        assertThat(parameters.dumpLevel()).isEqualTo(24);
        assertThat(parameters.defaultHugePageShift()).isEqualTo(21);
        assertThat(parameters.cpu(2)).isEqualTo(new BootParameters.Cpu(2, 12, 22, 32));
        assertThat(parameters.chunk(3)).isEqualTo(new BootParameters.Chunk(3 << 20, 4 << 20, 1));
        assertThat(parameters.node(1)).isEqualTo(new BootParameters.Node(1, 41));
        assertThat(parameters.distance(1, 0)).isEqualTo(21);
        assertThat(parameters.distance(0, 1)).isEqualTo(20);
        assertThat(parameters.distance(0, 0)).isZero();
    }

    @Test
    void long_kernel_arguments_are_cut_off() {
        parameters.setKernelArgs("x".repeat(300));
        assertThat(parameters.kernelArgs()).hasSize(255);
    }

    @Test
    void entries_beyond_the_count_are_refused() {
        assertThatThrownBy(() -> parameters.cpu(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> parameters.distance(0, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
