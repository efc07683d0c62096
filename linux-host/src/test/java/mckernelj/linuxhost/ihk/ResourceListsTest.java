// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import mckernelj.ihk.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceListsTest {
    @Test
    void cpu_list_keeps_its_order() throws IhkException {
        assertThat(ResourceLists.parseCpus("5,1-3,0")).containsExactly(5, 1, 2, 3, 0);
    }

    @Test
    void descending_range_contributes_nothing() throws IhkException {
        assertThat(ResourceLists.parseCpus("7,3-1")).containsExactly(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "1,,2", "1-", "-1", "1-2-3", "x", "0x1", "1 2", "99999999999"})
    void malformed_cpu_lists_are_einval(String list) {
        assertEinval(() -> ResourceLists.parseCpus(list));
    }

    @Test
    void printed_cpu_list_compresses_runs_and_shows_an_isolated_cpu_0() {
        assertThat(ResourceLists.formatCpus(List.of(0, 2, 3, 4, 6))).isEqualTo("0,2-4,6");
        assertThat(ResourceLists.formatCpus(List.of(3, 2, 1))).isEqualTo("3,2,1");
        assertThat(ResourceLists.formatCpus(List.of(1, 2))).isEqualTo("1-2");
        assertThat(ResourceLists.formatCpus(List.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "4096, 4096, 0",
        "512M@1, 536870912, 1",
        "512m, 536870912, 0",
        "2G@0, 2147483648, 0",
        "1k, 1024, 0",
        "1t@3, 1099511627776, 3",
        "1P, 1125899906842624, 0",
        "all@1, -1, 1",
        "ALL, -1, 0"
    })
    void memory_sizes_have_units_of_1024(String text, long size, int node) throws IhkException {
        assertThat(ResourceLists.parseMemory(text)).containsExactly(new MemoryRequest(size, node));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "@0", "1M@", "1M@0@1", "m", "1MB", "1M,,2M", "-1", "All", "9e", "99999999999999999999"})
    void malformed_memory_lists_are_einval(String list) {
        assertEinval(() -> ResourceLists.parseMemory(list));
    }

    @Test
    void memory_list_is_printed_in_bytes() throws IhkException {
        List<MemoryRequest> list = ResourceLists.parseMemory("4M@0,8M@1");
        assertThat(ResourceLists.formatMemory(list)).isEqualTo("4194304@0,8388608@1");
    }

    @Test
    void ikc_map_is_printed_grouped_by_destination_without_ranges() throws IhkException {
        Map<Integer, Integer> map = ResourceLists.parseIkcMap("1-3:0+5,6:4");
        assertThat(map).containsEntry(3, 0).containsEntry(6, 4).hasSize(5);
        assertThat(ResourceLists.formatIkcMap(map)).isEqualTo("1,2,3:0+5,6:4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1:", ":0", "1:0+", "1:0:2", "1,1:0", "1:0+1:2"})
    void malformed_ikc_maps_are_einval(String map) {
        assertEinval(() -> ResourceLists.parseIkcMap(map));
    }

    private static void assertEinval(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(IhkException.class, e -> assertThat(e.errno())
                .isEqualTo(Errno.EINVAL));
    }
}
