// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** What the Linux side and the LWK side share: words of the Linux ABI, structures in guest memory, queues, launch interfaces. */
package mckernelj.ihk;
