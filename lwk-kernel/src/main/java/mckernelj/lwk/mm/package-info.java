// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * Virtual memory of processes: {@link mckernelj.lwk.mm.ProcessVm} (one address space), its {@link
 * mckernelj.lwk.mm.VmRange}s, {@link mckernelj.lwk.mm.PageTables} in guest memory, memory objects (files, shared
 * memory), page faults.
 *
 * <p>Locking: the address space's lock covers ranges and page tables and is never held while a thread sleeps. Frames
 * that leave an address space go through {@link mckernelj.lwk.mm.MmuGather}: first no processor and no servant may know
 * them any more, then they are free.
 */
package mckernelj.lwk.mm;
