// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * All tables of cases. Each runs in the emulated machine, where the SDM's answer is checked if the case has it, and in
 * {@code /dev/kvm}, whose outcome must be the same. {@code -Dkvm.only=expression} chooses cases by name.
 */
class SystemCasesTest {
    private static final long TIMEOUT_MILLIS = 30_000;
    private static final int ATTEMPTS = 3;
    private static final Map<String, List<SystemCase>> FAMILIES = families();

    private static String unavailable;
    private static EmulatedGuest emulated;

    private static Map<String, List<SystemCase>> families() {
        Map<String, List<SystemCase>> families = new LinkedHashMap<>();
        families.put("exceptions", ExceptionCases.all());
        families.put("paging", PagingCases.all());
        families.put("priorities", PriorityCases.all());
        families.put("code", CodeCases.all());
        families.put("hot code", HotCodeCases.all());
        families.put("debugging", DebugCases.all());
        families.put("permissions", PermissionCases.all());
        families.put("control registers", ControlCases.all());
        families.put("segments", SegmentCases.all());
        families.put("fast calls", FastCallCases.all());
        families.put("interrupts", ApicCases.all());
        families.put("extended state", ExtendedStateCases.all());
        return families;
    }

    @BeforeAll
    static void start() {
        unavailable = KvmGuest.unavailable();
        emulated = new EmulatedGuest();
    }

    @AfterAll
    static void stop() {
        emulated.close();
    }

    @TestFactory
    Stream<DynamicNode> the_machine_does_what_the_processor_does() {
        Pattern only = Pattern.compile(System.getProperty("kvm.only", ""));
        return FAMILIES.entrySet().stream()
                .map(family -> dynamicContainer(
                        family.getKey(),
                        family.getValue().stream()
                                .filter(c -> only.matcher(c.name()).find())
                                .map(c -> dynamicTest(c.name(), () -> check(c)))));
    }

    private void check(SystemCase systemCase) throws InterruptedException {
        Outcome ours = emulated.run(systemCase.image(), TIMEOUT_MILLIS);
        if (systemCase.expected() != null) {
            assertThat(ours.summary()).isEqualTo(systemCase.expected());
        }
        for (SystemCase.Field field : systemCase.fields()) {
            Map<String, Long> event = Record.read(ours.memory()).get(field.event());
            assertThat(event.get(field.name())).as(field.name()).isEqualTo(field.value());
        }
        assumeTrue(unavailable == null, unavailable);
        boolean judged = systemCase.hardwareOnly() == null || !KvmGuest.interpretsSupervisorCode();
        assumeTrue(judged || systemCase.expected() != null, systemCase.hardwareOnly());
        if (judged) {
            compare(systemCase, ours);
        }
    }

    /** More than once: a switch between processes in the wrong moment makes state components be in use (XINUSE). */
    private static void compare(SystemCase systemCase, Outcome ours) throws InterruptedException {
        Outcome theirs = KvmGuest.run(systemCase.image(), TIMEOUT_MILLIS);
        List<String> differences = theirs.differences(ours);
        for (int i = 1; i < ATTEMPTS && !differences.isEmpty() && theirs.end() == ours.end(); i++) {
            theirs = KvmGuest.run(systemCase.image(), TIMEOUT_MILLIS);
            differences = theirs.differences(ours);
        }
        assertThat(differences)
                .as("KVM's outcome, then the emulated machine's; KVM: %s", theirs.summary())
                .isEmpty();
    }
}
