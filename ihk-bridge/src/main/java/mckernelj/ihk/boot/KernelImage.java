// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.boot;

import mckernelj.emulator.hw.Machine;

/**
 * A kernel that IHK can load: an ELF64 image with its machine code, and the Java code behind its gate. The image is
 * linked at {@link mckernelj.ihk.layout.KernelSpace#MAP_KERNEL_START} + 0x1000.
 *
 * <p>IHK copies the PT_LOAD segments, then calls {@link #attach}, then starts the bootstrap processor in real mode at
 * the trampoline. That ends with a jump to the ELF entry in 64-bit mode, interrupts off, on the boot page tables, with
 * RDI = physical address of the {@link mckernelj.ihk.layout.BootParameters}, RSI = physical address of the kernel
 * image, RDX = physical address of the trampoline page (upstream: arch_start).
 */
public interface KernelImage {
    /** The ELF file for OS instance {@code osIndex}: its code contains the instance's gate port. */
    byte[] elf(int osIndex);

    String buildId();

    /**
     * Registers the gate handler of this instance ({@link mckernelj.ihk.os.GatePorts#lwk}). Nothing of the kernel runs
     * yet. Called once per boot, by a host thread.
     */
    Attachment attach(Machine machine, int osIndex);

    /** The Java half of one booted instance. */
    interface Attachment {
        /**
         * Called after the kernel's processors were reset: removes the gate, discards kernel stacks, drops everything.
         */
        void detach();
    }
}
