// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * The mcexec command: options ({@link mckernelj.mcexec.McexecOptions}), program lookup
 * ({@link mckernelj.mcexec.ProgramPath}), load descriptor. It runs in the node and acts through the user's process; the
 * client's machine code is in {@code mcexec.image}.
 */
package mckernelj.mcexec;
