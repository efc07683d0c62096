// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node;

import java.nio.file.Path;
import java.util.Set;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.CpuidLeaves;
import mckernelj.emulator.engine.EngineOptions;
import mckernelj.linuxhost.proxy.RuntimeDirectory;

/**
 * What a node is made of.
 *
 * @param deterministic processors take turns in emulated time
 * @param runtime directory of socket and client program; null: what the environment says
 * @param name name of the node in that directory
 * @param features what the processors can do
 * @param engine how code is executed; null: what the environment variable {@value #ENGINE} says
 */
public record NodeOptions(
        MachineShape shape,
        boolean deterministic,
        Path runtime,
        String name,
        Set<CpuFeature> features,
        EngineOptions engine) {
    public static final String ENGINE = "MCKERNELJ_ENGINE";

    public static final NodeOptions DEFAULT = new NodeOptions(
            MachineShape.DEFAULT, false, null, RuntimeDirectory.DEFAULT_NODE, CpuidLeaves.X86_64_V3, null);

    /** How code is to be executed, in the words of {@link EngineOptions#parse}; null: what the environment says. */
    public static EngineOptions engine(String words) {
        String said = words == null ? System.getenv(ENGINE) : words;
        return said == null ? EngineOptions.DEFAULT : EngineOptions.parse(said);
    }

    public NodeOptions withShape(MachineShape other) {
        return new NodeOptions(other, deterministic, runtime, name, features, engine);
    }

    public NodeOptions withRuntime(Path directory) {
        return new NodeOptions(shape, deterministic, directory, name, features, engine);
    }

    public NodeOptions withDeterministic(boolean yes) {
        return new NodeOptions(shape, yes, runtime, name, features, engine);
    }

    public NodeOptions withName(String other) {
        return new NodeOptions(shape, deterministic, runtime, other, features, engine);
    }

    /** {@link CpuidLeaves#X86_64_V2}, for instance. */
    public NodeOptions withFeatures(Set<CpuFeature> instructionSets) {
        return new NodeOptions(shape, deterministic, runtime, name, instructionSets, engine);
    }

    public NodeOptions withEngine(EngineOptions options) {
        return new NodeOptions(shape, deterministic, runtime, name, features, options);
    }
}
