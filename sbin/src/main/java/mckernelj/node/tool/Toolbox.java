// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node.tool;

import mckernelj.ihk.launch.ProxyProcess;
import mckernelj.linuxhost.ihk.IhkException;
import picocli.CommandLine;

/** The frame of all tools: parses with Picocli, prints usage and errors through the caller, turns failures into exit statuses. */
final class Toolbox {
    static final int STDOUT = 1;
    static final int STDERR = 2;
    static final int FAILURE = 1;
    static final String VERSION = "(McKernel/J) 0.1.0";

    private Toolbox() {}

    /** What a tool does once its command line was parsed into {@code C}. */
    interface Action<C> {
        int run(C command, ProxyProcess process) throws ToolFailure, IhkException;
    }

    static CommandLine commandLine(Object command) {
        return new CommandLine(command)
                .setUnmatchedOptionsArePositionalParams(false)
                .setOverwrittenOptionsAllowed(true)
                .setExpandAtFiles(false)
                .setTrimQuotes(false)
                .setStopAtPositional(true);
    }

    static String usage(CommandLine line) {
        return line.getUsageMessage(CommandLine.Help.Ansi.OFF);
    }

    /** Runs one tool for one caller. {@code command} is a fresh annotated object. */
    static <C> int run(C command, ProxyProcess process, Action<C> action) {
        CommandLine line = commandLine(command);
        String name = line.getCommandName();
        try {
            line.parseArgs(process.start().arguments().toArray(new String[0]));
            if (line.isUsageHelpRequested()) {
                process.print(STDOUT, usage(line));
                return 0;
            }
            if (line.isVersionHelpRequested()) {
                process.print(STDOUT, name + " " + VERSION + "\n");
                return 0;
            }
            return action.run(command, process);
        } catch (CommandLine.ParameterException e) {
            process.print(STDERR, name + ": " + e.getMessage() + "\n");
            return FAILURE;
        } catch (ToolFailure e) {
            process.print(STDERR, e.getMessage() + "\n");
            return e.status();
        } catch (IhkException e) {
            process.print(STDERR, name + ": " + e.getMessage() + "\n");
            return FAILURE;
        }
    }
}
