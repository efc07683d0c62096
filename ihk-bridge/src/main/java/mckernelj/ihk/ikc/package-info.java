// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * Inter-kernel communication: queues in guest physical memory ({@link mckernelj.ihk.ikc.IkcQueue}), the packets in them
 * ({@link mckernelj.ihk.ikc.IkcPacket}, {@link mckernelj.ihk.ikc.MasterPacket}), message numbers and ports. Doorbells
 * are interrupts: {@link mckernelj.ihk.os.InterruptVectors#IKC} to the LWK, the vector of the boot parameters to Linux.
 */
package mckernelj.ihk.ikc;
