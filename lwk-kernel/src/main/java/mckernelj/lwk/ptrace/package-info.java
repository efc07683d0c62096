// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * ptrace(2): threads that another process of the LWK traces. {@link mckernelj.lwk.ptrace.Tracing} is the relation and its stops, {@link
 * mckernelj.lwk.ptrace.TraceRequests} what a tracer may ask for.
 */
package mckernelj.lwk.ptrace;
