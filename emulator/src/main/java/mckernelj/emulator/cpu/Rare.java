// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A way of computing that is seldom needed: a region leaves ({@link LeaveRegion}) instead of calling the method, so that HotSpot need not keep
 * registers for the call. If a program needs it often the region is translated again, with the call.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Rare {}
