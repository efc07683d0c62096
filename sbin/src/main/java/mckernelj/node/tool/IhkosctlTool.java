// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node.tool;

import java.util.ArrayList;
import java.util.List;
import mckernelj.ihk.boot.KernelImage;
import mckernelj.ihk.launch.ProxyProcess;
import mckernelj.ihk.launch.Tool;
import mckernelj.linuxhost.ihk.IhkDevice;
import mckernelj.linuxhost.ihk.IhkException;
import mckernelj.linuxhost.ihk.MemoryRequest;
import mckernelj.linuxhost.ihk.OsInstance;
import mckernelj.linuxhost.ihk.ResourceLists;
import mckernelj.linuxhost.partition.MemoryChunk;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ihkosctl <os#> <action> [args]}: one OS instance (reference: McKernel's ihkosctl). */
public final class IhkosctlTool implements Tool {
    private static final int DEFAULT_VECTOR = 0xF1;

    private final IhkDevice ihk;
    private final KernelImage image;

    public IhkosctlTool(IhkDevice ihk, KernelImage image) {
        this.ihk = ihk;
        this.image = image;
    }

    @Command(
            name = "ihkosctl",
            customSynopsis = {
                "ihkosctl <os#> assign|release cpu|mem <list>",
                "       ihkosctl <os#> query cpu|mem",
                "       ihkosctl <os#> query_free_mem",
                "       ihkosctl <os#> set ikc_map <map>",
                "       ihkosctl <os#> get ikc_map|status|buildid",
                "       ihkosctl <os#> load [<image>]",
                "       ihkosctl <os#> kargs <string>",
                "       ihkosctl <os#> boot|shutdown|kmsg|clear_kmsg",
                "       ihkosctl <os#> intr [<cpu>] [<vector>]"
            },
            description = "Controls one OS instance.",
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
        OsInstance os = open(words.get(0));
        List<String> rest = words.subList(2, words.size());
        switch (words.get(1)) {
            case "assign" -> assign(os, rest);
            case "release" -> release(os, rest);
            case "query" -> print(process, query(os, rest));
            case "query_free_mem" -> print(process, freeMemory(os));
            case "set" -> set(os, rest);
            case "get" -> print(process, get(os, rest));
            case "load" -> load(os);
            case "kargs" -> kargs(os, rest);
            case "boot" -> attempt("booting", os::boot);
            case "shutdown" -> attempt("shutting down", os::shutdown);
            case "kmsg" -> print(process, os.kmsgText());
            case "clear_kmsg" -> os.clearKmsg();
            case "intr" -> interrupt(os, rest);
            default ->
                throw new ToolFailure(
                        Toolbox.FAILURE,
                        "Unknown action : " + words.get(1) + "\n"
                                + Toolbox.usage(new CommandLine(options)).stripTrailing());
        }
        return 0;
    }

    private static void print(ProxyProcess process, String text) {
        process.print(Toolbox.STDOUT, text + "\n");
    }

    private interface Step {
        void run() throws IhkException;
    }

    private static void attempt(String what, Step step) throws ToolFailure {
        try {
            step.run();
        } catch (IhkException e) {
            throw new ToolFailure(Toolbox.FAILURE, "error: " + what + ": " + e.getMessage());
        }
    }

    private OsInstance open(String word) throws ToolFailure {
        try {
            return ihk.os(OsArguments.index(word));
        } catch (IhkException e) {
            throw new ToolFailure(
                    Toolbox.FAILURE, "error: open failed: /dev/mcos" + word + ": No such file or directory");
        }
    }

    private static void assign(OsInstance os, List<String> rest) throws ToolFailure, IhkException {
        String list = OsArguments.list(rest);
        if (OsArguments.isCpu(rest)) {
            attempt("assigning CPUs: " + list, () -> os.assignCpus(ResourceLists.parseCpus(list)));
        } else {
            attempt("assiging memory: " + list, () -> os.assignMemory(ResourceLists.parseMemory(list)));
        }
    }

    private static void release(OsInstance os, List<String> rest) throws ToolFailure, IhkException {
        if (OsArguments.isCpu(rest)) {
            os.releaseCpus(ResourceLists.parseCpus(OsArguments.list(rest)));
        } else if (OsArguments.isAll(rest)) {
            os.releaseAllMemory();
        } else {
            os.releaseMemory(ResourceLists.parseMemory(OsArguments.list(rest)));
        }
    }

    private static String query(OsInstance os, List<String> rest) throws ToolFailure {
        if (OsArguments.isCpu(rest)) {
            return ResourceLists.formatCpus(os.cpus());
        }
        List<MemoryRequest> list = new ArrayList<>();
        for (MemoryChunk chunk : os.memory()) {
            list.add(new MemoryRequest(chunk.sizeBytes(), chunk.node()));
        }
        return ResourceLists.formatMemory(list);
    }

    private static String freeMemory(OsInstance os) throws IhkException {
        long[] free = os.queryFreeMemory();
        List<String> parts = new ArrayList<>();
        for (int node = 0; node < free.length; node++) {
            parts.add(free[node] + "@" + node);
        }
        return String.join(",", parts);
    }

    private static void set(OsInstance os, List<String> rest) throws ToolFailure {
        if (rest.size() < 2 || !rest.get(0).equals("ikc_map")) {
            throw new ToolFailure(Toolbox.FAILURE, "error: only 'set ikc_map <map>' is known");
        }
        attempt("setting ikc_map: " + rest.get(1), () -> os.setIkcMap(ResourceLists.parseIkcMap(rest.get(1))));
    }

    private static String get(OsInstance os, List<String> rest) throws ToolFailure {
        String what = rest.isEmpty() ? "" : rest.get(0);
        return switch (what) {
            case "status" -> os.status().name();
            case "buildid" -> os.buildId();
            case "ikc_map" -> ResourceLists.formatIkcMap(os.ikcMap());
            default ->
                throw new ToolFailure(Toolbox.FAILURE, "error: cannot get '" + what + "': status, buildid or ikc_map");
        };
    }

    /** There is one kernel image, built in; a path is accepted for the sake of scripts. */
    private void load(OsInstance os) throws ToolFailure {
        attempt("loading the kernel", () -> os.load(image));
    }

    private static void kargs(OsInstance os, List<String> rest) throws ToolFailure {
        if (rest.isEmpty()) {
            throw new ToolFailure(Toolbox.FAILURE, "error: no arg specified.");
        }
        attempt("setting kernel arguments", () -> os.setKernelArgs(String.join(" ", rest)));
    }

    private static void interrupt(OsInstance os, List<String> rest) throws ToolFailure {
        int cpu = rest.size() > 1 ? OsArguments.index(rest.get(0)) : 0;
        int vector;
        try {
            vector = rest.isEmpty() ? DEFAULT_VECTOR : Integer.decode(rest.get(rest.size() - 1));
        } catch (NumberFormatException e) {
            throw new ToolFailure(Toolbox.FAILURE, "error: '" + rest.get(rest.size() - 1) + "' is not a vector");
        }
        attempt("raising vector " + vector, () -> os.sendInterrupt(cpu, vector));
    }
}
