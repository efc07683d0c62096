// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** Random C programs, which must compute the same on the LWK as on the host. */
package mckernelj.tests.random;
