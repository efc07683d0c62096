// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.mcexec;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Options of mcexec as the user wrote them (reference: McKernel's mcexec). Parsing stops at the first word that is no option; if
 * that word begins with a digit it is the OS index.
 */
@Command(
        name = "mcexec",
        version = "mcexec (McKernel/J) 0.1.0",
        customSynopsis = "mcexec [options] [<mcos-id>] <program> [args...]",
        description = "Runs a Linux program on McKernel.",
        sortOptions = false)
final class McexecOptions {
    @Option(names = "-c", paramLabel = "<n>", description = "LWK CPU of the main thread (0)")
    String targetCpu;

    @Option(names = "-n", paramLabel = "<n>", description = "number of processes which share the LWK's CPUs")
    String processes;

    @Option(
            names = "-t",
            paramLabel = "<n>",
            description = "number of proxy worker threads (accepted; they are made on demand)")
    String threads;

    @Option(
            names = {"-M", "--mpol-threshold"},
            paramLabel = "<size>",
            description = "accepted, without effect")
    String mpolThreshold;

    @Option(names = "-m", paramLabel = "<nodes>", description = "NUMA nodes to prefer: 0-1,3 or all")
    String nodes;

    @Option(
            names = {"-h", "--extend-heap-by"},
            paramLabel = "<size>",
            description = "step by which brk extends the heap (4k)")
    String heapExtension;

    @Option(
            names = {"-s", "--stack-premap"},
            paramLabel = "[premap][,max]",
            description = "bytes of stack to map at once (2m), maximal size of the stack")
    String stackPremap;

    @Option(names = "-e", paramLabel = "NAME=value", description = "add to the environment")
    List<String> environment = new ArrayList<>();

    @Option(
            names = {"-S", "--straight-map-threshold"},
            paramLabel = "<size>",
            description = "accepted, without effect")
    String straightMapThreshold;

    @Option(
            names = {"-u", "--uti-thread-rank"},
            paramLabel = "<n>",
            description = "accepted, without effect")
    String utiThreadRank;

    @Option(
            names = {"-f", "--flags"},
            paramLabel = "<hex>",
            description = "raw flags (accepted)")
    String flags;

    @Option(names = "--mpol-no-heap", description = "accepted, without effect")
    boolean mpolNoHeap;

    @Option(names = "--mpol-no-stack", description = "accepted, without effect")
    boolean mpolNoStack;

    @Option(names = "--mpol-no-bss", description = "accepted, without effect")
    boolean mpolNoBss;

    @Option(names = "--mpol-shm-premap", description = "accepted, without effect")
    boolean mpolShmPremap;

    @Option(names = "--no-bind-ikc-map", description = "accepted, without effect")
    boolean noBindIkcMap;

    @Option(names = "--enable-vdso", description = "map the vdso (default)")
    boolean enableVdso;

    @Option(names = "--disable-vdso", description = "do not map the vdso")
    boolean disableVdso;

    @Option(names = "--profile", description = "accepted, without effect")
    boolean profile;

    @Option(names = "--disable-sched-yield", description = "accepted, without effect")
    boolean disableSchedYield;

    @Option(names = "--enable-straight-map", description = "accepted, without effect")
    boolean straightMap;

    @Option(
            names = {"--enable-uti", "--uti-use-last-cpu"},
            description = "not available")
    boolean uti;

    @Option(names = "--strace", description = "print each system call, its place and its cycles to standard error")
    boolean strace;

    @Option(names = "--debug-mcexec", description = "print what mcexec does")
    boolean debug;

    @Option(names = "--enable-tofu", description = "accepted, without effect")
    boolean tofu;

    @Option(names = "--help", usageHelp = true, description = "print this text")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "print the version")
    boolean version;

    @Parameters(hidden = true)
    List<String> words = new ArrayList<>();

    private CommandLine commandLine() {
        return new CommandLine(this)
                .setStopAtPositional(true)
                .setUnmatchedOptionsArePositionalParams(false)
                .setOverwrittenOptionsAllowed(true)
                .setExpandAtFiles(false)
                .setTrimQuotes(false);
    }

    /** Parses a command line; the error's text has a usage line. */
    static McexecOptions parse(List<String> arguments) throws UsageError {
        McexecOptions options = new McexecOptions();
        if (!arguments.isEmpty() && !arguments.get(0).startsWith("-")) {
            options.words = arguments; // no option: picocli's reflection would be most of a program's start
            return options;
        }
        try {
            options.commandLine().parseArgs(arguments.toArray(new String[0]));
        } catch (CommandLine.ParameterException e) {
            throw new UsageError(UsageError.FAILURE, "mcexec: " + e.getMessage() + "\n" + options.usage());
        }
        return options;
    }

    String usage() {
        return commandLine().getUsageMessage(CommandLine.Help.Ansi.OFF);
    }

    String versionText() {
        return "mcexec (McKernel/J) 0.1.0\n";
    }

    /** Index of the OS instance. */
    int osIndex() throws UsageError {
        if (!hasOsIndex()) {
            return 0;
        }
        int index = Sizes.number(words.get(0));
        if (index < 0) {
            throw new UsageError(UsageError.FAILURE, "Error: Failed to open /dev/mcos" + words.get(0) + ".\n");
        }
        return index;
    }

    /** The program and its arguments. */
    List<String> program() {
        return hasOsIndex() ? words.subList(1, words.size()) : words;
    }

    private boolean hasOsIndex() {
        return !words.isEmpty()
                && !words.get(0).isEmpty()
                && Character.digit(words.get(0).charAt(0), 10) >= 0;
    }
}
