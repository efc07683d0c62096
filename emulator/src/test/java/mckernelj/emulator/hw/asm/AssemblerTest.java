// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.hw.asm;

import static mckernelj.emulator.hw.asm.Reg.R10;
import static mckernelj.emulator.hw.asm.Reg.R11;
import static mckernelj.emulator.hw.asm.Reg.R12;
import static mckernelj.emulator.hw.asm.Reg.R13;
import static mckernelj.emulator.hw.asm.Reg.R8;
import static mckernelj.emulator.hw.asm.Reg.R9;
import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBP;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDI;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.emulator.hw.asm.Reg.RSI;
import static mckernelj.emulator.hw.asm.Reg.RSP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Golden bytes, checked with objdump (GNU binutils 2.40), whose text names each case. */
class AssemblerTest {
    private static Arguments of(String text, String hex, Consumer<Assembler> code) {
        return Arguments.of(text, hex, code);
    }

    static Stream<Arguments> longMode() {
        return Stream.of(
                of("mov rax,r15", "4c89f8", a -> a.mov(RAX, Reg.R15)),
                of("mov [rsp+8],r12", "4c89642408", a -> a.mov(Mem.at(RSP, 8), R12)),
                of("mov r13,[r13]", "4d8b6d00", a -> a.mov(R13, Mem.at(R13))),
                of(
                        "mov qword [r12+rbp*8+0x1234],5",
                        "49c784ec3412000005000000",
                        a -> a.mov(Mem.at(R12, RBP, 8, 0x1234), 5)),
                of("mov byte [rsp],0x7f", "c604247f", a -> a.w8().mov(Mem.at(RSP), 0x7F)),
                of("mov eax,0", "b800000000", a -> a.movImm(RAX, 0)),
                of("mov r9,-1", "49c7c1ffffffff", a -> a.movImm(R9, -1)),
                of("movabs rdi,...", "48bfefcdab8967452301", a -> a.movImm(RDI, 0x123456789ABCDEFL)),
                of("mov ecx,0xffffffff", "b9ffffffff", a -> a.movImm(RCX, 0xFFFFFFFFL)),
                of("mov rax,[r8-8]", "498b40f8", a -> a.load64(RAX, R8, -8)),
                of("mov r10d,[rbp+0]", "448b5500", a -> a.load32(R10, RBP, 0)),
                of("movzx ecx,word [rsi+2]", "0fb74e02", a -> a.load16(RCX, RSI, 2)),
                of("movzx edx,byte [rdi+0x80]", "0fb69780000000", a -> a.load8(RDX, RDI, 0x80)),
                of("mov [rsp+4],r9d", "44894c2404", a -> a.store32(RSP, 4, R9)),
                of("mov [rax],bx", "668918", a -> a.store16(RAX, 0, RBX)),
                of("mov [rax+1],sil", "40887001", a -> a.store8(RAX, 1, RSI)),
                of("mov [rax+rcx*4+16],r11", "4c895c8810", a -> a.store64(Mem.at(RAX, RCX, 4, 16), R11)),
                of("mov rax,[r9*8+0x100]", "4a8b04cd00010000", a -> a.load64(RAX, Mem.indexed(R9, 8, 0x100))),
                of("mov rax,gs:0x10", "65488b042510000000", a -> a.load64(RAX, Mem.gs(0x10))),
                of("mov ds:0x500,eax", "89042500050000", a -> a.store32(Mem.absolute(0x500), RAX)),
                of("add r8,1", "4983c001", a -> a.add(R8, 1)),
                of("add rsp,0x1000", "4881c400100000", a -> a.add(RSP, 0x1000)),
                of("add rax,[rbx]", "480303", a -> a.add(RAX, Mem.at(RBX))),
                of("add [rbx],rax", "480103", a -> a.add(Mem.at(RBX), RAX)),
                of("and rsp,-16", "4883e4f0", a -> a.and(RSP, -16)),
                of("xor r8d,r8d", "4531c0", a -> a.w32().xor(R8, R8)),
                of("cmp byte [rsp+8],3", "807c240803", a -> a.w8().cmp(Mem.at(RSP, 8), 3)),
                of("cmp sil,3", "4080fe03", a -> a.w8().cmp(RSI, 3)),
                of("cmp ax,0x1234", "6681f83412", a -> a.w16().cmp(RAX, 0x1234)),
                of("test dil,3", "40f6c703", a -> a.w8().test(RDI, 3)),
                of("test dword [rsp+0x90],0x200", "f784249000000000020000", a -> a.w32()
                        .test(Mem.at(RSP, 0x90), 0x200)),
                of("dec dword [rdi]", "ff0f", a -> a.w32().dec(Mem.at(RDI))),
                of("not r9", "49f7d1", a -> a.not(R9)),
                of("imul rax,r9", "490fafc1", a -> a.imul(RAX, R9)),
                of("lock xadd [rdi],rax", "f0480fc107", a -> a.lock().xadd(Mem.at(RDI), RAX)),
                of("lock cmpxchg [r8],ecx", "f0410fb108", a -> a.lock().w32().cmpxchg(Mem.at(R8), RCX)),
                of("bt rax,9", "480fbae009", a -> a.bt(RAX, 9)),
                of("shl rdx,32", "48c1e220", a -> a.shl(RDX, 32)),
                of("shr rax,1", "48d1e8", a -> a.shr(RAX, 1)),
                of("shr r9d,cl", "41d3e9", a -> a.w32().shr(R9)),
                of("xchg [rdi],eax", "8707", a -> a.w32().xchg(Mem.at(RDI), RAX)),
                of("bswap r9", "490fc9", a -> a.bswap(R9)),
                of("cmovne rax,r9", "490f45c1", a -> a.cmov(Cond.NE, RAX, R9)),
                of("sete sil", "400f94c6", a -> a.set(Cond.E, RSI)),
                of("setg [rdi]", "0f9f07", a -> a.set(Cond.G, Mem.at(RDI))),
                of("mov ds,eax", "8ed8", a -> a.mov(Sreg.DS, RAX)),
                of("mov cr3,rax", "0f22d8", a -> a.movToCr(3, RAX)),
                of("mov r8,cr0", "410f20c0", a -> a.movFromCr(R8, 0)),
                of("mov cr8,rax", "440f22c0", a -> a.movToCr(8, RAX)),
                of("movsxd rax,ebx", "4863c3", a -> a.movsxd(RAX, RBX)),
                of("push r15", "4157", a -> a.push(Reg.R15)),
                of("pop r9", "4159", a -> a.pop(R9)),
                of("push qword [rsp+8]", "ff742408", a -> a.push(Mem.at(RSP, 8))),
                of("push -1", "6aff", a -> a.pushImm(-1)),
                of("push 0x1000", "6800100000", a -> a.pushImm(0x1000)),
                of("rep movsq", "f348a5", a -> a.rep().movs()),
                of("rep movsb", "f3a4", a -> a.rep().w8().movs()),
                of("rep stosd", "f3ab", a -> a.rep().w32().stos()),
                of("repnz scasb", "f2ae", a -> a.repne().w8().scas()),
                of("call r9", "41ffd1", a -> a.call(R9)),
                of("jmp fword [rax]", "ff28", a -> a.jmpFar(Mem.at(RAX))),
                of("retfq", "48cb", a -> a.retFar()),
                of("iretq; syscall; sysretq", "48cf0f05480f07", a -> a.iretq()
                        .syscall()
                        .sysretq()),
                of("lidt [rax]", "0f0118", a -> a.lidt(Mem.at(RAX))),
                of("ltr ax", "0f00d8", a -> a.ltr(RAX)),
                of("fxsave64 [rdi]", "480fae07", a -> a.fxsave(Mem.at(RDI))),
                of("out 0x70,eax; out dx,eax", "e770ef", a -> a.out(0x70).outDx()),
                of("out dx,al; in ax,dx", "ee66ed", a -> a.w8().outDx().w16().inDx()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("longMode")
    void instruction_has_the_bytes_of_objdump(String text, String hex, Consumer<Assembler> code) {
        assertThat(hex(64, code)).isEqualTo(hex);
    }

    static Stream<Arguments> realMode() {
        return Stream.of(
                of("mov ds,ax", "8ed8", a -> a.mov(Sreg.DS, RAX)),
                of("mov eax,cr0", "0f20c0", a -> a.movFromCr(RAX, 0)),
                of("or eax,1", "6683c801", a -> a.w32().or(RAX, 1)),
                of("mov eax,0x12345678", "66b878563412", a -> a.w32().movImm(RAX, 0x12345678)),
                of("mov ax,[ebx+2]", "678b4302", a -> a.mov(RAX, Mem.at(RBX, 2))),
                of("mov ax,[0x467]", "8b066704", a -> a.mov(RAX, Mem.absolute(0x467))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("realMode")
    void real_mode_has_16_bit_defaults(String text, String hex, Consumer<Assembler> code) {
        assertThat(hex(16, code)).isEqualTo(hex);
    }

    private static String hex(int bits, Consumer<Assembler> code) {
        Assembler asm = new Assembler(0x1000).bits(bits);
        code.accept(asm);
        return HexFormat.of().formatHex(asm.assemble());
    }

    @Test
    void label_operands_are_relative_to_the_end_of_the_instruction() {
        Assembler asm = new Assembler(0x1000);
        Label data = asm.label();
        asm.add(Mem.at(data), 0x12345).call(data).lea(RAX, data).bind(data);
        assertThat(HexFormat.of().formatHex(asm.assemble()))
                .isEqualTo("4881050c00000045230100" + "e807000000" + "488d0500000000");
    }

    @Test
    void backward_jumps_are_short_where_possible() {
        Assembler asm = new Assembler(0);
        Label start = asm.here();
        asm.nop().j(Cond.A, start);
        assertThat(HexFormat.of().formatHex(asm.assemble())).isEqualTo("9077fd");
        asm.align(256).jmp(start);
        assertThat(HexFormat.of().formatHex(asm.assemble())).endsWith("e9fbfeffff");
    }

    @Test
    void far_jump_from_real_mode_goes_to_a_linear_address() {
        Assembler asm = new Assembler(0x8000).bits(16);
        Label there = asm.label();
        asm.jmpFar(8, there).bind(there);
        assertThat(HexFormat.of().formatHex(asm.assemble())).isEqualTo("66ea08800000" + "0800");
        assertThat(asm.addressOf(there)).isEqualTo(0x8008);
    }

    @Test
    void real_mode_addresses_labels_by_offset_and_protected_mode_linearly() {
        Assembler asm = new Assembler(0x8000).bits(16);
        Label table = asm.label();
        asm.lgdt(Mem.at(table)).bits(32).lgdt(Mem.at(table)).bind(table).dd(table);
        assertThat(HexFormat.of().formatHex(asm.assemble())).isEqualTo("660f01160d00" + "0f01150d800000" + "0d800000");
    }

    @Test
    void mistakes_are_refused() {
        Assembler asm = new Assembler(0);
        Label never = asm.label();
        asm.jmp(never);
        assertThatThrownBy(asm::assemble).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new Assembler(0).bits(32).mov(R8, RAX)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Mem.at(RAX, RSP, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Mem.at(RAX, RBX, 3, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
