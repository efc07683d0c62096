// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** The tool {@code baremetal}: a Multiboot image on the machine with the devices of a PC, without any kernel of ours. */
package mckernelj.node.baremetal;
