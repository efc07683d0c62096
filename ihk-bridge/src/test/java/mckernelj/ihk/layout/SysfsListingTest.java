// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SysfsListingTest {
    @Test
    void files_and_links_come_back_in_order() throws IOException {
        byte[] listing = new SysfsListing()
                .file("/a/b", "1\n")
                .link("/c", "../a")
                .file("/d", "")
                .bytes();
        List<String> seen = new ArrayList<>();
        SysfsListing.read(
                listing, (name, content) -> seen.add(name + "=" + content), (name, to) -> seen.add(name + "->" + to));
        assertThat(seen).containsExactly("/a/b=1\n", "/c->../a", "/d=");
    }

    @Test
    void an_entry_without_a_name_is_refused() {
        assertThatThrownBy(() -> SysfsListing.read(new byte[] {0, 'x', 0}, (n, c) -> {}, (n, c) -> {}))
                .isInstanceOf(IOException.class);
    }
}
