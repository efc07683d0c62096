// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
/**
 * Guest code to Java bytecode. The translator knows no instruction: it evaluates the interpreter's own bytecode (the spun exec
 * methods and the methods they call) partially, with what is known at translation time, and keeps the state of the processor in
 * local variables.
 */
package mckernelj.emulator.translate;
