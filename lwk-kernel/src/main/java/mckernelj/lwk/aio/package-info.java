// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** Linux' asynchronous I/O, io_setup(2): {@link mckernelj.lwk.aio.AioContexts}. */
package mckernelj.lwk.aio;
