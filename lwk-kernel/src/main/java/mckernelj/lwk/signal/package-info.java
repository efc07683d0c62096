// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * Signals: what is pending and blocked ({@link mckernelj.lwk.signal.ThreadSignals}, {@link
 * mckernelj.lwk.signal.ProcessSignals}), sending ({@link mckernelj.lwk.signal.Signals}), what happens on the way back
 * to user mode ({@link mckernelj.lwk.signal.SignalDelivery}) and the frame a handler sees ({@link
 * mckernelj.lwk.signal.SignalFrame}).
 *
 * <p>One lock per process, its {@code ProcessSignals}, covers dispositions, masks and pending signals of all its
 * threads.
 */
package mckernelj.lwk.signal;
