// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kvm;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.emulator.hw.asm.Reg.RSI;
import static mckernelj.tests.kvm.SystemCase.kernel;
import static mckernelj.tests.kvm.SystemCase.user;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Mem;

/** Instructions that control registers permit or not: SSE, AVX, x87, alignment checks, UMIP, ports (SDM vol. 3, 2.5, 5, 19). */
final class PermissionCases {
    private static final long EM = 4;
    private static final long TS = 8;
    private static final long AM = 1 << 18;
    private static final long OSFXSR = 1 << 9;
    private static final long OSXMMEXCPT = 1 << 10;
    private static final long UMIP = 1 << 11;
    private static final long OSXSAVE = 1 << 18;
    private static final int AC = 1 << 18;

    private static final String NO_STATE = "KVM's software does not switch the unit off for user code";

    private PermissionCases() {}

    private static SystemCase avx(String name, Consumer<Assembler> body) {
        return user(name, body).set(4, OSXSAVE).first(PermissionCases::enableAvx);
    }

    private static void enableAvx(Assembler a) {
        a.xor(RCX, RCX).xor(RDX, RDX).movImm(RAX, 7).db(0x0F, 0x01, 0xD1); // xsetbv
    }

    static List<SystemCase> all() {
        List<SystemCase> cases = new ArrayList<>();
        vectors(cases);
        alignment(cases);
        userMode(cases);
        ports(cases);
        floatingPoint(cases);
        return cases;
    }

    private static void vectors(List<SystemCase> cases) {
        Consumer<Assembler> sse = a -> a.db(0x0F, 0x57, 0xC0); // xorps xmm0, xmm0
        Consumer<Assembler> mmx = a -> a.db(0x0F, 0xEF, 0xC0); // pxor mm0, mm0
        Consumer<Assembler> avx = a -> a.db(0xC5, 0xF8, 0x57, 0xC0); // vxorps xmm0, xmm0, xmm0
        Consumer<Assembler> x87 = a -> a.db(0xD9, 0xE8); // fld1
        Consumer<Assembler> ldmxcsr = a -> a.db(0x0F, 0xAE, 0x16);
        Consumer<Assembler> fxsave = a -> a.db(0x0F, 0xAE, 0x06);
        Consumer<Assembler> fwait = a -> a.db(0x9B);
        cases.add(user("SSE", sse).expect("done"));
        cases.add(user("SSE, TS", sse).set(0, TS).hardwareOnly(NO_STATE).expect("#NM"));
        cases.add(user("SSE, EM", sse).set(0, EM).hardwareOnly(NO_STATE).expect("#UD"));
        cases.add(user("SSE, EM and TS", sse)
                .set(0, EM | TS)
                .hardwareOnly(NO_STATE)
                .expect("#UD"));
        cases.add(user("SSE, no OSFXSR", sse)
                .clear(4, OSFXSR)
                .hardwareOnly(NO_STATE)
                .expect("#UD"));
        cases.add(user("LDMXCSR, TS", ldmxcsr).set(0, TS).hardwareOnly(NO_STATE).expect("#NM"));
        cases.add(user("MMX, TS", mmx).set(0, TS).hardwareOnly(NO_STATE).expect("#NM"));
        cases.add(user("MMX, EM", mmx).set(0, EM).hardwareOnly(NO_STATE).expect("#UD"));
        cases.add(user("MMX, no OSFXSR", mmx)
                .clear(4, OSFXSR)
                .hardwareOnly(NO_STATE)
                .expect("done"));
        cases.add(user("x87, TS", x87).set(0, TS).hardwareOnly(NO_STATE).expect("#NM"));
        cases.add(user("x87, EM", x87).set(0, EM).hardwareOnly(NO_STATE).expect("#NM"));
        cases.add(user("FWAIT, TS, no MP", fwait)
                .set(0, TS)
                .clear(0, 2)
                .hardwareOnly(NO_STATE)
                .expect("done"));
        cases.add(user("FWAIT, TS and MP", fwait)
                .set(0, TS | 2)
                .hardwareOnly(NO_STATE)
                .expect("#NM"));
        cases.add(user("FXSAVE, TS", fxsave).set(0, TS).hardwareOnly(NO_STATE).expect("#NM"));
        cases.add(user("FXSAVE, EM", fxsave).set(0, EM).hardwareOnly(NO_STATE).expect("#NM"));
        cases.add(avx("AVX", avx).expect("done"));
        cases.add(user("AVX, no OSXSAVE", avx).hardwareOnly(NO_STATE).expect("#UD"));
        cases.add(user("AVX, not in XCR0", avx)
                .set(4, OSXSAVE)
                .hardwareOnly(NO_STATE)
                .expect("#UD"));
        cases.add(avx("AVX, TS", avx).set(0, TS).hardwareOnly(NO_STATE).expect("#NM"));
        cases.add(user("XGETBV, no OSXSAVE", a -> a.db(0x0F, 0x01, 0xD0))
                .hardwareOnly(NO_STATE)
                .expect("#UD"));
        cases.add(user("XSETBV", a -> a.db(0x0F, 0x01, 0xD1)).set(4, OSXSAVE).expect("#GP(0)"));
        cases.add(kernel(
                        "XSETBV without x87",
                        a -> a.xor(RCX, RCX).movImm(RAX, 2).xor(RDX, RDX).db(0x0F, 0x01, 0xD1))
                .set(4, OSXSAVE)
                .expect("#GP(0)"));
        cases.add(kernel(
                        "XSETBV with AVX and no SSE",
                        a -> a.xor(RCX, RCX).movImm(RAX, 5).xor(RDX, RDX).db(0x0F, 0x01, 0xD1))
                .set(4, OSXSAVE)
                .expect("#GP(0)"));
    }

    private static void alignment(List<SystemCase> cases) {
        cases.add(user("misaligned load, AC and AM", a -> a.load32(RAX, RSI, 1))
                .set(0, AM)
                .flags(AC)
                .expect("#AC(0)"));
        cases.add(user("misaligned load, AC", a -> a.load32(RAX, RSI, 1))
                .flags(AC)
                .clear(0, AM)
                .hardwareOnly(NO_STATE)
                .expect("done"));
        cases.add(user("misaligned load, AM", a -> a.load32(RAX, RSI, 1))
                .set(0, AM)
                .expect("done"));
        cases.add(user("misaligned 16-bit load, AC and AM", a -> a.load16(RAX, RSI, 1))
                .set(0, AM)
                .flags(AC)
                .expect("#AC(0)"));
        cases.add(user("misaligned 64-bit store, AC and AM", a -> a.store64(RSI, 4, RAX))
                .set(0, AM)
                .flags(AC)
                .expect("#AC(0)"));
        cases.add(user(
                        "aligned accesses, AC and AM",
                        a -> a.store64(RSI, 8, RAX).load32(RAX, RSI, 4).load8(RCX, RSI, 1))
                .set(0, AM)
                .flags(AC)
                .expect("done"));
        cases.add(user("misaligned stack, AC and AM", a -> a.push(RAX))
                .stack(GuestImage.USER_STACK - 4)
                .set(0, AM)
                .flags(AC)
                .expect("#AC(0)"));
        cases.add(user("misaligned load from a page that is not present", a -> a.load32(RAX, RBX, 1))
                .page(0, 0)
                .set(0, AM)
                .flags(AC));
        cases.add(user("MOVUPS, AC and AM", a -> a.db(0x0F, 0x10, 0x46, 0x08))
                .set(0, AM)
                .flags(AC));
        cases.add(user("MOVUPS misaligned by 4, AC and AM", a -> a.db(0x0F, 0x10, 0x46, 0x04))
                .set(0, AM)
                .flags(AC));
        cases.add(user("MOVAPS, AC and AM", a -> a.db(0x0F, 0x28, 0x46, 0x08))
                .set(0, AM)
                .flags(AC)
                .expect("#GP(0)"));
        cases.add(user("FLD m80 misaligned, AC and AM", a -> a.db(0xDB, 0x6E, 0x04))
                .set(0, AM)
                .flags(AC));
        cases.add(user("FLD m64 misaligned, AC and AM", a -> a.db(0xDD, 0x46, 0x04))
                .set(0, AM)
                .flags(AC)
                .expect("#AC(0)"));
        cases.add(user("XCHG misaligned, AC and AM", a -> a.xchg(Mem.at(RSI, 4), RAX))
                .set(0, AM)
                .flags(AC)
                .expect("#AC(0)"));
        cases.add(user("REP MOVSQ misaligned, AC and AM", a -> a.add(RSI, 4).db(0xF3, 0x48, 0xA5))
                .set(0, AM)
                .flags(AC)
                .expect("#AC(0)"));
        cases.add(kernel("misaligned load, AC and AM", a -> a.load32(RAX, RSI, 1))
                .set(0, AM)
                .flags(AC)
                .expect("done"));
    }

    private static void userMode(List<SystemCase> cases) {
        Consumer<Assembler> sgdt = a -> a.db(0x0F, 0x01, 0x06);
        cases.add(user("SGDT, UMIP", sgdt).set(4, UMIP).hardwareOnly(NO_STATE).expect("#GP(0)"));
        cases.add(kernel("SGDT, UMIP", sgdt).set(4, UMIP).expect("done"));
        cases.add(user("SIDT, UMIP", a -> a.db(0x0F, 0x01, 0x0E))
                .set(4, UMIP)
                .hardwareOnly(NO_STATE)
                .expect("#GP(0)"));
        cases.add(user("SLDT, UMIP", a -> a.db(0x0F, 0x00, 0xC0))
                .set(4, UMIP)
                .hardwareOnly(NO_STATE)
                .expect("#GP(0)"));
        cases.add(user("STR, UMIP", a -> a.db(0x0F, 0x00, 0xC8))
                .set(4, UMIP)
                .hardwareOnly(NO_STATE)
                .expect("#GP(0)"));
        cases.add(user("SMSW, UMIP", a -> a.db(0x0F, 0x01, 0xE0))
                .set(4, UMIP)
                .hardwareOnly(NO_STATE)
                .expect("#GP(0)"));
        cases.add(user("RDTSC, TSD", Assembler::rdtsc)
                .set(4, 4)
                .hardwareOnly(NO_STATE)
                .expect("#GP(0)"));
        cases.add(user("RDPMC", a -> a.movImm(RCX, 0).db(0x0F, 0x33)).expect("#GP(0)"));
        for (int[] code : new int[][] {
            {0xF4},
            {0x0F, 0x06},
            {0x0F, 0x08},
            {0x0F, 0x09},
            {0x0F, 0x20, 0xC0},
            {0x0F, 0x22, 0xC0},
            {0x0F, 0x30},
            {0x0F, 0x32},
            {0x0F, 0x01, 0x16},
            {0x0F, 0x01, 0x1E},
            {0x0F, 0x01, 0x3E},
            {0x0F, 0x00, 0xD0},
            {0x0F, 0x00, 0xD8},
            {0x0F, 0x01, 0xF0},
            {0x0F, 0x01, 0xF8},
            {0x0F, 0x07},
            {0xFA},
            {0xFB},
            {0xE4, 0x80},
            {0xE6, 0x80},
            {0xEC},
            {0xEE},
            {0x6C},
            {0x6E}
        }) {
            cases.add(user("privileged " + hex(code), a -> a.db(code)).expect("#GP(0)"));
        }
        cases.add(user("CLAC", a -> a.db(0x0F, 0x01, 0xCA)).expect("#UD"));
        cases.add(user("CLI and STI with IOPL 3", a -> a.cli().sti())
                .flags(3 << 12)
                .hardwareOnly(NO_STATE)
                .expect("done"));
    }

    private static String hex(int[] code) {
        StringBuilder text = new StringBuilder();
        for (int b : code) {
            text.append(text.length() == 0 ? "" : " ").append(String.format("%02X", b));
        }
        return text.toString();
    }

    private static SystemCase bitmap(SystemCase c, int limit, int... allowed) {
        return c.memory(m -> {
            m.descriptor(GuestImage.TSS_SELECTOR, GuestImage.TSS, limit, 0x89);
            for (int i = 0; i < 8192; i++) {
                m.putByte(GuestImage.TSS + 0x68 + i, 0xFF);
            }
            for (int port : allowed) {
                int at = GuestImage.TSS + 0x68 + port / 8;
                m.putByte(at, (int) m.get(at) & 0xFF & ~(1 << port % 8));
            }
        });
    }

    private static void ports(List<SystemCase> cases) {
        int whole = 0x68 + 8192;
        Consumer<Assembler> out = a -> a.out(0x80);
        cases.add(bitmap(user("OUT, 4 bytes, permitted", out), whole, 0x80, 0x81, 0x82, 0x83)
                .expect("done"));
        cases.add(bitmap(user("OUT, 4 bytes, the last not permitted", out), whole, 0x80, 0x81, 0x82)
                .expect("#GP(0)"));
        cases.add(bitmap(user("OUT, a byte, permitted", a -> a.w8().out(0x80)), whole, 0x80)
                .expect("done"));
        cases.add(bitmap(user("OUT across two bytes of the bitmap", a -> a.w16().out(0x87)), whole, 0x87, 0x88)
                .expect("done"));
        cases.add(bitmap(user("OUT at the limit of the TSS", a -> a.w8().out(0x80)), 0x68 + 0x11, 0x80)
                .expect("done"));
        cases.add(bitmap(user("OUT behind the limit of the TSS", a -> a.w8().out(0x80)), 0x68 + 0x10, 0x80)
                .hardwareOnly("KVM's software looks for one byte of the bitmap only")
                .expect("#GP(0)"));
        cases.add(user("OUT with IOPL 3", out)
                .flags(3 << 12)
                .hardwareOnly(NO_STATE)
                .expect("done"));
        cases.add(bitmap(user("OUTSB, permitted", a -> a.movImm(RDX, 0x80).db(0x6E)), whole, 0x80)
                .expect("done"));
        cases.add(bitmap(user("REP OUTSB, permitted", a -> a.movImm(RDX, 0x80).db(0xF3, 0x6E)), whole, 0x80)
                .expect("done"));
        cases.add(kernel("OUTSB", a -> a.movImm(RDX, 0x80).db(0x6E)).expect("done"));
        cases.add(kernel("REP OUTS", a -> a.movImm(RDX, 0x80).db(0xF3, 0x6F)).expect("done"));
        cases.add(kernel(
                        "REP OUTSB from a page that is not present",
                        a -> a.lea(RSI, Mem.at(RBX, 0xFFE)).movImm(RDX, 0x80).db(0xF3, 0x6E))
                .page(1, 0)
                .expect("#PF(0)"));
    }

    private static void floatingPoint(List<SystemCase> cases) {
        Consumer<Assembler> divide = a -> a.movImm(RAX, 0x1D80) // zero divide unmasked
                .store32(RSI, 0, RAX)
                .db(0x0F, 0xAE, 0x16) // ldmxcsr [rsi]
                .movImm(RAX, 0x3F800000)
                .db(0x66, 0x0F, 0x6E, 0xC0) // movd xmm0, eax
                .db(0x0F, 0x57, 0xC9) // xorps xmm1, xmm1
                .db(0xF3, 0x0F, 0x5E, 0xC1); // divss xmm0, xmm1
        cases.add(user("unmasked SSE exception", divide).expect("#XM"));
        cases.add(user("unmasked SSE exception, no OSXMMEXCPT", divide)
                .clear(4, OSXMMEXCPT)
                .hardwareOnly(NO_STATE)
                .expect("#UD"));
        Consumer<Assembler> x87 = a -> a.movImm(RAX, 0x37B)
                .w16()
                .mov(Mem.at(RSI), RAX)
                .db(0xD9, 0x2E) // fldcw [rsi]
                .db(0xD9, 0xE8) // fld1
                .db(0xD9, 0xEE) // fldz
                .db(0xDE, 0xF9); // fdivp
        cases.add(user("unmasked x87 exception, then FWAIT", x87.andThen(a -> a.db(0x9B)))
                .expect("#MF"));
        cases.add(user("unmasked x87 exception, then FNOP", x87.andThen(a -> a.db(0xD9, 0xD0)))
                .expect("#MF"));
        cases.add(user("unmasked x87 exception, then FNINIT", x87.andThen(a -> a.db(0xDB, 0xE3)
                        .db(0x9B)))
                .expect("done"));
        cases.add(user("unmasked x87 exception, then MMX", x87.andThen(a -> a.db(0x0F, 0xEF, 0xC0)))
                .expect("#MF"));
        cases.add(user("unmasked x87 exception, then SSE", x87.andThen(a -> a.db(0x0F, 0x57, 0xC0)))
                .expect("done"));
    }
}
