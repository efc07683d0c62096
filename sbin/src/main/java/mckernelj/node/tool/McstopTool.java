// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node.tool;

import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.IntFunction;
import mckernelj.ihk.launch.ProxyProcess;
import mckernelj.ihk.launch.Tool;
import mckernelj.linuxhost.ihk.IhkDevice;
import mckernelj.linuxhost.ihk.IhkException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mcstop+release}: destroys all OS instances, releases everything, ends the node. */
public final class McstopTool implements Tool {
    private static final int SIGKILL = 9;

    private final IhkDevice ihk;
    private final IntFunction<List<ProxyProcess>> users;
    private final Lock turns;
    private final Runnable stopNode;

    /** {@code users}: the processes that run on an OS instance; {@code turns}: held while resources move. */
    public McstopTool(IhkDevice ihk, IntFunction<List<ProxyProcess>> users, Lock turns, Runnable stopNode) {
        this.ihk = ihk;
        this.users = users;
        this.turns = turns;
        this.stopNode = stopNode;
    }

    @Command(
            name = "mcstop+release",
            description = "Stops McKernel, releases its resources and ends the node.",
            sortOptions = false)
    static final class Options {
        @Option(names = "-r", paramLabel = "<rmmod>", description = "path of rmmod (accepted; there are no modules)")
        String rmmod;

        @Option(names = "-k", description = "kill the processes which still use the LWK")
        boolean kill;

        @Option(names = "-R", description = "release the resources, but let the node run")
        boolean keepNode;

        @Option(names = "--help", usageHelp = true, description = "print this text")
        boolean help;

        @Option(
                names = {"-V", "--version"},
                versionHelp = true,
                description = "print the version")
        boolean version;

        @Parameters(hidden = true)
        List<String> extra = List.of();
    }

    static Options options() {
        return new Options();
    }

    @Override
    public int run(ProxyProcess process) {
        turns.lock();
        try {
            return Toolbox.run(new Options(), process, (options, p) -> stop(options));
        } finally {
            turns.unlock();
        }
    }

    private int stop(Options options) throws ToolFailure, IhkException {
        if (!options.extra.isEmpty()) {
            throw new ToolFailure(Toolbox.FAILURE, "Extra arguments: " + String.join(" ", options.extra));
        }
        for (int index : ihk.osInstances()) {
            List<ProxyProcess> running = users.apply(index);
            if (!running.isEmpty() && !options.kill) {
                String pids = String.join(
                        " ", running.stream().map(p -> String.valueOf(p.pid())).toList());
                throw new ToolFailure(Toolbox.FAILURE, "Proesses still using /dev/mcos" + index + ": " + pids);
            }
            running.forEach(p -> p.killSelf(SIGKILL));
            ihk.destroyOs(index);
        }
        ihk.releaseCpus(ihk.cpus());
        ihk.releaseAllMemory();
        if (!options.keepNode) {
            stopNode.run();
        }
        return 0;
    }
}
