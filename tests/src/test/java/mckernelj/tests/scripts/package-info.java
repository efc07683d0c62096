// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** The tools as a person at a shell sees them: the real scripts of {@code sbin}, nodes in processes of their own. */
package mckernelj.tests.scripts;
