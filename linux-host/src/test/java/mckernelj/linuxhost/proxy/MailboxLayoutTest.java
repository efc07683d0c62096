// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import static mckernelj.ihk.launch.MailboxLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MailboxLayoutTest {
    @Test
    void fields_of_a_slot_do_not_overlap() {
        TreeMap<Integer, Integer> fields = new TreeMap<>(Map.ofEntries(
                Map.entry(REQUEST, 4),
                Map.entry(SERVANT_SLEEPS, 4),
                Map.entry(RECORD_COUNT, 4),
                Map.entry(SPIN_COUNT, 4),
                Map.entry(REPLY, 4),
                Map.entry(NODE_SLEEPS, 4),
                Map.entry(DOORBELL_ADDRESS, 8),
                Map.entry(RING_HEAD, 4),
                Map.entry(INTERRUPT, 4),
                Map.entry(WAKE, 4),
                Map.entry(TID, 4),
                Map.entry(NODE_TIMEOUT, 16),
                Map.entry(HELLO_STACK, 8),
                Map.entry(HELLO_SOCKET, 4),
                Map.entry(HELLO_MAILBOX_FD, 4),
                Map.entry(HELLO_MEMORY_FD, 4),
                Map.entry(HELLO_RLIMIT_AS, 8),
                Map.entry(RECORDS, MAX_RECORDS * RECORD_BYTES),
                Map.entry(RING, RING_ENTRIES * RING_ENTRY_BYTES),
                Map.entry(ARGUMENTS, ARGUMENTS_END - ARGUMENTS)));
        assertThat(fields).hasSize(20);
        int end = 0;
        for (Map.Entry<Integer, Integer> field : fields.entrySet()) {
            assertThat(field.getKey()).isGreaterThanOrEqualTo(end);
            assertThat(field.getKey() % Math.min(8, field.getValue())).isZero();
            end = field.getKey() + field.getValue();
        }
        assertThat(end).isLessThan(SLOT_BYTES);
    }

    @Test
    void regions_of_a_servant_are_apart() {
        assertThat(WINDOW).isEqualTo(USER_END);
        assertThat(IMAGE).isGreaterThan(WINDOW);
        assertThat(MAILBOX + MAILBOX_BYTES).isLessThan(0x7f00_0000_0000L);
    }
}
