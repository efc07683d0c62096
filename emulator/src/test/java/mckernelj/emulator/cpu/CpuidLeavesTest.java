// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CpuidLeavesTest {
    private final CpuidLeaves leaves = new CpuidLeaves(CpuidLeaves.X86_64_V2, 3, 6, 2_600_000_000L);
    private final Cpu cpu = new Cpu();

    private static String text(int... words) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            bytes.putInt(word);
        }
        return new String(bytes.array(), StandardCharsets.US_ASCII);
    }

    @Test
    void the_vendor_and_the_brand_are_spelled_out() {
        int[] r = leaves.query(cpu, 0, 0);
        assertThat(text(r[1], r[3], r[2])).isEqualTo("GenuineIntel");
        StringBuilder brand = new StringBuilder();
        for (int leaf = 0x80000002; leaf <= 0x80000004; leaf++) {
            brand.append(text(leaves.query(cpu, leaf, 0)));
        }
        assertThat(brand.toString()).startsWith("McKernel/J x86-64-v2");
    }

    /** The lists of the x86-64 psABI for the baseline and for x86-64-v2. */
    @Test
    void all_features_of_x86_64_v2_are_announced_and_none_of_v3() {
        int[] basic = leaves.query(cpu, 1, 0);
        int v2 = 1 | 1 << 9 | 1 << 13 | 1 << 19 | 1 << 20 | 1 << 23;
        assertThat(basic[2] & v2).isEqualTo(v2);
        assertThat(basic[2] & (1 << 12 | 1 << 22 | 1 << 28 | 1 << 29)).isZero();
        int baseline = 1 | 1 << 8 | 1 << 15 | 1 << 23 | 1 << 24 | 1 << 25 | 1 << 26;
        assertThat(basic[3] & baseline).isEqualTo(baseline);
        assertThat(leaves.query(cpu, 7, 0)[1] & (1 << 3 | 1 << 5 | 1 << 8)).isZero();
        assertThat(leaves.query(cpu, 0x80000001, 0)[2] & (1 | 1 << 5)).isEqualTo(1);
        assertThat(leaves.has(CpuFeature.SSE4_2)).isTrue();
        assertThat(leaves.has(CpuFeature.AVX)).isFalse();
    }

    /** The list of the x86-64 psABI. */
    @Test
    void the_other_profile_announces_all_features_of_x86_64_v3_and_the_state_of_ymm() {
        CpuidLeaves v3 = new CpuidLeaves(CpuidLeaves.X86_64_V3, 0, 1, 2_600_000_000L);
        int basic = 1 << 12 | 1 << 22 | 1 << 26 | 1 << 28 | 1 << 29; // FMA MOVBE XSAVE AVX F16C
        assertThat(v3.query(cpu, 1, 0)[2] & basic).isEqualTo(basic);
        int extended = 1 << 3 | 1 << 5 | 1 << 8; // BMI1 AVX2 BMI2
        assertThat(v3.query(cpu, 7, 0)[1] & extended).isEqualTo(extended);
        assertThat(v3.query(cpu, 0x80000001, 0)[2] & 1 << 5).isNotZero(); // LZCNT
        assertThat(v3.query(cpu, 0xD, 0)).containsExactly(7, 576, 832, 0);
        cpu.xcr0 = 7;
        assertThat(v3.query(cpu, 0xD, 0)[1]).isEqualTo(832);
        assertThat(v3.query(cpu, 0xD, 2)).containsExactly(256, 576, 0, 0);
    }

    @Test
    void the_other_profile_announces_what_its_processors_have_besides() {
        CpuidLeaves v3 = new CpuidLeaves(CpuidLeaves.X86_64_V3, 0, 1, 2_600_000_000L);
        int basic = 1 << 1 | 1 << 25 | 1 << 30; // PCLMULQDQ AES RDRAND
        assertThat(v3.query(cpu, 1, 0)[2] & basic).isEqualTo(basic);
        int[] extended = v3.query(cpu, 7, 0);
        // FSGSBASE RDSEED ADX CLFLUSHOPT CLWB SHA; RDPID
        int ebx = 1 | 1 << 18 | 1 << 19 | 1 << 23 | 1 << 24 | 1 << 29;
        assertThat(extended[0]).isZero();
        assertThat(extended[1] & ebx).isEqualTo(ebx);
        assertThat(extended[2]).isEqualTo(1 << 22);
        assertThat(v3.query(cpu, 0xD, 1)[0]).isEqualTo(7); // XSAVEOPT XSAVEC XGETBV1, no XSAVES
    }

    @Test
    void the_other_profile_announces_nothing_that_the_kernel_would_have_to_use() {
        CpuidLeaves v3 = new CpuidLeaves(CpuidLeaves.X86_64_V3, 0, 1, 2_600_000_000L);
        assertThat(v3.query(cpu, 1, 0)[2] & (1 << 3 | 1 << 17)).isZero(); // MONITOR PCID
        assertThat(v3.query(cpu, 7, 0)[1] & (1 << 10 | 1 << 20)).isZero(); // INVPCID SMAP
        assertThat(v3.query(cpu, 7, 0)[2] & 1 << 2).isZero(); // UMIP
    }

    @Test
    void osxsave_follows_cr4() {
        assertThat(leaves.query(cpu, 1, 0)[2] & 1 << 27).isZero();
        cpu.cr4 = ControlRegisters.CR4_OSXSAVE;
        assertThat(leaves.query(cpu, 1, 0)[2] & 1 << 27).isNotZero();
    }

    @Test
    void the_topology_gives_each_processor_a_core_of_its_own() {
        assertThat(leaves.query(cpu, 0xB, 0)).containsExactly(0, 1, 0x100, 3);
        assertThat(leaves.query(cpu, 0xB, 1)).containsExactly(3, 6, 0x201, 3);
        assertThat(leaves.query(cpu, 1, 0)[1] >>> 24).isEqualTo(3);
    }

    @Test
    void the_tsc_frequency_is_the_crystals_times_the_ratio() {
        int[] r = leaves.query(cpu, 0x15, 0);
        assertThat((r[2] & 0xFFFFFFFFL) * r[1] / r[0]).isEqualTo(2_600_000_000L);
        assertThat(leaves.query(cpu, 0x80000007, 0)[3]).isEqualTo(1 << 8);
    }

    @Test
    void the_xsave_area_has_its_size_without_avx() {
        assertThat(leaves.query(cpu, 0xD, 0)).containsExactly(3, 576, 576, 0);
        assertThat(leaves.query(cpu, 0xD, 1)[0]).isEqualTo(1);
    }

    @Test
    void leaves_beyond_the_last_one_answer_as_the_last_one() {
        assertThat(leaves.query(cpu, 0x99, 0)).isEqualTo(leaves.query(cpu, 0x16, 0));
    }
}
