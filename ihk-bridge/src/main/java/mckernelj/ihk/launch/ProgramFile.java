// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.launch;

import mckernelj.ihk.elf.ElfSource;
import mckernelj.ihk.layout.PagerObject;

/** An executable file that has been opened; nothing of it stays open in the process. */
public interface ProgramFile extends ElfSource, AutoCloseable {
    /** The path by which Linux knows the file (a byte string). */
    String path();

    /** Hands the file to the pager: fills {@code target}, whose handle has one reference for the LWK. Once. */
    void describe(PagerObject target);

    /** Closes the file unless the pager has it. */
    @Override
    void close();
}
