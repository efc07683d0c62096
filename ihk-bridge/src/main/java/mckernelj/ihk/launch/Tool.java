// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.launch;

/** A command of the user, such as {@code mcexec} or {@code ihkosctl}: code of the node that acts through the process which was started. */
@FunctionalInterface
public interface Tool {
    /** Result of {@link #run}: the process lives on, as an LWK process. */
    int RUNS_ON = -1;

    /**
     * Does the work on a thread of its own; reads arguments and environment from {@link ProxyProcess#start}, writes with {@link
     * ProxyProcess#print}. Returns the exit status (0..255), with which the caller ends the process, or {@link #RUNS_ON}.
     */
    int run(ProxyProcess process);
}
