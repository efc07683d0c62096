// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class BitListsTest {
    @Test
    void a_list_has_ranges() {
        assertThat(BitLists.list(0b1011_0111)).isEqualTo("0-2,4-5,7");
        assertThat(BitLists.list(new BitSet())).isEmpty();
        assertThat(BitLists.list(BitLists.first(1))).isEqualTo("0");
        assertThat(BitLists.list(BitLists.first(65))).isEqualTo("0-64");
    }

    @Test
    void a_mask_has_words_of_32_bits_and_is_as_wide_as_the_set_can_be() {
        assertThat(BitLists.mask(BitLists.first(2), 2)).isEqualTo("3");
        assertThat(BitLists.mask(BitLists.only(0), 8)).isEqualTo("01");
        assertThat(BitLists.mask(BitLists.only(32), 33)).isEqualTo("1,00000000");
        assertThat(BitLists.mask(BitLists.only(40), 72)).isEqualTo("00,00000100,00000000");
    }
}
