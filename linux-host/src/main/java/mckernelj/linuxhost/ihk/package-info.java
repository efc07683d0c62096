// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * IHK: partitions of the machine and their life. {@link mckernelj.linuxhost.ihk.IhkDevice} is libihk's device (reserve
 * CPUs and memory, create and destroy OS instances), {@link mckernelj.linuxhost.ihk.OsInstance} one OS (assign, load,
 * boot, shut down, watch), {@link mckernelj.linuxhost.ihk.IkcEndpoint} the Linux end of its channels.
 */
package mckernelj.linuxhost.ihk;
