// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import mckernelj.linuxhost.ihk.IhkException;
import mckernelj.linuxhost.libc.Descriptor;
import mckernelj.node.tool.McrebootOptions;
import picocli.CommandLine;

/**
 * The daemon: makes the machine that mcreboot's options need and serves tools until one of them stops it (or SIGTERM does). Started by
 * {@code sbin/mcreboot} with the user's options; errors go to descriptor 3, which is closed when clients can attach. Writes {@code
 * <node>.pid} to the runtime directory.
 */
public final class NodeMain {
    private static final int REPORT_FD = 3;
    private static final int FAILURE = 1;

    private final CountDownLatch end = new CountDownLatch(1);
    private final Map<String, String> environment;

    private NodeMain(Map<String, String> environment) {
        this.environment = environment;
    }

    public static void main(String[] arguments) {
        try {
            new NodeMain(System.getenv()).serve(McrebootOptions.parse(List.of(arguments)));
        } catch (CommandLine.ParameterException | IllegalArgumentException | IOException | IhkException e) {
            report("mcreboot: " + e.getMessage() + "\n");
            System.exit(FAILURE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.exit(0);
    }

    private static void report(String text) {
        try (OutputStream out = new FileOutputStream("/proc/self/fd/" + REPORT_FD)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            System.err.print(text); // not started by the script
        }
    }

    private MachineShape shape(McrebootOptions options) throws IhkException, IOException {
        String described = options.machine().isEmpty() ? MachineDefaults.configured(environment) : options.machine();
        return described.isEmpty()
                ? MachineDefaults.fitting(options.cpuList(), options.memoryList())
                : MachineShape.parse(described);
    }

    private void serve(McrebootOptions options) throws IOException, IhkException, InterruptedException {
        String name = environment.getOrDefault("MCKERNELJ_NODE", NodeOptions.DEFAULT.name());
        NodeOptions node = new NodeOptions(shape(options), options.deterministic(), null, name);
        try (NodeAssembly assembly = new NodeAssembly(node)) {
            Path pid = assembly.directory().path().resolve(name + ".pid");
            Files.writeString(pid, ProcessHandle.current().pid() + "\n");
            Runtime.getRuntime().addShutdownHook(new Thread(end::countDown, "stop"));
            assembly.onStop(end::countDown);
            assembly.listen();
            Descriptor.close(REPORT_FD);
            end.await();
            Files.deleteIfExists(pid);
            Files.deleteIfExists(assembly.directory().socket(name));
        }
    }
}
