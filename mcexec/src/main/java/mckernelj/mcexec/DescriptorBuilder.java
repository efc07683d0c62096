// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.mcexec;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import mckernelj.ihk.launch.LoadedProgram;
import mckernelj.ihk.launch.OsAccess;
import mckernelj.ihk.launch.ProxyProcess;
import mckernelj.ihk.launch.StartState;
import mckernelj.ihk.layout.ProgramLoadDescriptor;

/** Turns options and the process's start state into the program load descriptor. */
final class DescriptorBuilder {
    private static final int RLIMIT_STACK = 3;
    private static final String SAVED_STACK_LIMIT = "MCKERNEL_RLIMIT_STACK";
    private static final String LWK_PRELOAD = "MCKERNEL_LD_PRELOAD";

    private final McexecOptions options;
    private final ProxyProcess process;
    private final OsAccess os;
    private final ProgramLoadDescriptor descriptor = new ProgramLoadDescriptor();

    DescriptorBuilder(McexecOptions options, ProxyProcess process, OsAccess os) {
        this.options = options;
        this.process = process;
        this.os = os;
    }

    /** Everything that does not depend on the program. */
    void applyOptions() throws UsageError {
        placement();
        memory();
        identity();
        descriptor.enableVdso = !options.disableVdso;
        descriptor.profile = options.profile;
        descriptor.traceCalls = options.strace;
        descriptor.mcexecFlags = hexadecimal(options.flags);
        if (options.threads != null && Sizes.number(options.threads) <= 0) {
            throw new UsageError(UsageError.FAILURE, "error: -t: invalid number of threads\n");
        }
    }

    ProgramLoadDescriptor finish(LoadedProgram program, List<String> arguments) throws UsageError {
        program.describe(descriptor);
        List<String> words = new ArrayList<>(program.argumentPrefix());
        words.addAll(words.isEmpty() ? arguments : arguments.subList(1, arguments.size()));
        descriptor.arguments = strings(words);
        descriptor.environment = strings(environment());
        return descriptor;
    }

    private void placement() throws UsageError {
        if (options.targetCpu != null) {
            descriptor.cpu = Sizes.number(options.targetCpu);
            if (descriptor.cpu < 0 || descriptor.cpu >= os.cpuCount()) {
                throw new UsageError(UsageError.FAILURE, "error: -c: invalid target CPU\n");
            }
        }
        if (options.processes != null) {
            int processes = Sizes.number(options.processes);
            if (processes <= 0) {
                throw new UsageError(UsageError.EINVAL, "error: -n: invalid number of processes\n");
            }
            if (processes > os.cpuCount()) {
                throw new UsageError(UsageError.EINVAL, "error: nr_processes can't exceed nr. of CPUs\n");
            }
            if (descriptor.cpu == 0) {
                os.joinPartition(process, processes, descriptor);
            }
        }
    }

    private void memory() throws UsageError {
        descriptor.mpolFlags = (options.mpolNoHeap ? ProgramLoadDescriptor.MPOL_NO_HEAP : 0)
                | (options.mpolNoStack ? ProgramLoadDescriptor.MPOL_NO_STACK : 0)
                | (options.mpolNoBss ? ProgramLoadDescriptor.MPOL_NO_BSS : 0)
                | (options.mpolShmPremap ? ProgramLoadDescriptor.MPOL_SHM_PREMAP : 0);
        descriptor.mpolThreshold = size("-M", options.mpolThreshold, 0);
        descriptor.heapExtension = Math.max(4096, size("-h", options.heapExtension, 4096));
        descriptor.straightMap = options.straightMap;
        descriptor.straightMapThreshold = size("-S", options.straightMapThreshold, 0);
        if (options.nodes != null) {
            descriptor.mpolBindMask = Sizes.nodes(options.nodes, os.nodeCount());
            if (descriptor.mpolBindMask == 0) {
                throw new UsageError(UsageError.FAILURE, "error: -m: invalid NUMA nodes\n");
            }
        }
        limits();
        stack();
    }

    private void limits() throws UsageError {
        List<StartState.ResourceLimit> limits = process.start().limits();
        for (int i = 0; i < Math.min(limits.size(), ProgramLoadDescriptor.RLIMITS); i++) {
            descriptor.rlimits[2 * i] = limits.get(i).soft();
            descriptor.rlimits[2 * i + 1] = limits.get(i).hard();
        }
        String saved = process.start().environmentValue(SAVED_STACK_LIMIT);
        if (saved != null) {
            int comma = saved.indexOf(',');
            long soft = comma < 0 ? -1 : Sizes.parse(saved.substring(0, comma));
            long hard = comma < 0 ? -1 : Sizes.parse(saved.substring(comma + 1));
            if (soft < 0 || hard < 0) {
                throw new UsageError(UsageError.FAILURE, "Error: Failed to parse " + SAVED_STACK_LIMIT + "\n");
            }
            descriptor.rlimits[2 * RLIMIT_STACK] = soft;
            descriptor.rlimits[2 * RLIMIT_STACK + 1] = hard;
        }
    }

    private void stack() throws UsageError {
        if (options.stackPremap == null) {
            return;
        }
        int comma = options.stackPremap.indexOf(',');
        String premap = comma < 0 ? options.stackPremap : options.stackPremap.substring(0, comma);
        if (!premap.isEmpty()) {
            descriptor.stackPremap = size("-s", premap, 0);
        }
        if (comma >= 0) {
            descriptor.rlimits[2 * RLIMIT_STACK] = size("-s", options.stackPremap.substring(comma + 1), 0);
        }
    }

    private void identity() {
        StartState.Identity identity = process.start().identity();
        descriptor.pid = process.pid();
        descriptor.ppid = identity.parentPid();
        descriptor.pgid = identity.processGroup();
        descriptor.sid = identity.session();
        int[] ids = {
            identity.uid(),
            identity.euid(),
            identity.euid(),
            identity.euid(),
            identity.gid(),
            identity.egid(),
            identity.egid(),
            identity.egid()
        };
        System.arraycopy(ids, 0, descriptor.credentials, 0, ids.length);
        descriptor.ignoredSignals = process.start().ignoredSignals();
        descriptor.blockedSignals = process.start().blockedSignals();
    }

    /** The user's environment, {@code -e} and the LWK's own LD_PRELOAD added, mcexec's internal variables taken out. */
    private List<String> environment() throws UsageError {
        List<String> entries = new ArrayList<>(process.start().environment());
        String preload = process.start().environmentValue(LWK_PRELOAD);
        if (preload != null) {
            String before = process.start().environmentValue("LD_PRELOAD");
            put(entries, "LD_PRELOAD", before == null || before.isEmpty() ? preload : before + ":" + preload);
        }
        entries.removeIf(entry -> entry.startsWith(SAVED_STACK_LIMIT + "="));
        for (String entry : options.environment) {
            int equals = entry.indexOf('=');
            if (equals <= 0) {
                throw new UsageError(UsageError.FAILURE, "error: -e: needs NAME=value\n");
            }
            put(entries, entry.substring(0, equals), entry.substring(equals + 1));
        }
        return entries;
    }

    private static void put(List<String> entries, String name, String value) {
        entries.removeIf(entry -> entry.startsWith(name + "="));
        entries.add(name + "=" + value);
    }

    private static byte[] strings(List<String> words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String word : words) {
            bytes.writeBytes(word.getBytes(StandardCharsets.ISO_8859_1));
            bytes.write(0);
        }
        return bytes.toByteArray();
    }

    private static long size(String option, String text, long byDefault) throws UsageError {
        if (text == null) {
            return byDefault;
        }
        long size = Sizes.parse(text);
        if (size < 0) {
            throw new UsageError(UsageError.FAILURE, "error: " + option + ": invalid size\n");
        }
        return size;
    }

    private static int hexadecimal(String text) throws UsageError {
        if (text == null) {
            return 0;
        }
        try {
            return Integer.parseUnsignedInt(text.startsWith("0x") ? text.substring(2) : text, 16);
        } catch (NumberFormatException e) {
            throw new UsageError(UsageError.FAILURE, "error: -f: invalid flags\n");
        }
    }
}
