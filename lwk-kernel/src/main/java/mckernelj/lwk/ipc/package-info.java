// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** System V shared memory: {@link mckernelj.lwk.ipc.ShmTable}. Semaphores and message queues are Linux's. */
package mckernelj.lwk.ipc;
