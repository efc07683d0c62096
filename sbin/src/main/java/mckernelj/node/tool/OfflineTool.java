// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node.tool;

import java.util.Map;
import java.util.function.Supplier;
import mckernelj.mcexec.McexecCommand;

/** {@code --help} and {@code --version} of the tools where no node runs: arguments are the tool's name and the option. */
public final class OfflineTool {
    private static final Map<String, Supplier<String>> USAGE = Map.of(
            "mcreboot", () -> Toolbox.usage(Toolbox.commandLine(new McrebootOptions())),
            "mcstop+release", () -> Toolbox.usage(Toolbox.commandLine(McstopTool.options())),
            "ihkosctl", () -> Toolbox.usage(Toolbox.commandLine(IhkosctlTool.options())),
            "ihkconfig", () -> Toolbox.usage(Toolbox.commandLine(IhkconfigTool.options())),
            "mcexec", McexecCommand::usage);

    private OfflineTool() {}

    public static void main(String[] arguments) {
        String tool = arguments[0];
        if (arguments.length > 1 && arguments[1].equals("--help") && USAGE.containsKey(tool)) {
            System.out.print(USAGE.get(tool).get());
        } else {
            System.out.println(tool + " " + Toolbox.VERSION);
        }
    }
}
