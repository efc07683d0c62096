// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.launch;

import mckernelj.ihk.layout.ProgramLoadDescriptor;
import mckernelj.ihk.os.OsStatus;

/** One running OS instance, as opened by mcexec (upstream: the ioctls of /dev/mcosN). */
public interface OsAccess {
    int index();

    OsStatus status();

    /** LWK CPUs. */
    int cpuCount();

    /** NUMA nodes that the LWK has. */
    int nodeCount();

    /** Files as the process sees them. */
    ProgramFiles files(ProxyProcess process);

    /**
     * A place among {@code processes} processes of one parallel job (those with the same parent): rank and CPUs are written
     * to the descriptor (upstream: GET_CPUSET).
     */
    void joinPartition(ProxyProcess process, int processes, ProgramLoadDescriptor descriptor);

    /**
     * Builds the process image on LWK CPU {@code descriptor.cpu} and lets it run; the process is its servant from then on and
     * ends when the program ends. Returns 0 or a negative errno, in which case nothing has been started. The program's files are
     * closed.
     */
    int start(ProxyProcess process, LoadedProgram program, ProgramLoadDescriptor descriptor);
}
