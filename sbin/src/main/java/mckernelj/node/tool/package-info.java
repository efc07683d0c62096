// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** The command-line tools, one class each (reference: McKernel's commands). They run in the node and act through the caller's process. */
package mckernelj.node.tool;
