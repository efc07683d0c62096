// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * Boot of the LWK: read {@link mckernelj.lwk.boot.BootSequence} from top to bottom. {@link mckernelj.lwk.boot.LwkKernel} is what results;
 * {@link mckernelj.lwk.boot.McKernelImage} is what IHK loads.
 */
package mckernelj.lwk.boot;
