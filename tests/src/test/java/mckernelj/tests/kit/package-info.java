// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * What the whole-system tests share: {@link mckernelj.tests.kit.Execution} starts a command and waits for its {@link
 * mckernelj.tests.kit.Outcome}; {@link mckernelj.tests.kit.GuestPrograms} compiles {@code src/test/guest}; {@link
 * mckernelj.tests.kit.Sandbox} is a directory of input files.
 */
package mckernelj.tests.kit;
