// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** The deterministic machine: same input, same cycles. */
package mckernelj.tests.determinism;
