// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node.tool;

import java.util.List;
import mckernelj.ihk.launch.ProxyProcess;
import mckernelj.ihk.launch.Tool;
import mckernelj.linuxhost.ihk.IhkDevice;
import mckernelj.linuxhost.ihk.IhkException;
import mckernelj.linuxhost.ihk.ResourceLists;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ihkconfig <dev#> <action> [args]}: resources of the IHK device /dev/mcd0 (reference: McKernel's ihkconfig). */
public final class IhkconfigTool implements Tool {
    private final IhkDevice ihk;
    private final String buildId;

    public IhkconfigTool(IhkDevice ihk, String buildId) {
        this.ihk = ihk;
        this.buildId = buildId;
    }

    @Command(
            name = "ihkconfig",
            customSynopsis = {
                "ihkconfig <dev#> create|destroy <os#>",
                "       ihkconfig <dev#> reserve|release cpu|mem <list>",
                "       ihkconfig <dev#> query cpu|mem",
                "       ihkconfig <dev#> get os_instances|buildid"
            },
            description = "Reserves CPUs and memory from Linux, creates and destroys OS instances.",
            sortOptions = false)
    static final class Options {
        @Option(names = "--help", usageHelp = true, description = "print this text")
        boolean help;

        @Option(
                names = {"-V", "--version"},
                versionHelp = true,
                description = "print the version")
        boolean version;

        @Parameters(hidden = true)
        List<String> words = List.of();
    }

    static Options options() {
        return new Options();
    }

    @Override
    public int run(ProxyProcess process) {
        return Toolbox.run(new Options(), process, this::act);
    }

    private int act(Options options, ProxyProcess process) throws ToolFailure, IhkException {
        List<String> words = options.words;
        if (words.size() < 2) {
            throw new ToolFailure(
                    Toolbox.FAILURE, Toolbox.usage(new CommandLine(options)).stripTrailing());
        }
        if (!words.get(0).equals("0")) {
            throw new ToolFailure(
                    Toolbox.FAILURE, "error: open failed: /dev/mcd" + words.get(0) + ": No such file or directory");
        }
        String action = words.get(1);
        List<String> rest = words.subList(2, words.size());
        switch (action) {
            case "create" -> ihk.createOs();
            case "destroy" -> destroy(rest);
            case "reserve" -> reserve(rest);
            case "release" -> release(rest);
            case "query" -> process.print(Toolbox.STDOUT, query(rest) + "\n");
            case "get" -> process.print(Toolbox.STDOUT, get(rest) + "\n");
            default ->
                throw new ToolFailure(
                        Toolbox.FAILURE,
                        "Unknown action : " + action + "\n"
                                + Toolbox.usage(new CommandLine(options)).stripTrailing());
        }
        return 0;
    }

    private void destroy(List<String> rest) throws ToolFailure {
        int index = OsArguments.index(rest.isEmpty() ? "" : rest.get(0));
        try {
            ihk.destroyOs(index);
        } catch (IhkException e) {
            throw new ToolFailure(Toolbox.FAILURE, "error: destroying OS instance " + index + ": " + e.getMessage());
        }
    }

    private void reserve(List<String> rest) throws ToolFailure, IhkException {
        if (OsArguments.isCpu(rest)) {
            ihk.reserveCpus(ResourceLists.parseCpus(OsArguments.list(rest)));
        } else {
            ihk.reserveMemory(ResourceLists.parseMemory(OsArguments.list(rest)));
        }
    }

    private void release(List<String> rest) throws ToolFailure, IhkException {
        if (OsArguments.isCpu(rest)) {
            ihk.releaseCpus(ResourceLists.parseCpus(OsArguments.list(rest)));
        } else if (OsArguments.isAll(rest)) {
            ihk.releaseAllMemory();
        } else {
            ihk.releaseMemory(ResourceLists.parseMemory(OsArguments.list(rest)));
        }
    }

    private String query(List<String> rest) throws ToolFailure {
        return OsArguments.isCpu(rest)
                ? ResourceLists.formatCpus(ihk.cpus())
                : ResourceLists.formatMemory(ihk.memory());
    }

    private String get(List<String> rest) throws ToolFailure {
        String what = rest.isEmpty() ? "" : rest.get(0);
        return switch (what) {
            case "os_instances" ->
                String.join(",", ihk.osInstances().stream().map(String::valueOf).toList());
            case "buildid" -> buildId;
            default ->
                throw new ToolFailure(Toolbox.FAILURE, "error: cannot get '" + what + "': os_instances or buildid");
        };
    }
}
