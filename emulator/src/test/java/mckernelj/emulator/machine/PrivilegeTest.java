// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import static mckernelj.emulator.hw.asm.Reg.R11;
import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBP;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.emulator.hw.asm.Reg.RSP;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.Msr;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Label;
import mckernelj.emulator.hw.asm.Mem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Crossings between user and kernel: each stops at the first OUT, whose handler looks at the frame on the stack. */
class PrivilegeTest {
    private static final int PORT = 0x600;
    private static final long USER = 0x30000;
    private static final long USER_STACK = 0x38000;
    private static final long HANDLER = 0x20000;

    private final BareMachine bare = new BareMachine(MachineConfig.builder());

    @AfterEach
    void close() {
        bare.close();
    }

    /**
     * Runs {@code user} at CPL 3 until something executes OUT; returns the top of the stack then, {@code words}
     * words.
     */
    private List<Long> stackAfter(Consumer<Assembler> user, int words) throws Exception {
        CompletableFuture<List<Long>> report = new CompletableFuture<>();
        bare.machine.attachPort(PORT, (cpu, port, width, value) -> {
            List<Long> stack = new ArrayList<>();
            for (int i = 0; i < words; i++) {
                stack.add(bare.get(cpu.register(LogicalCpu.RSP) + 8 * i));
            }
            report.complete(stack);
            cpu.leaveGuest();
        });
        bare.code(USER, user);
        bare.start(0, bare.program(BareMachine.CODE, 0, a -> {
            wrmsr(a, Msr.IA32_STAR, 0x001B_0010L << 32);
            wrmsr(a, Msr.IA32_LSTAR, HANDLER);
            wrmsr(a, Msr.IA32_FMASK, 0x701);
            a.pushImm(BareMachine.USER_DATA)
                    .pushImm((int) USER_STACK)
                    .pushImm(0x202)
                    .pushImm(BareMachine.USER_CODE);
            a.pushImm((int) USER).iretq();
        }));
        return report.get(10, TimeUnit.SECONDS);
    }

    private static void wrmsr(Assembler a, int number, long value) {
        a.movImm(RCX, number & 0xFFFFFFFFL)
                .movImm(RAX, value & 0xFFFFFFFFL)
                .movImm(RDX, value >>> 32)
                .wrmsr();
    }

    private void handler(int vector, int dpl, int ist) {
        bare.gate(vector, bare.code(HANDLER, a -> BareMachine.out(a, PORT)), dpl, ist);
    }

    @Test
    void a_software_interrupt_pushes_the_user_frame_on_the_stack_of_the_tss() throws Exception {
        handler(0x80, 3, 0);
        assertThat(stackAfter(a -> a.interrupt(0x80), 5))
                .containsExactly(
                        USER + 2, (long) BareMachine.USER_CODE, 0x202L, USER_STACK, (long) BareMachine.USER_DATA);
    }

    @Test
    void a_software_interrupt_through_a_kernel_gate_is_a_general_protection_fault() throws Exception {
        handler(13, 0, 0);
        bare.gate(0x80, HANDLER, 0, 0);
        assertThat(stackAfter(a -> a.nop().interrupt(0x80), 2)).containsExactly(0x80L * 8 + 2, USER + 1);
    }

    @Test
    void a_page_fault_pushes_the_error_code_and_restarts_the_instruction() throws Exception {
        handler(14, 0, 0);
        assertThat(stackAfter(a -> a.movImm(RBX, 0x1_8000_0000L).load64(RAX, RBX, 0), 2))
                .element(0)
                .isEqualTo(4L);
        assertThat(bare.machine.cpu(0).controlRegister(2)).isEqualTo(0x1_8000_0000L);
    }

    @Test
    void a_general_protection_fault_of_a_privileged_instruction_has_error_code_0() throws Exception {
        handler(13, 0, 0);
        assertThat(stackAfter(Assembler::hlt, 2)).containsExactly(0L, USER);
    }

    @Test
    void a_non_canonical_address_through_the_stack_segment_is_a_stack_fault() throws Exception {
        handler(12, 0, 0);
        assertThat(stackAfter(a -> a.movImm(RBP, 1L << 63).load64(RAX, RBP, 8), 2))
                .containsExactly(0L, USER + 10);
    }

    @Test
    void a_push_to_a_non_canonical_address_is_a_stack_fault() throws Exception {
        handler(12, 0, 0);
        assertThat(stackAfter(a -> a.movImm(RSP, 1L << 63).push(RAX), 2)).containsExactly(0L, USER + 10);
    }

    @Test
    void a_non_canonical_address_through_another_register_is_a_general_protection_fault() throws Exception {
        handler(13, 0, 0);
        assertThat(stackAfter(a -> a.movImm(RBX, 1L << 63).load64(RAX, RBX, 8), 2))
                .containsExactly(0L, USER + 10);
    }

    @Test
    void string_input_is_a_general_protection_fault_for_user_code() throws Exception {
        handler(13, 0, 0);
        assertThat(stackAfter(a -> a.db(0x6C), 2)).containsExactly(0L, USER);
    }

    @Test
    void a_control_register_that_does_not_exist_is_undefined_even_for_user_code() throws Exception {
        handler(6, 0, 0);
        assertThat(stackAfter(a -> a.db(0x0F, 0x20, 0xC8), 1)).containsExactly(USER);
    }

    @Test
    void an_undefined_instruction_pushes_no_error_code() throws Exception {
        handler(6, 0, 0);
        assertThat(stackAfter(Assembler::ud2, 2)).containsExactly(USER, (long) BareMachine.USER_CODE);
    }

    @Test
    void an_interrupt_stack_table_entry_is_used_whatever_the_privilege() throws Exception {
        handler(6, 0, 3);
        bare.put(BareMachine.TSS + 0x24 + 16, 0x50000);
        stackAfter(Assembler::ud2, 1);
        assertThat(bare.machine.cpu(0).register(LogicalCpu.RSP)).isEqualTo(0x50000 - 40);
    }

    @Test
    void a_fault_while_a_fault_is_delivered_is_a_double_fault() throws Exception {
        handler(8, 0, 0);
        assertThat(stackAfter(Assembler::hlt, 2)).containsExactly(0L, USER); // gate 13 is not present
    }

    @Test
    void a_fault_while_a_double_fault_is_delivered_shuts_the_processor_down() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        bare.machine.onFailure((cpu, cause) -> failed.countDown());
        bare.start(0, bare.program(BareMachine.CODE, 0, Assembler::ud2));
        assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void syscall_saves_rip_and_rflags_and_applies_the_flag_mask() throws Exception {
        bare.code(HANDLER, a -> {
            a.push(R11).push(RCX).pushf();
            BareMachine.out(a, PORT);
        });
        assertThat(stackAfter(a -> a.db(0xF9).syscall(), 3)).containsExactly(2L, USER + 3, 0x203L);
    }

    private static Assembler setTrapFlag(Assembler a) {
        return a.pushImm(0x302).popf();
    }

    @Test
    void a_software_interrupt_discards_the_single_step_trap_of_its_own() throws Exception {
        bare.gate(1, bare.code(0x21000, a -> BareMachine.out(a, PORT)), 0, 0);
        handler(0x80, 3, 0);
        assertThat(stackAfter(a -> setTrapFlag(a).interrupt(0x80), 3))
                .containsExactly(USER + 8, (long) BareMachine.USER_CODE, 0x302L);
    }

    @Test
    void syscall_discards_its_single_step_trap_if_the_flag_mask_clears_tf() throws Exception {
        bare.gate(1, bare.code(0x21000, a -> BareMachine.out(a, PORT)), 0, 0);
        bare.code(HANDLER, a -> {
            a.push(R11).push(RCX);
            BareMachine.out(a, PORT);
        });
        assertThat(stackAfter(a -> setTrapFlag(a).syscall(), 2)).containsExactly(USER + 8, 0x302L);
    }

    @Test
    void sysret_returns_to_user_code_with_the_saved_flags() throws Exception {
        bare.gate(0x80, bare.code(0x21000, a -> BareMachine.out(a, PORT)), 3, 0);
        bare.code(HANDLER, Assembler::sysretq);
        assertThat(stackAfter(a -> a.db(0xF9).syscall().interrupt(0x80), 3))
                .containsExactly(USER + 5, (long) BareMachine.USER_CODE, 0x203L);
    }

    @Test
    void an_interrupt_waits_for_the_instruction_after_sti() throws Exception {
        int vector = 0x41;
        CompletableFuture<Long> report = new CompletableFuture<>();
        bare.machine.attachPort(
                PORT, (cpu, port, width, value) -> report.complete(bare.get(cpu.register(LogicalCpu.RSP))));
        bare.gate(vector, bare.code(HANDLER, a -> BareMachine.out(a, PORT)), 0, 0);
        Label[] after = new Label[1];
        long[] address = new long[1];
        bare.start(0, bare.program(BareMachine.CODE, 0, a -> {
            a.movImm(RCX, 0xFEE00300L)
                    .movImm(RAX, 1 << 18 | 1 << 14 | vector)
                    .w32()
                    .mov(Mem.at(RCX), RAX); // self
            a.nop().sti().nop();
            after[0] = a.here();
            a.cli().hlt();
            address[0] = a.addressOf(after[0]);
        }));
        assertThat(report.get(10, TimeUnit.SECONDS)).isEqualTo(address[0]);
    }

    @Test
    void user_code_cannot_reach_kernel_pages() throws Exception {
        handler(14, 0, 0);
        bare.put(0x2000 + 8, 1L << 30 | 0x83);
        assertThat(stackAfter(a -> a.movImm(RBX, 1L << 30).store64(RBX, 0, RSP), 1))
                .containsExactly(7L);
    }
}
