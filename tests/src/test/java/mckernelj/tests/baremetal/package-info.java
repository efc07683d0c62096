// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/** Images of {@code src/test/baremetal} on our machine and on QEMU's: both must print what is expected. */
package mckernelj.tests.baremetal;
