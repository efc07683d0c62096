// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node;

import java.nio.file.Path;
import mckernelj.linuxhost.proxy.RuntimeDirectory;

/**
 * What a node is made of.
 *
 * @param deterministic processors take turns in emulated time
 * @param runtime directory of socket and client program; null: what the environment says
 * @param name name of the node in that directory
 */
public record NodeOptions(MachineShape shape, boolean deterministic, Path runtime, String name) {
    public static final NodeOptions DEFAULT =
            new NodeOptions(MachineShape.DEFAULT, false, null, RuntimeDirectory.DEFAULT_NODE);

    public NodeOptions withShape(MachineShape other) {
        return new NodeOptions(other, deterministic, runtime, name);
    }

    public NodeOptions withRuntime(Path directory) {
        return new NodeOptions(shape, deterministic, directory, name);
    }

    public NodeOptions withDeterministic(boolean yes) {
        return new NodeOptions(shape, yes, runtime, name);
    }
}
