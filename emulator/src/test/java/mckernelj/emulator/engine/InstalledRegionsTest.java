// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.translate.Tier;
import org.junit.jupiter.api.Test;

class InstalledRegionsTest {
    private static final int SIZE = 10;

    private final InstalledRegions installed = new InstalledRegions(100);

    @Test
    void nothing_goes_while_there_is_room() {
        add(10);
        assertThat(installed.removeSurplus()).isEmpty();
        assertThat(installed.instructions()).isEqualTo(100);
    }

    @Test
    void what_has_not_run_goes_first() {
        List<Region> regions = add(11);
        for (int i : new int[] {0, 1, 2, 5}) {
            regions.get(i).runs = 16;
        }
        assertThat(installed.removeSurplus())
                .containsExactly(regions.get(3), regions.get(4), regions.get(6), regions.get(7));
        assertThat(installed.instructions()).isEqualTo(70);
    }

    @Test
    void what_has_run_since_the_last_time_stays() {
        List<Region> regions = add(11);
        regions.forEach(region -> region.runs = 16);
        assertThat(installed.removeSurplus()).hasSize(4);
        regions.get(10).runs = 32;
        List<Region> more = add(4);
        assertThat(installed.removeSurplus()).doesNotContain(regions.get(10)).hasSize(4);
        more.forEach(region -> assertThat(region.runs).isZero());
    }

    @Test
    void what_is_removed_makes_room_and_what_is_there_is_not_counted_twice() {
        List<Region> regions = add(11);
        installed.add(regions.get(0));
        assertThat(installed.instructions()).isEqualTo(110);
        installed.remove(regions.get(0));
        installed.remove(regions.get(0));
        assertThat(installed.instructions()).isEqualTo(100);
        assertThat(installed.removeSurplus()).isEmpty();
    }

    private List<Region> add(int count) {
        List<Region> regions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Op[] ops = new Op[SIZE];
            for (int k = 0; k < SIZE; k++) {
                ops[k] = new Op() {
                    @Override
                    public void exec(Cpu cpu) {
                        throw new UnsupportedOperationException();
                    }
                };
            }
            Block block = new Block(ops, 4096L * i, SIZE, 64, -1);
            Region region = new Region(List.of(new Region.Member(block, 0)), Tier.QUICK, 0);
            regions.add(region);
            installed.add(region);
        }
        return regions;
    }
}
