// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** The machine code of proxy processes. Start at ServantImage; the other side is linux-host's package proxy. */
package mckernelj.mcexec.image;
