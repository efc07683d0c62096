// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * Servants: Linux processes that execute system calls for the node. Read {@link
 * mckernelj.ihk.launch.MailboxLayout}, then {@link mckernelj.linuxhost.proxy.Servant} and {@link
 * mckernelj.linuxhost.proxy.ServantSlot}.
 */
package mckernelj.linuxhost.proxy;
