// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.launch;

import java.util.List;
import java.util.Map;

/**
 * What a proxy process was started with, as it was before the node changed anything in it. Strings are byte strings (see
 * {@link ProxyProcess}).
 *
 * @param tool name of the command that the user called, such as {@code mcexec}
 * @param arguments the user's arguments, without the tool's name
 * @param environment in order, {@code NAME=value}; entries without '=' are kept
 * @param auxiliaryVector entries of the auxiliary vector: AT_ number to value
 * @param workingDirectory as getcwd gives it
 * @param limits the RLIMIT_ resources 0..15
 * @param groups supplementary groups
 * @param ignoredSignals bit n-1: signal n was inherited as ignored
 * @param blockedSignals bit n-1: signal n was inherited as blocked
 * @param standardErrorIsTerminal isatty(2)
 */
public record StartState(
        String tool,
        List<String> arguments,
        List<String> environment,
        Map<Integer, Long> auxiliaryVector,
        String workingDirectory,
        int umask,
        List<ResourceLimit> limits,
        Identity identity,
        List<Integer> groups,
        long ignoredSignals,
        long blockedSignals,
        boolean standardErrorIsTerminal) {

    /** One resource limit; -1 is RLIM_INFINITY. */
    public record ResourceLimit(long soft, long hard) {}

    /** Process and user identity. */
    public record Identity(
            int pid, int parentPid, int processGroup, int session, int uid, int euid, int gid, int egid) {}

    /** Value of an environment variable, or null. */
    public String environmentValue(String name) {
        String prefix = name + "=";
        for (String entry : environment) {
            if (entry.startsWith(prefix)) {
                return entry.substring(prefix.length());
            }
        }
        return null;
    }

    public boolean signalIgnored(int signal) {
        return (ignoredSignals >>> (signal - 1) & 1) != 0;
    }
}
