// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

import static java.util.Map.entry;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * What CPUID reports (SDM vol. 2, CPUID) and thereby which instructions exist: the profile x86-64-v2 or x86-64-v3. One per
 * processor. Topology: one package, one thread per core, APIC identifier = index of the processor. No performance
 * monitoring, no thermal leaves.
 */
public final class CpuidLeaves {
    /** MAXPHYADDR. */
    public static final int PHYSICAL_BITS = 46;

    private static final int LINEAR_BITS = 48;

    private static final int EAX = 0;
    private static final int EBX = 1;
    private static final int ECX = 2;
    private static final int EDX = 3;

    private static final int MAX_BASIC = 0x16;
    private static final int MAX_EXTENDED = 0x80000008;
    private static final int OSXSAVE = 1 << 27;
    private static final String VENDOR = "GenuineIntel";
    private static final String BRAND = "McKernel/J x86-64-v";

    /** Family 6, model 26, stepping 5: the first x86-64-v2 processor. */
    private static final int SIGNATURE_V2 = 0x106A5;

    /** Family 6, model 151, stepping 2: AVX2 and all that {@link #X86_64_V3} adds to it, without AVX-512. */
    private static final int SIGNATURE_V3 = 0x90672;

    /** Where a feature is reported: leaf, register, bit. */
    private record Bit(int leaf, int register, int bit) {}

    private static final Map<CpuFeature, Bit> BITS = Map.ofEntries(
            entry(CpuFeature.FPU, new Bit(1, EDX, 0)),
            entry(CpuFeature.CX8, new Bit(1, EDX, 8)),
            entry(CpuFeature.SYSENTER, new Bit(1, EDX, 11)),
            entry(CpuFeature.CMOV, new Bit(1, EDX, 15)),
            entry(CpuFeature.MMX, new Bit(1, EDX, 23)),
            entry(CpuFeature.FXSR, new Bit(1, EDX, 24)),
            entry(CpuFeature.SSE, new Bit(1, EDX, 25)),
            entry(CpuFeature.SSE2, new Bit(1, EDX, 26)),
            entry(CpuFeature.SSE3, new Bit(1, ECX, 0)),
            entry(CpuFeature.PCLMULQDQ, new Bit(1, ECX, 1)),
            entry(CpuFeature.MONITOR, new Bit(1, ECX, 3)),
            entry(CpuFeature.SSSE3, new Bit(1, ECX, 9)),
            entry(CpuFeature.FMA, new Bit(1, ECX, 12)),
            entry(CpuFeature.PCID, new Bit(1, ECX, 17)),
            entry(CpuFeature.CX16, new Bit(1, ECX, 13)),
            entry(CpuFeature.SSE4_1, new Bit(1, ECX, 19)),
            entry(CpuFeature.SSE4_2, new Bit(1, ECX, 20)),
            entry(CpuFeature.MOVBE, new Bit(1, ECX, 22)),
            entry(CpuFeature.POPCNT, new Bit(1, ECX, 23)),
            entry(CpuFeature.AES, new Bit(1, ECX, 25)),
            entry(CpuFeature.XSAVE, new Bit(1, ECX, 26)),
            entry(CpuFeature.AVX, new Bit(1, ECX, 28)),
            entry(CpuFeature.F16C, new Bit(1, ECX, 29)),
            entry(CpuFeature.RDRAND, new Bit(1, ECX, 30)),
            entry(CpuFeature.FSGSBASE, new Bit(7, EBX, 0)),
            entry(CpuFeature.BMI1, new Bit(7, EBX, 3)),
            entry(CpuFeature.AVX2, new Bit(7, EBX, 5)),
            entry(CpuFeature.BMI2, new Bit(7, EBX, 8)),
            entry(CpuFeature.INVPCID, new Bit(7, EBX, 10)),
            entry(CpuFeature.RDSEED, new Bit(7, EBX, 18)),
            entry(CpuFeature.ADX, new Bit(7, EBX, 19)),
            entry(CpuFeature.SMAP, new Bit(7, EBX, 20)),
            entry(CpuFeature.CLFLUSHOPT, new Bit(7, EBX, 23)),
            entry(CpuFeature.CLWB, new Bit(7, EBX, 24)),
            entry(CpuFeature.SHA, new Bit(7, EBX, 29)),
            entry(CpuFeature.UMIP, new Bit(7, ECX, 2)),
            entry(CpuFeature.VAES, new Bit(7, ECX, 9)),
            entry(CpuFeature.VPCLMULQDQ, new Bit(7, ECX, 10)),
            entry(CpuFeature.RDPID, new Bit(7, ECX, 22)),
            entry(CpuFeature.XSAVEOPT, new Bit(0xD, EAX, 0)),
            entry(CpuFeature.XSAVEC, new Bit(0xD, EAX, 1)),
            entry(CpuFeature.XGETBV1, new Bit(0xD, EAX, 2)),
            entry(CpuFeature.LAHF_LM, new Bit(0x80000001, ECX, 0)),
            entry(CpuFeature.LZCNT, new Bit(0x80000001, ECX, 5)),
            entry(CpuFeature.PREFETCHW, new Bit(0x80000001, ECX, 8)),
            entry(CpuFeature.SYSCALL, new Bit(0x80000001, EDX, 11)),
            entry(CpuFeature.RDTSCP, new Bit(0x80000001, EDX, 27)));

    /** The features of x86-64-v2 with those of its time that operating systems expect. */
    public static final Set<CpuFeature> X86_64_V2 = Set.copyOf(EnumSet.of(
            CpuFeature.BASE,
            CpuFeature.FPU,
            CpuFeature.CMOV,
            CpuFeature.CX8,
            CpuFeature.MMX,
            CpuFeature.FXSR,
            CpuFeature.SSE,
            CpuFeature.SSE2,
            CpuFeature.SSE3,
            CpuFeature.SSSE3,
            CpuFeature.SSE4_1,
            CpuFeature.SSE4_2,
            CpuFeature.POPCNT,
            CpuFeature.CX16,
            CpuFeature.LAHF_LM,
            CpuFeature.SYSCALL,
            CpuFeature.SYSENTER,
            CpuFeature.RDTSCP,
            CpuFeature.XSAVE,
            CpuFeature.XSAVEOPT,
            CpuFeature.PREFETCHW,
            CpuFeature.CET_NOP));

    /** The psABI's level x86-64-v3 (AVX2, BMI, FMA and their like) with what its processors of today have besides. */
    public static final Set<CpuFeature> X86_64_V3 = Set.copyOf(withAvx2());

    /** The features of the profile {@code name}, {@code x86-64-v2} or {@code x86-64-v3}. */
    public static Set<CpuFeature> profile(String name) {
        return switch (name) {
            case "x86-64-v2" -> X86_64_V2;
            case "x86-64-v3" -> X86_64_V3;
            default -> throw new IllegalArgumentException("processors are x86-64-v2 or x86-64-v3, not " + name);
        };
    }

    private static Set<CpuFeature> withAvx2() {
        Set<CpuFeature> features = EnumSet.copyOf(X86_64_V2);
        features.addAll(EnumSet.of(
                CpuFeature.AVX,
                CpuFeature.AVX2,
                CpuFeature.BMI1,
                CpuFeature.BMI2,
                CpuFeature.F16C,
                CpuFeature.FMA,
                CpuFeature.LZCNT,
                CpuFeature.MOVBE));
        features.addAll(EnumSet.of(
                CpuFeature.ADX,
                CpuFeature.AES,
                CpuFeature.CLFLUSHOPT,
                CpuFeature.CLWB,
                CpuFeature.FSGSBASE,
                CpuFeature.PCLMULQDQ,
                CpuFeature.RDPID,
                CpuFeature.RDRAND,
                CpuFeature.RDSEED,
                CpuFeature.SHA,
                CpuFeature.XGETBV1,
                CpuFeature.XSAVEC));
        return features;
    }

    private final EnumSet<CpuFeature> features;
    private final int apicId;
    private final int cpuCount;
    private final long tscHz;

    public CpuidLeaves(Set<CpuFeature> features, int apicId, int cpuCount, long tscHz) {
        this.features = EnumSet.copyOf(features);
        this.apicId = apicId;
        this.cpuCount = cpuCount;
        this.tscHz = tscHz;
    }

    /** True if the instructions of {@code feature} exist. */
    public boolean has(CpuFeature feature) {
        return features.contains(feature);
    }

    private boolean isV3() {
        return features.containsAll(X86_64_V3);
    }

    /** XCR0 bits that may be set: x87, SSE, and AVX if it exists. */
    public long supportedXcr0() {
        return has(CpuFeature.AVX) ? 7 : 3;
    }

    /** EAX, EBX, ECX, EDX. CPU state shows through in OSXSAVE and in the size of the enabled XSAVE area. */
    public int[] query(Cpu cpu, int leaf, int subleaf) {
        boolean extended = leaf < 0;
        if (!extended && leaf > MAX_BASIC || extended && leaf > MAX_EXTENDED) {
            return query(cpu, MAX_BASIC, subleaf); // Intel: beyond the range answers the highest basic leaf
        }
        int[] out = extended ? extendedLeaf(leaf) : basicLeaf(cpu, leaf, subleaf);
        if (leaf != 0xD && leaf != 7 || leaf == 7 && subleaf == 0 || leaf == 0xD && subleaf == 1) {
            BITS.forEach((feature, bit) -> {
                if (bit.leaf == leaf && features.contains(feature)) {
                    out[bit.register] |= 1 << bit.bit;
                }
            });
        }
        return out;
    }

    private int[] basicLeaf(Cpu cpu, int leaf, int subleaf) {
        switch (leaf) {
            case 0:
                return new int[] {MAX_BASIC, word(VENDOR, 0), word(VENDOR, 8), word(VENDOR, 4)};
            case 1:
                return versionLeaf(cpu);
            case 2:
                return new int[] {0x00FEFF01, 0, 0, 0};
            case 4:
                return cacheLeaf(subleaf);
            case 6:
                return new int[] {1 << 2, 0, 0, 0}; // the APIC timer always runs
            case 7: // FDP of exceptions only, SMEP, ERMS, no FCS and FDS
                return subleaf == 0 ? new int[] {0, 1 << 6 | 1 << 7 | 1 << 9 | 1 << 13, 0, 0} : new int[4];
            case 0xB:
                return topologyLeaf(subleaf);
            case 0xD:
                return stateLeaf(cpu, subleaf);
            case 0x15:
                return new int[] {1, 1, (int) tscHz, 0};
            case 0x16:
                return new int[] {(int) (tscHz / 1_000_000), (int) (tscHz / 1_000_000), 100, 0};
            default:
                return new int[4];
        }
    }

    private int[] versionLeaf(Cpu cpu) {
        int ebx = apicId << 24 | Math.min(cpuCount, 255) << 16 | 8 << 8;
        int ecx = 1 << 21 | 1 << 24; // x2APIC, TSC deadline
        if ((cpu.cr4 & ControlRegisters.CR4_OSXSAVE) != 0) {
            ecx |= OSXSAVE;
        }
        int edx = 0;
        // DE PSE TSC MSR PAE MCE APIC MTRR PGE PAT PSE36 CLFSH
        for (int bit : new int[] {2, 3, 4, 5, 6, 7, 9, 12, 13, 16, 17, 19}) {
            edx |= 1 << bit;
        }
        return new int[] {isV3() ? SIGNATURE_V3 : SIGNATURE_V2, ebx, ecx, cpuCount > 1 ? edx | 1 << 28 : edx};
    }

    /** L1d and L1i 32 KiB 8-way, L2 1 MiB 16-way, L3 shared 16 MiB 16-way. */
    private int[] cacheLeaf(int subleaf) {
        switch (subleaf) {
            case 0:
                return cache(1, 1, 8, 64, 1);
            case 1:
                return cache(2, 1, 8, 64, 1);
            case 2:
                return cache(3, 2, 16, 1024, 1);
            case 3:
                return cache(3, 3, 16, 16384, cpuCount);
            default:
                return new int[4];
        }
    }

    private int[] cache(int type, int level, int ways, int sets, int sharing) {
        int cores = (1 << coreBits()) - 1;
        int eax = Math.min(cores, 63) << 26 | Math.min(sharing - 1, 4095) << 14 | 1 << 8 | level << 5 | type;
        return new int[] {eax, ways - 1 << 22 | 63, sets - 1, 0};
    }

    private int[] topologyLeaf(int subleaf) {
        switch (subleaf) {
            case 0:
                return new int[] {0, 1, 1 << 8, apicId};
            case 1:
                return new int[] {coreBits(), cpuCount, 2 << 8 | 1, apicId};
            default:
                return new int[] {0, 0, subleaf & 0xFF, apicId};
        }
    }

    private int coreBits() {
        return 32 - Integer.numberOfLeadingZeros(cpuCount - 1);
    }

    private int[] stateLeaf(Cpu cpu, int subleaf) {
        boolean avx = has(CpuFeature.AVX);
        switch (subleaf) {
            case 0:
                return new int[] {(int) supportedXcr0(), ExtendedState.size(cpu.xcr0), avx ? 832 : 576, 0};
            case 1:
                return new int[] {0, ExtendedState.size(cpu.xcr0), 0, 0};
            case 2:
                return avx ? new int[] {256, 576, 0, 0} : new int[4];
            default:
                return new int[4];
        }
    }

    private int[] extendedLeaf(int leaf) {
        switch (leaf) {
            case 0x80000000:
                return new int[] {MAX_EXTENDED, 0, 0, 0};
            case 0x80000001:
                return new int[] {0, 0, 0, 1 << 20 | 1 << 26 | 1 << 29}; // NX, 1 GiB pages, long mode
            case 0x80000002:
            case 0x80000003:
            case 0x80000004:
                int at = (leaf - 0x80000002) * 16;
                String brand = BRAND + (isV3() ? 3 : 2);
                return new int[] {word(brand, at), word(brand, at + 4), word(brand, at + 8), word(brand, at + 12)};
            case 0x80000006:
                return new int[] {0, 0, 1024 << 16 | 8 << 12 | 64, 0};
            case 0x80000007:
                return new int[] {0, 0, 0, 1 << 8}; // invariant TSC
            case 0x80000008:
                return new int[] {LINEAR_BITS << 8 | PHYSICAL_BITS, 0, 0, 0};
            default:
                return new int[4];
        }
    }

    private static int word(String text, int at) {
        byte[] bytes = Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), 48);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
    }
}
