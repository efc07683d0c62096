// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node.baremetal;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import mckernelj.emulator.cpu.CpuidLeaves;
import mckernelj.emulator.machine.MachineConfig;
import mckernelj.node.NodeOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code baremetal}: the command line of {@link BareMetalRun}. A process of its own: no node is involved. */
@Command(
        name = "baremetal",
        customSynopsis = "baremetal [options] image",
        description = "Runs a Multiboot image on an emulated PC; its serial port is stdin and stdout.",
        sortOptions = false)
public final class BareMetalTool {
    private static final int BAD_USE = 2;
    private static final long GRANULE = 2L << 20;
    private static final long LARGEST = 1L << 40;

    @Option(names = "-smp", paramLabel = "<n>", description = "processors (${DEFAULT-VALUE})")
    int processors = 1;

    @Option(names = "-m", paramLabel = "<size>", description = "memory: MiB, or with a unit k, m, g (128m)")
    String memory = "128m";

    @Option(names = "-cpu", paramLabel = "<profile>", description = "x86-64-v2 or x86-64-v3 (${DEFAULT-VALUE})")
    String profile = "x86-64-v2";

    @Option(names = "-append", paramLabel = "<words>", description = "command line of the image, after its name")
    String append = "";

    @Option(names = "-initrd", paramLabel = "<file>", description = "a file to hand over as module")
    Path initrd;

    @Option(names = "--deterministic", description = "processors take turns in emulated time; the same run each time")
    boolean deterministic;

    @Option(
            names = "--engine",
            paramLabel = "<words>",
            description = "how code is executed: interpreter, no-loops, ...; see mcreboot(1)")
    String engine;

    @Option(names = "--help", usageHelp = true, description = "print this text")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "print the version")
    boolean version;

    @Parameters(paramLabel = "image", description = "a Multiboot image, ELF or with addresses in its header")
    Path image;

    /** The command line, for its usage text. */
    public static CommandLine commandLine(BareMetalTool tool) {
        return new CommandLine(tool)
                .setUnmatchedOptionsArePositionalParams(false)
                .setOverwrittenOptionsAllowed(true)
                .setExpandAtFiles(false)
                .setTrimQuotes(false);
    }

    public static void main(String[] arguments) {
        System.exit(status(arguments));
    }

    private static int status(String[] arguments) {
        BareMetalTool tool = new BareMetalTool();
        CommandLine line = commandLine(tool);
        try {
            line.parseArgs(arguments);
            if (line.isUsageHelpRequested()) {
                System.out.print(line.getUsageMessage(CommandLine.Help.Ansi.OFF));
                return 0;
            }
            if (line.isVersionHelpRequested()) {
                System.out.println("baremetal (McKernel/J) 0.1.0");
                return 0;
            }
            return tool.run();
        } catch (CommandLine.ParameterException | IllegalArgumentException | BadImage e) {
            return complain(e.getMessage(), BAD_USE);
        } catch (NoSuchFileException e) {
            return complain(e.getFile() + ": no such file", BAD_USE);
        } catch (IOException e) {
            return complain(e.getMessage(), BAD_USE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return complain("interrupted", BAD_USE);
        }
    }

    private static int complain(String sentence, int status) {
        System.err.println("baremetal: " + sentence);
        return status;
    }

    private int run() throws IOException, BadImage, InterruptedException {
        BareMetalRun.Program program = new BareMetalRun.Program(
                image.toString(),
                Files.readAllBytes(image),
                append,
                initrd == null ? null : Files.readAllBytes(initrd),
                initrd == null ? "" : initrd.toString());
        BareMetalRun.End end = new BareMetalRun(config())
                .run(program, new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out));
        return end.sentence() == null ? end.status() : complain(end.sentence(), end.status());
    }

    private MachineConfig config() {
        if (processors < 1 || processors > 255) {
            throw new IllegalArgumentException("-smp is 1 to 255");
        }
        return MachineConfig.builder()
                .cores(processors)
                .node(memoryBytes())
                .features(CpuidLeaves.profile(profile))
                .deterministic(deterministic)
                .engine(NodeOptions.engine(engine))
                .build();
    }

    /** Rounded down to what the machine can have. */
    private long memoryBytes() {
        String text = memory.toLowerCase(Locale.ROOT);
        int unit = text.isEmpty() ? -1 : "kmg".indexOf(text.charAt(text.length() - 1));
        String digits = unit < 0 ? text : text.substring(0, text.length() - 1);
        long bytes = digits.matches("[0-9]{1,12}") ? Long.parseLong(digits) << (unit < 0 ? 20 : 10 * (unit + 1)) : 0;
        if (bytes < GRANULE || bytes > LARGEST) {
            throw new IllegalArgumentException("-m is a size from 2m to 1024g, not " + memory);
        }
        return bytes & -GRANULE;
    }
}
