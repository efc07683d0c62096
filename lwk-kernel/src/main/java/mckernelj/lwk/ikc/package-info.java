// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * The LWK's ends of the IKC channels: {@link mckernelj.lwk.ikc.MasterChannel} opens them,
 * {@link mckernelj.lwk.ikc.IkcDispatch} uses them.
 */
package mckernelj.lwk.ikc;
