// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** Files that are no programs and programs that behave badly: the node answers each and lives on. */
package mckernelj.tests.badinput;
