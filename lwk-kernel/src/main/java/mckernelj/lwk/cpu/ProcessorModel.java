// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.cpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What CPUID says of the processors (SDM vol. 2, CPUID), as far as programs read it in files. All processors of an instance are alike.
 *
 * @param flags names of features as Linux has them, in its order
 * @param caches from the first level to the last
 */
public record ProcessorModel(
        String vendor,
        String name,
        int family,
        int model,
        int stepping,
        int highestLeaf,
        int physicalBits,
        int linearBits,
        int flushBytes,
        List<String> flags,
        List<Cache> caches) {
    /**
     * A cache.
     *
     * @param type as sysfs names it
     * @param sharing how many processors share it at most, a power of two
     */
    public record Cache(int level, String type, int lineBytes, int partitions, int ways, int sets, int sharing) {
        public int bytes() {
            return lineBytes * partitions * ways * sets;
        }
    }

    /** Executes CPUID: EAX, EBX, ECX, EDX. */
    public interface Cpuid {
        int[] query(int leaf, int subleaf);
    }

    private static final int EAX = 0;
    private static final int EBX = 1;
    private static final int ECX = 2;
    private static final int EDX = 3;
    private static final String[] CACHE_TYPES = {"", "Data", "Instruction", "Unified"};

    public static ProcessorModel read(Cpuid cpuid) {
        int[] basic = cpuid.query(0, 0);
        int[] version = cpuid.query(1, 0);
        int[] sizes = cpuid.query(0x80000008, 0);
        int signature = version[EAX];
        int family = signature >>> 8 & 15;
        int model = signature >>> 4 & 15;
        return new ProcessorModel(
                text(basic[EBX], basic[EDX], basic[ECX]),
                brand(cpuid),
                family == 15 ? family + (signature >>> 20 & 0xFF) : family,
                family == 6 || family == 15 ? model | (signature >>> 16 & 15) << 4 : model,
                signature & 15,
                basic[EAX],
                sizes[EAX] & 0xFF,
                sizes[EAX] >>> 8 & 0xFF,
                (version[EBX] >>> 8 & 0xFF) * 8,
                new FeatureNames(cpuid).all(),
                caches(cpuid));
    }

    private static String brand(Cpuid cpuid) {
        StringBuilder brand = new StringBuilder();
        for (int leaf = 0x80000002; leaf <= 0x80000004; leaf++) {
            brand.append(text(cpuid.query(leaf, 0)));
        }
        return brand.toString().trim();
    }

    private static String text(int... words) {
        ByteBuffer bytes = ByteBuffer.allocate(words.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(words);
        return new String(bytes.array(), StandardCharsets.ISO_8859_1).replace("\0", "");
    }

    private static List<Cache> caches(Cpuid cpuid) {
        List<Cache> caches = new ArrayList<>();
        for (int[] r = cpuid.query(4, 0); (r[EAX] & 31) != 0; r = cpuid.query(4, caches.size())) {
            caches.add(new Cache(
                    r[EAX] >>> 5 & 7,
                    CACHE_TYPES[r[EAX] & 3],
                    (r[EBX] & 0xFFF) + 1,
                    (r[EBX] >>> 12 & 0x3FF) + 1,
                    (r[EBX] >>> 22) + 1,
                    r[ECX] + 1,
                    powerOfTwo((r[EAX] >>> 14 & 0xFFF) + 1)));
        }
        return List.copyOf(caches);
    }

    private static int powerOfTwo(int atLeast) {
        return atLeast <= 1 ? 1 : Integer.highestOneBit(atLeast - 1) << 1;
    }

    /** The flags line of /proc/cpuinfo. */
    private static final class FeatureNames {
        private final Cpuid cpuid;
        private final List<String> names = new ArrayList<>();

        FeatureNames(Cpuid cpuid) {
            this.cpuid = cpuid;
        }

        /** Names by bit from 0 on; "-": a bit without a name. */
        private FeatureNames add(int leaf, int subleaf, int register, String bits) {
            int value = cpuid.query(leaf, subleaf)[register];
            int bit = 0;
            for (String name : bits.split(" ")) {
                if ((value >>> bit++ & 1) != 0 && !name.equals("-")) {
                    names.add(name);
                }
            }
            return this;
        }

        List<String> all() {
            add(
                    1,
                    0,
                    EDX,
                    "fpu vme de pse tsc msr pae mce cx8 apic - sep mtrr pge mca cmov pat pse36 pn clflush - dts acpi mmx fxsr sse"
                            + " sse2 ss ht tm ia64 pbe");
            add(
                    0x80000001,
                    0,
                    EDX,
                    "- - - - - - - - - - - syscall - - - - - - - mp nx - mmxext - - fxsr_opt pdpe1gb rdtscp - lm 3dnowext 3dnow");
            add(0x80000007, 0, EDX, "- - - - - - - - constant_tsc");
            names.addAll(List.of("rep_good", "nopl", "xtopology"));
            add(0x80000007, 0, EDX, "- - - - - - - - nonstop_tsc");
            names.add("cpuid");
            add(
                    1,
                    0,
                    ECX,
                    "pni pclmulqdq dtes64 monitor ds_cpl vmx smx est tm2 ssse3 cid sdbg fma cx16 xtpr pdcm - pcid dca sse4_1 sse4_2"
                            + " x2apic movbe popcnt tsc_deadline_timer aes xsave - avx f16c rdrand hypervisor");
            add(
                    0x80000001,
                    0,
                    ECX,
                    "lahf_lm cmp_legacy svm extapic cr8_legacy abm sse4a misalignsse 3dnowprefetch osvw ibs xop skinit wdt");
            add(
                    7,
                    0,
                    EBX,
                    "fsgsbase tsc_adjust sgx bmi1 hle avx2 - smep bmi2 erms invpcid rtm cqm - mpx rdt_a avx512f avx512dq rdseed adx"
                            + " smap avx512ifma - clflushopt clwb intel_pt avx512pf avx512er avx512cd sha_ni avx512bw avx512vl");
            add(0xD, 1, EAX, "xsaveopt xsavec xgetbv1 xsaves");
            add(6, 0, EAX, "dtherm ida arat");
            add(
                    7,
                    0,
                    ECX,
                    "- avx512vbmi umip pku ospke waitpkg avx512_vbmi2 - gfni vaes vpclmulqdq avx512_vnni avx512_bitalg tme"
                            + " avx512_vpopcntdq - la57 - - - - - rdpid");
            return List.copyOf(names);
        }
    }
}
