// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import mckernelj.ihk.Errno;
import mckernelj.linuxhost.partition.LinuxPartition;

/**
 * Processors (Linux CPU ids) that IHK has taken from Linux and not assigned to an OS. Confined to {@link IhkDevice}'s
 * lock.
 */
final class CpuPool {
    private final LinuxPartition partition;
    private final TreeSet<Integer> available = new TreeSet<>();

    CpuPool(LinuxPartition partition) {
        this.partition = partition;
    }

    List<Integer> cpus() {
        return new ArrayList<>(available);
    }

    /** All or none. */
    void reserve(List<Integer> cpus) throws IhkException {
        Set<Integer> seen = new HashSet<>();
        for (int cpu : cpus) {
            boolean exists = cpu > 0 && cpu < partition.machine().cpuCount();
            if (!exists || !partition.isOnline(cpu) || !seen.add(cpu)) {
                throw new IhkException(Errno.EINVAL, "CPU " + cpu + " cannot be reserved");
            }
        }
        for (int cpu : cpus) {
            partition.offline(cpu);
            available.add(cpu);
        }
    }

    void release(List<Integer> cpus) throws IhkException {
        check(cpus);
        for (int cpu : cpus) {
            available.remove(cpu);
            partition.online(cpu);
        }
    }

    void take(List<Integer> cpus) throws IhkException {
        check(cpus);
        cpus.forEach(available::remove);
    }

    void add(int cpu) {
        available.add(cpu);
    }

    private void check(List<Integer> cpus) throws IhkException {
        if (!available.containsAll(cpus) || new HashSet<>(cpus).size() != cpus.size()) {
            throw new IhkException(Errno.EINVAL, "not all reserved and free: CPUs " + ResourceLists.formatCpus(cpus));
        }
    }
}
