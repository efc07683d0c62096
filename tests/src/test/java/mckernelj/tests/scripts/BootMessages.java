// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kernel messages of a boot. */
record BootMessages(String text) {
    private static final List<String> ORDER = List.of(
            "^IHK/McKernel started\\.$",
            "^\\[ -1\\]: no_execute_available: 1$",
            "^\\[ -1\\]: setup_x86 done\\.$",
            "^\\[ -1\\]: ns_per_tsc: \\d+$",
            "^\\[ -1\\]: KCommand Line: hidos",
            "^\\[ -1\\]: Physical memory: 0x[0-9a-f]+ - 0x[0-9a-f]+, \\d+ bytes, \\d+ pages available @ NUMA: \\d+$",
            "^\\[ -1\\]: NUMA: 0, Linux NUMA: \\d+, type: 1, available bytes: \\d+, pages: \\d+$",
            "^\\[ -1\\]: NUMA 0 distances: ",
            "^\\[ -1\\]: Trampoline area: 0x[0-9a-f]+ $",
            "^\\[ -1\\]: # of cpus : \\d+$",
            "^\\[ -1\\]: locals = [0-9a-f]{16}$",
            "^\\[  0\\]: BSP: 0 \\(HW ID: \\d+ @ NUMA \\d+\\)$",
            "^\\[  0\\]: BSP: booted \\d+ AP CPUs$",
            "^\\[  0\\]: Master channel init acked\\.$",
            "^\\[  0\\]: vdso is enabled$",
            "^IHK/McKernel booted\\.$");
    private static final Pattern PHYSICAL_MEMORY =
            Pattern.compile("Physical memory: 0x([0-9a-f]+) - 0x([0-9a-f]+), (\\d+) bytes, (\\d+) pages");

    void assertOrder() {
        int from = 0;
        for (String expected : ORDER) {
            Matcher matcher = Pattern.compile(expected, Pattern.MULTILINE).matcher(text);
            assertThat(matcher.find(from))
                    .as("%s after character %d of\n%s", expected, from, text)
                    .isTrue();
            from = matcher.end();
        }
    }

    void assertPhysicalMemoryAddsUp() {
        Matcher matcher = PHYSICAL_MEMORY.matcher(text);
        int chunks = 0;
        for (; matcher.find(); chunks++) {
            long bytes = Long.parseLong(matcher.group(3));
            assertThat(Long.parseLong(matcher.group(2), 16) - Long.parseLong(matcher.group(1), 16))
                    .isEqualTo(bytes);
            assertThat(Long.parseLong(matcher.group(4)) * 4096).isEqualTo(bytes);
        }
        assertThat(chunks).isPositive();
    }

    /** The number that the group of {@code pattern} finds. */
    long number(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as("%s in\n%s", pattern, text).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
