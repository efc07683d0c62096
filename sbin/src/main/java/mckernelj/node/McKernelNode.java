// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mckernelj.linuxhost.ihk.IhkException;
import mckernelj.linuxhost.ihk.MemoryRequest;
import mckernelj.linuxhost.ihk.OsInstance;

/**
 * McKernel for Java programs and tests: a node of one's own in this JVM, with one OS instance that owns all processors but the first and
 * three quarters of the memory. Programs run as child processes of this JVM.
 */
public final class McKernelNode implements AutoCloseable {
    private static final long MEMORY_STEP = 4L << 20;

    /** How a program ended. The status is that of a shell: 128 + signal for one that was killed. */
    public record Result(int status, String output, String error) {}

    /** What mcreboot without options says. */
    private static final String KERNEL_ARGUMENTS = "hidos time_sharing";

    private final NodeAssembly assembly;
    private final OsInstance os;
    private final Path ownDirectory;
    private boolean closed;

    private McKernelNode(NodeAssembly assembly, OsInstance os, Path ownDirectory) {
        this.assembly = assembly;
        this.os = os;
        this.ownDirectory = ownDirectory;
    }

    /** Boots a node; without a runtime directory in the options it gets a temporary one. */
    public static McKernelNode boot(NodeOptions options) throws IOException, IhkException {
        Path own = options.runtime() == null ? Files.createTempDirectory("mckernelj") : null;
        NodeAssembly assembly = new NodeAssembly(own == null ? options : options.withRuntime(own));
        try {
            MachineShape shape = options.shape();
            List<Integer> cpus = IntStream.range(1, shape.cores()).boxed().toList();
            List<MemoryRequest> memory = IntStream.range(0, shape.numaNodes())
                    .mapToObj(node -> new MemoryRequest(memoryPerNode(shape), node))
                    .toList();
            OsInstance os = assembly.bootOs(cpus, memory, KERNEL_ARGUMENTS);
            assembly.listen();
            return new McKernelNode(assembly, os, own);
        } catch (IOException | IhkException | RuntimeException e) {
            assembly.close();
            throw e;
        }
    }

    private static long memoryPerNode(MachineShape shape) {
        return shape.memoryBytes() / shape.numaNodes() / 4 * 3 & -MEMORY_STEP;
    }

    public NodeAssembly assembly() {
        return assembly;
    }

    /** Runs a program without input to its end. */
    public Result run(String program, String... arguments) {
        return run(new byte[0], program, arguments);
    }

    /** Runs a program with this standard input. */
    public Result run(byte[] input, String program, String... arguments) {
        try {
            Process process = start(program, arguments);
            Collector error = new Collector(process.getErrorStream());
            Collector output = new Collector(process.getInputStream());
            process.getOutputStream().write(input);
            process.getOutputStream().close();
            return new Result(process.waitFor(), output.text(), error.text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + program + " ran", e);
        }
    }

    /** Starts {@code mcexec program arguments...} as a child process. */
    public Process start(String program, String... arguments) throws IOException {
        return new ProcessBuilder(command(program, arguments)).start();
    }

    /** The command line for {@code mcexec program arguments...}. */
    public List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                assembly.directory().client().toString(),
                assembly.directory().socket(assembly.options().name()).toString(),
                "mcexec",
                program));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The kernel's messages. */
    public String kmsg() {
        return os.kmsgText();
    }

    public OsInstance os() {
        return os;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        assembly.close();
        if (ownDirectory != null) {
            try (Stream<Path> files = Files.list(ownDirectory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
                Files.delete(ownDirectory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Reads a stream to its end on a thread of its own. */
    private static final class Collector {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Thread thread;

        Collector(InputStream stream) {
            thread = new Thread(() -> copy(stream), "program output");
            thread.setDaemon(true);
            thread.start();
        }

        private void copy(InputStream stream) {
            try (stream) {
                stream.transferTo(bytes);
            } catch (IOException e) {
                // the process is gone: what came is what there is
            }
        }

        String text() throws InterruptedException {
            thread.join();
            return bytes.toString(java.nio.charset.StandardCharsets.UTF_8);
        }
    }
}
