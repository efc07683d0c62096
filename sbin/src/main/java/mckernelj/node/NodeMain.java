// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The daemon: makes a node and serves its tools until it is told to end (SIGTERM, or the tool that stops the node). Writes
 * {@code <node>.pid} to the runtime directory; prints one line, {@code ready}, when clients can attach.
 */
@Command(name = "node", description = "McKernel/J node: machine, Linux partition and kernels in one process.")
public final class NodeMain implements Runnable {
    private static final int CLOSE_SECONDS = 10;

    @Option(names = "--machine", paramLabel = "cores=<n>,numa=<n>,memory=<size>", description = "shape of the machine")
    private String machine = "";

    @Option(names = "--deterministic", description = "processors take turns in emulated time")
    private boolean deterministic;

    @Option(names = "--runtime", paramLabel = "<directory>", description = "where socket and client program are")
    private Path runtime;

    @Option(names = "--node", paramLabel = "<name>", description = "name of the node")
    private String name = NodeOptions.DEFAULT.name();

    @Option(names = "--help", usageHelp = true, description = "print this text")
    private boolean help;

    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    public static void main(String[] arguments) {
        NodeMain main = new NodeMain();
        CommandLine command = new CommandLine(main);
        command.setExecutionExceptionHandler((e, line, result) -> {
            System.err.println("node: " + e.getMessage());
            return 1;
        });
        System.exit(command.execute(arguments));
    }

    /** Lets {@link #run} return. */
    void stop() {
        end.countDown();
    }

    @Override
    public void run() {
        MachineShape shape = machine.isEmpty() ? MachineShape.DEFAULT : MachineShape.parse(machine);
        try (NodeAssembly assembly = new NodeAssembly(new NodeOptions(shape, deterministic, runtime, name))) {
            Path pid = assembly.directory().path().resolve(name + ".pid");
            Files.writeString(pid, ProcessHandle.current().pid() + "\n");
            Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndWait, "stop"));
            assembly.addControlTools(this::stop);
            assembly.listen();
            System.out.println("ready");
            System.out.flush();
            end.await();
            Files.deleteIfExists(pid);
        } catch (IOException e) {
            throw new CommandLine.ExecutionException(new CommandLine(this), e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closed.countDown();
        }
    }

    /** On SIGTERM: the JVM ends when this returns. */
    private void stopAndWait() {
        stop();
        try {
            closed.await(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
