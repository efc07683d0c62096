// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** System calls case by case, on the host and on the LWK. */
package mckernelj.tests.conformance;
