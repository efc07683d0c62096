// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import mckernelj.emulator.cpu.CpuidLeaves;
import mckernelj.linuxhost.ihk.IhkException;
import mckernelj.linuxhost.libc.Descriptor;
import mckernelj.node.tool.McrebootOptions;
import picocli.CommandLine;

/**
 * The daemon: makes the machine that mcreboot's options need and serves tools until one of them stops it (or SIGTERM does). Started by
 * {@code sbin/mcreboot} with the user's options. Errors go to the descriptor that {@code $MCKERNELJ_REPORT_FD} names (else to stderr), which is
 * closed when clients can attach. Writes {@code <node>.pid} to the runtime directory.
 */
public final class NodeMain {
    private static final String REPORT_FD = "MCKERNELJ_REPORT_FD";
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

    /** Never by opening /proc/self/fd/n: without the script that number is a file of the JVM. */
    private static void report(String text) {
        String fd = System.getenv(REPORT_FD);
        if (fd == null) {
            System.err.print(text);
        } else {
            Descriptor.write(Integer.parseInt(fd), text);
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
        NodeOptions node = NodeOptions.DEFAULT
                .withShape(shape(options))
                .withDeterministic(options.deterministic())
                .withFeatures(CpuidLeaves.profile(options.cpu()))
                .withEngine(NodeOptions.engine(options.engine()))
                .withName(name);
        try (NodeAssembly assembly = new NodeAssembly(node)) {
            Path pid = assembly.directory().path().resolve(name + ".pid");
            String content = ProcessHandle.current().pid() + "\n";
            Files.writeString(pid, content);
            Runtime.getRuntime().addShutdownHook(new Thread(end::countDown, "stop"));
            assembly.onStop(() -> remove(pid, content), end::countDown);
            assembly.listen();
            String fd = environment.get(REPORT_FD);
            if (fd != null) {
                Descriptor.close(Integer.parseInt(fd));
            }
            end.await();
            remove(pid, content);
        }
    }

    /** Removes a file unless somebody else has written it meanwhile. */
    private static void remove(Path file, String content) {
        try {
            if (Files.isReadable(file) && Files.readString(file).equals(content)) {
                Files.delete(file);
            }
        } catch (IOException e) {
            System.err.println("cannot remove " + file + ": " + e.getMessage());
        }
    }
}
