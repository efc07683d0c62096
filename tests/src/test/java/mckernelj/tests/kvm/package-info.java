// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers

/**
 * The system side of the processor, judged by {@code /dev/kvm}: each {@link mckernelj.tests.kvm.SystemCase} is a small
 * guest that runs once there and once in the emulated machine; what its handlers recorded and all of its memory must be
 * equal. Start with {@link mckernelj.tests.kvm.GuestImage}.
 */
package mckernelj.tests.kvm;
