// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.ptrace;

/** The registers of a thread that stands still for a core dump. */
public record CoreThread(Tracee thread, TraceStop stop) {}
