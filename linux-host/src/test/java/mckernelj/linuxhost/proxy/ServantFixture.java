// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import mckernelj.linuxhost.libc.MemfdMemory;
import mckernelj.mcexec.image.ServantImage;

/** A node reduced to its proxies: a listener in a temporary directory; real clients are started as child processes. */
final class ServantFixture implements AutoCloseable {
    static final long MEMORY_BYTES = 64 << 20;

    final Path path;
    final ServantTable table = new ServantTable();
    final MemfdMemory memory = new MemfdMemory("test-memory", MEMORY_BYTES);
    private final BlockingQueue<Servant> arrived = new ArrayBlockingQueue<>(1024);
    private final List<Process> clients = new ArrayList<>();
    private final ClientListener listener;

    ServantFixture() throws IOException {
        path = Files.createTempDirectory("mckernelj");
        RuntimeDirectory directory = RuntimeDirectory.at(path);
        listener = new ClientListener(
                table, directory, RuntimeDirectory.DEFAULT_NODE, ServantImage.bytes(), memory, arrived::add);
    }

    List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                path.resolve("client").toString(), path.resolve("node.socket").toString(), "mcexec"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Starts a client; its output is merged and can be read from the process. */
    Process spawn(String... arguments) throws IOException {
        return spawn(new ProcessBuilder(command(arguments)));
    }

    synchronized Process spawn(ProcessBuilder builder) throws IOException {
        Process process = builder.redirectErrorStream(true).start();
        clients.add(process);
        return process;
    }

    /** The servant of the client that came next. */
    Servant next() throws InterruptedException {
        Servant servant = arrived.poll(30, TimeUnit.SECONDS);
        if (servant == null) {
            throw new AssertionError("no client has attached");
        }
        return servant;
    }

    Servant servant() throws IOException, InterruptedException {
        spawn();
        return next();
    }

    static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void close() throws IOException {
        clients.forEach(Process::destroyForcibly);
        listener.close();
        table.close();
        memory.close();
        Files.deleteIfExists(path.resolve("client"));
        Files.deleteIfExists(path.resolve("victim.socket"));
        Files.deleteIfExists(path);
    }
}
