// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node.tool;

import java.util.List;
import mckernelj.linuxhost.ihk.IhkException;
import mckernelj.linuxhost.ihk.MemoryRequest;
import mckernelj.linuxhost.ihk.ResourceLists;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Options of mcreboot (reference: McKernel's mcreboot.sh). The node reads them too, to know how large a machine they need. */
@Command(
        name = "mcreboot",
        customSynopsis = "mcreboot [options]",
        description = "Boots McKernel on some CPUs and memory; starts the node (the emulated machine) if none runs.",
        sortOptions = false)
public final class McrebootOptions {
    @Option(
            names = "-c",
            paramLabel = "<cpus>",
            description = "CPUs of the LWK, in the order of its numbering: 1-3,5 (second half of node 0)")
    String cpus;

    @Option(
            names = "-m",
            paramLabel = "<memory>",
            description = "memory of the LWK: <size>[@<node>],... (${DEFAULT-VALUE})")
    String memory = "512M@0";

    @Option(names = "-r", paramLabel = "<map>", description = "which Linux CPU serves which LWK CPUs: 1,2:0+3:4")
    String ikcMap;

    @Option(names = "-q", paramLabel = "<irq>", description = "interrupt vector of IKC (accepted; the node chooses)")
    String irq;

    @Option(
            names = "-o",
            paramLabel = "<user>",
            description = "owner of the devices (accepted; the node belongs to its user)")
    String owner;

    @Option(names = "-f", paramLabel = "<facility>", description = "syslog facility of ihkmond (accepted)")
    String facility;

    @Option(names = "-k", paramLabel = "0|1", description = "redirection of kernel messages by ihkmond (accepted)")
    String redirect;

    @Option(names = "-i", paramLabel = "<seconds>", description = "interval of hang detection (accepted)")
    String hangInterval;

    @Option(names = "-d", paramLabel = "<level>", description = "dump level (${DEFAULT-VALUE})")
    int dumpLevel = 24;

    @Option(names = "-t", description = "kernel argument turbo (without effect)")
    boolean turbo;

    @Option(names = "-s", description = "kernel argument safe_kernel_map (it always does)")
    boolean safeKernelMap;

    @Option(names = "-h", description = "kernel argument idle_halt (it always does)")
    boolean idleHalt;

    @Option(names = "-O", description = "kernel argument allow_oversubscribe (always allowed)")
    boolean oversubscribe;

    @Option(names = "-T", paramLabel = "0|1", description = "time sharing (${DEFAULT-VALUE})")
    int timeSharing = 1;

    @Option(names = "-e", paramLabel = "<arguments>", description = "further kernel arguments")
    String extra = "";

    @Option(names = "-R", description = "reserve again (always done)")
    boolean reserve;

    @Option(
            names = "--machine",
            paramLabel = "cores=<n>,numa=<n>,memory=<size>",
            description = "shape of the machine, if the node is started")
    String machine = "";

    @Option(
            names = "--cpu",
            paramLabel = "x86-64-v2|x86-64-v3",
            description = "what the processors can do, if the node is started (${DEFAULT-VALUE})")
    String cpu = "x86-64-v3";

    @Option(names = "--deterministic", description = "CPUs take turns in emulated time, if the node is started")
    boolean deterministic;

    @Option(
            names = "--engine",
            paramLabel = "<words>",
            description =
                    "how code is executed, if the node is started: interpreter, no-loops, ...; see the manual page")
    String engine;

    @Option(names = "--verbose", description = "accepted (the node's log has the stack traces)")
    boolean verbose;

    @Option(names = "--help", usageHelp = true, description = "print this text")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "print the version")
    boolean version;

    /** Parses a command line; Picocli's exception tells what is wrong. */
    public static McrebootOptions parse(List<String> arguments) {
        McrebootOptions options = new McrebootOptions();
        Toolbox.commandLine(options).parseArgs(arguments.toArray(new String[0]));
        return options;
    }

    public String machine() {
        return machine;
    }

    /** Name of the processors' profile. */
    public String cpu() {
        return cpu;
    }

    public boolean deterministic() {
        return deterministic;
    }

    /** Null: not said. */
    public String engine() {
        return engine;
    }

    /** The CPUs asked for; empty: the default of the machine. */
    public List<Integer> cpuList() throws IhkException {
        return cpus == null ? List.of() : ResourceLists.parseCpus(cpus);
    }

    public List<MemoryRequest> memoryList() throws IhkException {
        return ResourceLists.parseMemory(memory);
    }

    /** Absent items leave a space, which shows in the kernel's command line as upstream. */
    String kernelArguments() {
        return String.join(
                " ",
                "hidos",
                turbo ? "turbo" : "",
                safeKernelMap ? "safe_kernel_map" : "",
                idleHalt ? "idle_halt" : "",
                "dump_level=" + dumpLevel,
                extra,
                oversubscribe ? "allow_oversubscribe" : "",
                timeSharing != 0 ? "time_sharing" : "");
    }
}
