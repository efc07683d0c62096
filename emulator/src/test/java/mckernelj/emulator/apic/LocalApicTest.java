// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.apic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalApicTest {
    private final List<String> sent = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();
    private final IpiRouter router = new IpiRouter(targets);
    private long now;
    private LocalApic apic;

    private final class Target implements IpiTarget {
        private final LocalApic own;

        Target(int id) {
            own = new LocalApic(id, id == 0, () -> now, router, () -> {});
        }

        @Override
        public LocalApic apic() {
            return own;
        }

        @Override
        public void interrupt(int vector, int from) {
            sent.add(own.id() + " vector " + vector);
        }

        @Override
        public void nmi(int from) {
            sent.add(own.id() + " nmi");
        }

        @Override
        public void message(int mode, int vector, boolean level) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void init(int from) {
            sent.add(own.id() + " init");
        }

        @Override
        public void startup(int vector, int from) {
            sent.add(own.id() + " startup " + vector);
        }
    }

    @BeforeEach
    void enable() {
        for (int id = 0; id < 4; id++) {
            targets.add(new Target(id));
        }
        apic = targets.get(0).apic();
        apic.write(LocalApic.SVR, 0x1FF);
    }

    @Test
    void the_highest_request_is_delivered_first_and_blocks_its_priority_class_until_eoi() {
        apic.request(0x41);
        apic.request(0x52);
        apic.request(0x5F);
        assertThat(apic.acknowledge()).isEqualTo(0x5F);
        assertThat(apic.pendingVector()).isEqualTo(-1);
        apic.request(0x60);
        assertThat(apic.acknowledge()).isEqualTo(0x60);
        apic.write(LocalApic.EOI, 0);
        assertThat(apic.pendingVector()).isEqualTo(-1);
        apic.write(LocalApic.EOI, 0);
        assertThat(apic.acknowledge()).isEqualTo(0x52);
        apic.write(LocalApic.EOI, 0);
        assertThat(apic.acknowledge()).isEqualTo(0x41);
    }

    @Test
    void the_task_priority_holds_lower_classes_back() {
        apic.request(0x45);
        apic.write(LocalApic.TPR, 0x40);
        assertThat(apic.pendingVector()).isEqualTo(-1);
        assertThat(apic.read(LocalApic.PPR)).isEqualTo(0x40);
        apic.write(LocalApic.TPR, 0x3F);
        assertThat(apic.pendingVector()).isEqualTo(0x45);
    }

    @Test
    void request_and_service_registers_show_the_vectors() {
        apic.request(0x45);
        assertThat(apic.read(LocalApic.IRR + 0x20)).isEqualTo(1 << 5);
        apic.acknowledge();
        assertThat(apic.read(LocalApic.IRR + 0x20)).isZero();
        assertThat(apic.read(LocalApic.ISR + 0x20)).isEqualTo(1 << 5);
    }

    @Test
    void a_disabled_apic_delivers_nothing() {
        apic.request(0x45);
        apic.write(LocalApic.SVR, 0xFF);
        assertThat(apic.pendingVector()).isEqualTo(-1);
    }

    @Test
    void interrupt_commands_reach_physical_logical_and_shorthand_destinations() {
        command(2, 0x4041);
        command(0, 0xC0042);
        command(0, 0x80043);
        command(0, 0x40044);
        targets.get(1).apic().write(LocalApic.LDR, 0x02000000);
        targets.get(3).apic().write(LocalApic.LDR, 0x08000000);
        command(0x0A, 0x4845);
        command(1, 0x4500);
        command(1, 0x8500); // de-assert
        command(1, 0x4608);
        command(3, 0x4400);
        assertThat(sent)
                .containsExactly(
                        "2 vector 65",
                        "1 vector 66",
                        "2 vector 66",
                        "3 vector 66",
                        "0 vector 67",
                        "1 vector 67",
                        "2 vector 67",
                        "3 vector 67",
                        "0 vector 68",
                        "1 vector 69",
                        "3 vector 69",
                        "1 init",
                        "1 startup 8",
                        "3 nmi");
    }

    private void command(int destination, int low) {
        apic.write(LocalApic.ICR_HIGH, destination << 24);
        apic.write(LocalApic.ICR, low);
    }

    @Test
    void x2apic_registers_are_msrs_with_a_64_bit_command() {
        assertThat(apic.setBaseRegister(apic.baseRegister() | LocalApic.BASE_EXTD))
                .isTrue();
        assertThat(apic.page()).isEqualTo(-1);
        apic.writeMsr(0x830, 2L << 32 | 0x4041);
        apic.writeMsr(0x83F, 0x77);
        assertThat(sent).containsExactly("2 vector 65", "0 vector 119");
        assertThat(apic.readMsr(0x830)).isEqualTo(2L << 32 | 0x4041);
    }

    @Test
    void a_one_shot_timer_fires_once() {
        timer(0x50, 0xB, 1000);
        now = 999;
        apic.fireTimer();
        assertThat(apic.read(LocalApic.TIMER_CURRENT)).isEqualTo(1);
        assertThat(apic.pendingVector()).isEqualTo(-1);
        now = 1000;
        apic.fireTimer();
        assertThat(apic.acknowledge()).isEqualTo(0x50);
        assertThat(apic.timerExpiry()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void a_periodic_timer_keeps_its_phase_and_divides_the_clock() {
        timer(0x20050, 0x3, 100); // divide by 16
        assertThat(apic.timerExpiry()).isEqualTo(1600);
        now = 1700;
        apic.fireTimer();
        assertThat(apic.timerExpiry()).isEqualTo(3200);
        now = 10_000;
        apic.fireTimer();
        assertThat(apic.timerExpiry()).isEqualTo(11_200);
    }

    @Test
    void a_masked_timer_requests_nothing() {
        timer(0x10050, 0xB, 10);
        now = 20;
        apic.fireTimer();
        assertThat(apic.pendingVector()).isEqualTo(-1);
    }

    @Test
    void the_tsc_deadline_disarms_itself() {
        apic.write(LocalApic.LVT_TIMER, 0x40050);
        apic.setTscDeadline(5000);
        assertThat(apic.tscDeadline()).isEqualTo(5000);
        now = 5000;
        apic.fireTimer();
        assertThat(apic.acknowledge()).isEqualTo(0x50);
        assertThat(apic.tscDeadline()).isZero();
    }

    private void timer(int lvt, int divide, int count) {
        apic.write(LocalApic.TIMER_DIVIDE, divide);
        apic.write(LocalApic.LVT_TIMER, lvt);
        apic.write(LocalApic.TIMER_INITIAL, count);
    }
}
