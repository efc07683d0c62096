// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * The Linux partition of the machine: the first software that runs on it, owner of all processors and memory until IHK
 * takes some. Its processors only handle interrupts; what Linux does with files and processes, the host's Linux does.
 * Start at {@link mckernelj.linuxhost.partition.LinuxPartition}.
 */
package mckernelj.linuxhost.partition;
