// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * The system-call delegator. {@link mckernelj.linuxhost.mcctrl.Mcctrl} receives the LWK's messages;
 * {@link mckernelj.linuxhost.mcctrl.ProcessData} is what it knows of a process, {@link mckernelj.linuxhost.mcctrl.PendingCall}
 * one delegated call on its way, {@link mckernelj.linuxhost.mcctrl.CallShapes} which memory each call touches,
 * {@link mckernelj.linuxhost.mcctrl.UserSpaceMirror} which of it the servant already has.
 */
package mckernelj.linuxhost.mcctrl;
