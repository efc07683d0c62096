// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * The machine code of the LWK, emitted by an assembler: {@link mckernelj.lwk.image.LwkImage}.
 */
package mckernelj.lwk.image;
