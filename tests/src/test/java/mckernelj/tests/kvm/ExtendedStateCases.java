// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kvm;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.emulator.hw.asm.Reg.RSI;
import static mckernelj.tests.kvm.SystemCase.user;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import mckernelj.emulator.hw.asm.Assembler;

/** The XSAVE family: what is saved, what becomes initial, what is refused (SDM vol. 1, chapter 13). */
final class ExtendedStateCases {
    private static final int AREA = GuestImage.USER_DATA;
    private static final int HEADER = AREA + 512;
    private static final int[] XSAVE = {0x0F, 0xAE, 0x26};
    private static final int[] XSAVEOPT = {0x0F, 0xAE, 0x36};
    private static final int[] XSAVEC = {0x0F, 0xC7, 0x26};
    private static final int[] XRSTOR = {0x0F, 0xAE, 0x2E};
    private static final int[] FXSAVE_BEHIND = {0x0F, 0xAE, 0x86, 0x00, 0x10, 0x00, 0x00}; // [rsi + 0x1000]
    private static final long COMPACT = 1L << 63;

    private ExtendedStateCases() {}

    /** The area is full of 0xAA, its header 0. All states are initial at first. */
    private static SystemCase with(String name, Consumer<Assembler> body) {
        Consumer<Assembler> makeInitial =
                a -> a.movImm(RAX, 7).movImm(RDX, 0).db(0x0F, 0xAE, 0xAE).dd(0x2000); // xrstor [rsi + 0x2000]
        return user(name, makeInitial.andThen(body))
                .set(4, 1 << 18)
                .first(a -> a.xor(RCX, RCX).xor(RDX, RDX).movImm(RAX, 7).db(0x0F, 0x01, 0xD1))
                .memory(m -> m.putInt(AREA + 0x2000 + 24, 0x1F80))
                .memory(m -> {
                    for (int at = AREA; at < AREA + 1024; at += 8) {
                        m.put(at, at >= HEADER && at < HEADER + 64 ? 0 : 0xAAAAAAAAAAAAAAAAL);
                    }
                });
    }

    private static Consumer<Assembler> masked(int mask, int... code) {
        return a -> a.movImm(RAX, mask).movImm(RDX, 0).db(code);
    }

    static List<SystemCase> all() {
        List<SystemCase> cases = new ArrayList<>();
        Consumer<Assembler> nothing = a -> {};
        Consumer<Assembler> x87 = a -> a.db(0xD9, 0xE8);
        Consumer<Assembler> sse = a -> a.db(0x66, 0x48, 0x0F, 0x6E, 0xD1); // movq xmm2, rcx
        Consumer<Assembler> mxcsr = a -> a.movImm(RAX, 0x1F81)
                .store32(RSI, 0x1800, RAX)
                .db(0x0F, 0xAE, 0x96)
                .dd(0x1800);
        Consumer<Assembler> avx = a -> a.db(0xC5, 0xFD, 0x76, 0xC0); // vpcmpeqd ymm0, ymm0, ymm0
        List<String> names = List.of("initial state", "x87 used", "SSE used", "MXCSR changed", "AVX used");
        List<Consumer<Assembler>> states = List.of(nothing, x87, sse, mxcsr, avx);
        for (int i = 0; i < states.size(); i++) {
            for (int mask : new int[] {7, 1, 2, 4, 3}) {
                String text = ", " + names.get(i) + ", mask " + mask;
                cases.add(with("XSAVE" + text, states.get(i).andThen(masked(mask, XSAVE))));
                cases.add(with("XSAVEOPT" + text, states.get(i).andThen(masked(mask, XSAVEOPT))));
                cases.add(with("XSAVEC" + text, states.get(i).andThen(masked(mask, XSAVEC))));
            }
            cases.add(with("XGETBV 1, " + names.get(i), states.get(i).andThen(a -> a.movImm(RCX, 1)
                    .db(0x0F, 0x01, 0xD0)
                    .and(RAX, 7))));
        }
        cases.add(with(
                "XSAVE after XRSTOR of nothing",
                avx.andThen(x87).andThen(masked(7, XRSTOR)).andThen(masked(7, XSAVE))));
        cases.add(with(
                        "XSAVE after XRSTOR of SSE only",
                        avx.andThen(x87).andThen(masked(2, XRSTOR)).andThen(masked(7, XSAVE)))
                .memory(m -> m.putInt(AREA + 24, 0x1F80)));
        cases.add(with("XRSTOR of x87 and SSE", masked(3, XRSTOR).andThen(a -> a.db(FXSAVE_BEHIND)))
                .memory(ExtendedStateCases::image)
                .memory(m -> m.put(HEADER, 3)));
        cases.add(with(
                        "XRSTOR of SSE, x87 initial",
                        x87.andThen(masked(3, XRSTOR)).andThen(a -> a.db(FXSAVE_BEHIND)))
                .memory(ExtendedStateCases::image)
                .memory(m -> m.put(HEADER, 2)));
        cases.add(with(
                        "XRSTOR of x87, SSE initial",
                        sse.andThen(masked(3, XRSTOR)).andThen(a -> a.db(FXSAVE_BEHIND)))
                .memory(ExtendedStateCases::image)
                .memory(m -> m.put(HEADER, 1)));
        cases.add(with("XRSTOR, compacted", masked(7, XRSTOR).andThen(a -> a.db(FXSAVE_BEHIND)))
                .memory(ExtendedStateCases::image)
                .memory(m -> m.put(HEADER, 3))
                .memory(m -> m.put(HEADER + 8, COMPACT | 3)));
        cases.add(with("XRSTOR, compacted, AVX", masked(7, XRSTOR).andThen(masked(7, XSAVE)))
                .memory(ExtendedStateCases::image)
                .memory(m -> m.put(HEADER, 4))
                .memory(m -> m.put(HEADER + 8, COMPACT | 4)));
        cases.add(with("XRSTOR, compacted, more than its format", masked(7, XRSTOR))
                .memory(m -> m.put(HEADER, 3))
                .memory(m -> m.put(HEADER + 8, COMPACT | 1))
                .expect("#GP(0)"));
        cases.add(with("XRSTOR, reserved byte of the header", masked(7, XRSTOR))
                .memory(m -> m.put(HEADER + 16, 1))
                .expect("#GP(0)"));
        cases.add(with("XRSTOR, reserved byte at the end of the header", masked(7, XRSTOR))
                .memory(m -> m.put(HEADER + 56, 1)));
        cases.add(with("XRSTOR, unknown component", masked(7, XRSTOR))
                .memory(m -> m.put(HEADER, 1L << 62))
                .expect("#GP(0)"));
        cases.add(with("XRSTOR, MXCSR reserved bit", masked(7, XRSTOR))
                .memory(m -> m.putInt(AREA + 24, 0x10000))
                .memory(m -> m.put(HEADER, 2))
                .expect("#GP(0)"));
        cases.add(with("XRSTOR of nothing, MXCSR reserved bit", masked(7, XRSTOR))
                .memory(m -> m.putInt(AREA + 24, 0x10000)));
        cases.add(with("XRSTOR of AVX only, MXCSR in memory", masked(4, XRSTOR).andThen(a -> a.db(0x0F, 0xAE, 0x9E)
                        .dd(0x1800)))
                .memory(m -> m.putInt(AREA + 24, 0x1FA0))
                .memory(m -> m.put(HEADER, 4)));
        cases.add(with("XSAVE, misaligned", a -> a.add(RSI, 16).movImm(RAX, 7).db(XSAVE))
                .expect("#GP(0)"));
        cases.add(with("LOCK XSAVE", a -> a.db(0xF0).db(XSAVE)).expect("#UD"));
        cases.add(with("XGETBV 2", a -> a.movImm(RCX, 2).db(0x0F, 0x01, 0xD0)).expect("#GP(0)"));
        return cases;
    }

    private static void image(GuestImage m) {
        m.put(AREA, 0x0000_00FF_3800_027FL);
        m.put(AREA + 8, 0);
        m.put(AREA + 16, 0);
        m.put(AREA + 24, 0xFFFF_0000_1F80L);
        for (int i = 0; i < 8; i++) {
            m.put(AREA + 32 + 16 * i, 0x8000_0000_0000_0000L | i);
            m.put(AREA + 40 + 16 * i, 0x3FFF + i);
        }
        for (int i = 0; i < 32; i++) {
            m.put(AREA + 160 + 8 * i, 0x0101010101010101L * i);
        }
        for (int at = AREA + 576; at < AREA + 832; at += 8) {
            m.put(at, 0x1111111111111111L ^ at);
        }
    }
}
