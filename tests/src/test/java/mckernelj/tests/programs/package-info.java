// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** Unmodified programs on the LWK, compared with the same programs on the host. */
package mckernelj.tests.programs;
