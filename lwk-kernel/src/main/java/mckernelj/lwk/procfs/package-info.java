// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** Contents of files of /proc and /sys that programs read: what the LWK knows and Linux does not. */
package mckernelj.lwk.procfs;
