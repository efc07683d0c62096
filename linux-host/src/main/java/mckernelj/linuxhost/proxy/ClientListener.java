// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import static mckernelj.ihk.launch.MailboxLayout.VERSION;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import mckernelj.ihk.launch.StartState;
import mckernelj.linuxhost.libc.HostProcess;
import mckernelj.linuxhost.libc.MemfdMemory;
import mckernelj.linuxhost.libc.UnixSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's socket: makes a {@link Servant} of each client that connects and hands it to a callback, on a thread of its own
 * which is free to run the tool from start to end. Only clients of the node's own user, and root's, are accepted.
 */
public final class ClientListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientListener.class);

    private final ServantTable table;
    private final MemfdMemory memory;
    private final Consumer<Servant> onClient;
    private final Path path;
    private final UnixSocket socket;
    private final AtomicBoolean withdrawn = new AtomicBoolean();
    private final Thread thread = new Thread(this::acceptClients, "client-listener");

    /**
     * Puts the client program into the directory and listens.
     *
     * @param clientImage the client program, see mcexec's ServantImage
     * @param memory the machine's physical memory
     * @param onClient must end the client (exit, killSelf); if it throws, the client is killed
     */
    public ClientListener(
            ServantTable table,
            RuntimeDirectory directory,
            String node,
            byte[] clientImage,
            MemfdMemory memory,
            Consumer<Servant> onClient)
            throws IOException {
        this.table = table;
        this.memory = memory;
        this.onClient = onClient;
        path = directory.socket(node);
        if (Files.exists(path) && UnixSocket.answers(path.toString())) {
            throw new IOException("a node is running already at " + path);
        }
        Files.deleteIfExists(path);
        directory.installClient(clientImage);
        socket = UnixSocket.listen(path.toString());
        thread.setDaemon(true);
        thread.start();
    }

    private void acceptClients() {
        for (UnixSocket client = socket.accept(); client != null; client = socket.accept()) {
            UnixSocket connection = client;
            Thread worker = new Thread(() -> serve(connection), "client");
            worker.setDaemon(true);
            worker.start();
        }
    }

    private void serve(UnixSocket connection) {
        LinuxServant servant;
        try (connection) {
            servant = attach(connection);
        } catch (RuntimeException e) {
            LOG.error("a client could not attach", e);
            return;
        }
        if (servant == null) {
            return;
        }
        Thread.currentThread().setName("client " + servant.pid());
        try {
            run(servant);
        } catch (RuntimeException | Error e) {
            LOG.error("client {}", servant.pid(), e);
            if (servant.mainSlot().replyReady()) {
                servant.print(2, "mcexec: the node failed; its log says why\n");
            }
            servant.kill();
        }
    }

    /** Null if the client was refused or has died; it then sees the connection closed. */
    private LinuxServant attach(UnixSocket connection) {
        UnixSocket.Peer peer = connection.peer();
        if (peer.pid() == HostProcess.pid()) {
            return null; // another listener of this process looked whether anybody answers: no client, and never to be
            // killed
        }
        if (peer.pid() <= 0 || peer.uid() != 0 && peer.uid() != HostProcess.euid()) {
            LOG.warn("refused a client of user {}, pid {}", peer.uid(), peer.pid());
            return null;
        }
        int slotIndex = table.mailboxes().takeSlot();
        if (slotIndex < 0) {
            LOG.warn("refused a client: no free slot");
            return null;
        }
        LinuxServant servant = new LinuxServant(table, slotIndex);
        MailboxSlot slot = servant.mainSlot();
        slot.records();
        slot.submit(false); // an empty list, to be answered by the client when it is ready
        if (!servant.attach(peer.pid(), connection.peerPidfd())) {
            return null;
        }
        ByteBuffer message = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        message.putInt(VERSION).putInt(slotIndex);
        connection.send(message.array(), table.mailboxes().fd(), memory.fd());
        slot.await();
        return servant;
    }

    private void run(LinuxServant servant) {
        StartState start;
        try (TransferArea area = table.mailboxes().takeTransferArea()) {
            start = StartStateReader.read(servant.mainSlot(), area, memory.sizeBytes());
        }
        if (start == null) {
            servant.print(
                    2, "mcexec: the machine's memory cannot be mapped; raise the address space limit (ulimit -v)\n");
            servant.exit(1);
            return;
        }
        servant.setStart(start);
        onClient.accept(servant);
    }

    /** Removes the socket from the directory, so that another node may be started there. Those who have connected are still served. */
    public void withdraw() {
        if (withdrawn.getAndSet(true)) {
            return; // what is there now may be another node's
        }
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warn("socket {}", path, e);
        }
    }

    /** No more clients; those that are there go on. */
    @Override
    public void close() {
        withdraw();
        socket.shutdown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        socket.close();
    }
}
