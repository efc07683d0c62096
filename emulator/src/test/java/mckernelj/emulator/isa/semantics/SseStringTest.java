// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import org.junit.jupiter.api.Test;

/** PCMPxSTRx: aggregations, polarity, lengths, outputs and flags (SDM vol. 2, 4.1). */
class SseStringTest {
    private static final int EQUAL_ANY = 0;
    private static final int RANGES = 4;
    private static final int EQUAL_EACH = 8;
    private static final int EQUAL_ORDERED = 12;
    private static final int NEGATIVE = 0x10;
    private static final int MASKED_NEGATIVE = 0x30;
    private static final int UPPER_OUTPUT = 0x40;

    private final Cpu cpu = new Cpu();

    private static ByteBuffer bytes(String text) {
        byte[] bytes = Arrays.copyOf(text.getBytes(StandardCharsets.ISO_8859_1), 16);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private long find(String first, String second, int control) {
        ByteBuffer a = bytes(first);
        ByteBuffer b = bytes(second);
        SseString.pcmpistri(cpu, a.getLong(0), a.getLong(8), b.getLong(0), b.getLong(8), control);
        return cpu.r[Cpu.RCX];
    }

    @Test
    void equal_any_finds_the_first_character_of_a_set() {
        assertThat(find("aeiou", "strcspn and more", EQUAL_ANY)).isEqualTo(8);
        assertThat(cpu.statusFlags()).isEqualTo(Cpu.CF | Cpu.SF);
    }

    @Test
    void nothing_found_gives_the_number_of_elements_and_no_carry() {
        assertThat(find("xyz", "abc", EQUAL_ANY)).isEqualTo(16);
        assertThat(cpu.statusFlags()).isEqualTo(Cpu.ZF | Cpu.SF);
    }

    @Test
    void ranges_come_in_pairs() {
        assertThat(find("09AF", "xyzC1", RANGES)).isEqualTo(3);
        assertThat(find("09A", "xyzC1", RANGES)).isEqualTo(4);
    }

    @Test
    void equal_each_negated_finds_the_first_difference() {
        assertThat(find("same text", "same test", EQUAL_EACH | NEGATIVE)).isEqualTo(7);
        assertThat(find("equal", "equal", EQUAL_EACH | NEGATIVE)).isEqualTo(16);
        // elements behind the end are equal, and the mask keeps them so
        assertThat(find("equal", "equal", EQUAL_EACH | MASKED_NEGATIVE)).isEqualTo(5);
    }

    @Test
    void equal_ordered_finds_a_string_even_cut_off_at_the_end() {
        assertThat(find("needle", "haystack needle?", EQUAL_ORDERED)).isEqualTo(9);
        assertThat(find("needle", "haystacks... nee", EQUAL_ORDERED)).isEqualTo(13);
    }

    @Test
    void the_most_significant_index_can_be_chosen() {
        assertThat(find("a", "banana", EQUAL_ANY | UPPER_OUTPUT)).isEqualTo(5);
    }

    @Test
    void explicit_lengths_are_absolute_and_saturate() {
        Op op = new Op() {
            @Override
            public void exec(Cpu unused) {}
        };
        op.operandSize = 32;
        cpu.r[Cpu.RAX] = 0xFFFFFFFFL;
        cpu.r[Cpu.RDX] = 100;
        SseString.pcmpestrm(cpu, 'b', 0, bytes("abbb").getLong(0), 0, EQUAL_ANY, op);
        assertThat(cpu.xmm[0]).isEqualTo(0b1110);
        assertThat(cpu.statusFlags()).isEqualTo(Cpu.CF | Cpu.SF);
        SseString.pcmpestrm(cpu, 'b', 0, bytes("abbb").getLong(0), 0, EQUAL_ANY | UPPER_OUTPUT, op);
        assertThat(cpu.xmm[0]).isEqualTo(0xFFFFFF00L);
    }
}
