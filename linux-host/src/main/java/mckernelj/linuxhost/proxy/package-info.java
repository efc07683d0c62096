// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * Servants: Linux processes that execute system calls for the node. Read {@link
 * mckernelj.ihk.launch.MailboxLayout}, then {@link mckernelj.linuxhost.proxy.Servant} and {@link
 * mckernelj.linuxhost.proxy.ServantSlot}; {@link mckernelj.linuxhost.proxy.ClientListener} is where they come from.
 *
 * <p>What must never be delegated, since the servant's own machinery depends on it: calls that change its address space
 * (mmap, munmap, brk, mremap, mprotect), signal actions and masks (rt_sig*, sigaltstack), clone, exit, execve, seccomp,
 * personality, RLIMIT_AS. Pointers at or above USER_END must not reach Linux.
 */
package mckernelj.linuxhost.proxy;
