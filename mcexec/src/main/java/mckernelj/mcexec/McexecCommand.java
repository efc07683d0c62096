// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.mcexec;

import java.util.List;
import mckernelj.ihk.elf.ProgramLoadException;
import mckernelj.ihk.launch.LoadedProgram;
import mckernelj.ihk.launch.OsAccess;
import mckernelj.ihk.launch.OsDirectory;
import mckernelj.ihk.launch.ProgramFiles;
import mckernelj.ihk.launch.ProgramLoader;
import mckernelj.ihk.launch.ProxyProcess;
import mckernelj.ihk.launch.Tool;
import mckernelj.ihk.layout.ProgramLoadDescriptor;

/** {@code mcexec [options] [<mcos-id>] <program> [args...]}: starts a program on an LWK in the process that called it. */
public final class McexecCommand implements Tool {
    private static final int STDOUT = 1;
    private static final int STDERR = 2;

    private final OsDirectory directory;

    public McexecCommand(OsDirectory directory) {
        this.directory = directory;
    }

    /** Usage text, also for a machine without a node. */
    public static String usage() {
        return new McexecOptions().usage();
    }

    @Override
    public int run(ProxyProcess process) {
        try {
            McexecOptions options = McexecOptions.parse(process.start().arguments());
            if (options.help || options.version) {
                process.print(STDOUT, options.help ? options.usage() : options.versionText());
                return 0;
            }
            return start(process, options);
        } catch (UsageError e) {
            process.print(STDERR, e.getMessage());
            return e.status();
        }
    }

    private int start(ProxyProcess process, McexecOptions options) throws UsageError {
        if (options.uti) {
            throw new UsageError(
                    UsageError.FAILURE, "ERROR: uti is not available when not configured with --enable-uti\n");
        }
        List<String> words = options.program();
        int index = options.osIndex();
        if (words.isEmpty()) {
            throw new UsageError(UsageError.FAILURE, options.usage());
        }
        OsAccess os = directory.open(index);
        if (os == null) {
            throw new UsageError(UsageError.FAILURE, "Error: Failed to open /dev/mcos" + index + ".\n");
        }
        DescriptorBuilder builder = new DescriptorBuilder(options, process, os);
        builder.applyOptions();
        try (LoadedProgram program = load(process, os, words.get(0))) {
            ProgramLoadDescriptor descriptor = builder.finish(program, words);
            debug(process, options, "starting " + words + " on CPU " + descriptor.cpu);
            int error = os.start(process, program, descriptor);
            if (error < 0) {
                throw couldNotLoad(words.get(0), -error);
            }
            return RUNS_ON;
        } catch (ProgramLoadException e) {
            debug(process, options, e.getMessage());
            throw couldNotLoad(words.get(0), e.errno());
        }
    }

    private static LoadedProgram load(ProxyProcess process, OsAccess os, String name) throws ProgramLoadException {
        String root = process.start().environmentValue("MCEXEC_ALT_ROOT");
        String path = new ProgramPath(process).resolve(name);
        return new ProgramLoader(os.files(process), root == null ? "" : root).load(ProgramFiles.AT_FDCWD, path, 0);
    }

    private static UsageError couldNotLoad(String program, int errno) {
        return new UsageError(UsageError.FAILURE, program + ": could not load program: " + ErrorText.of(errno) + "\n");
    }

    private static void debug(ProxyProcess process, McexecOptions options, String text) {
        if (options.debug) {
            process.print(STDERR, "mcexec: " + text + "\n");
        }
    }
}
