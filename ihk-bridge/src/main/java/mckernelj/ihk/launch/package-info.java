// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** What mcexec and the tools may ask of a proxy process and of the operating systems of a node. Start at ProxyProcess. */
package mckernelj.ihk.launch;
