// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * The node: one JVM with a machine, its Linux partition and the LWKs. {@link mckernelj.node.NodeAssembly} wires the parts,
 * {@link mckernelj.node.NodeMain} is the daemon behind the scripts, {@link mckernelj.node.McKernelNode} the same for Java programs.
 */
package mckernelj.node;
