// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.function.Consumer;
import mckernelj.ihk.launch.Tool;
import mckernelj.linuxhost.proxy.Servant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the tool that a client asks for. */
final class ToolDispatch implements Consumer<Servant> {
    private static final Logger log = LoggerFactory.getLogger(ToolDispatch.class);
    private static final int STDERR = 2;
    private static final int UNKNOWN_TOOL = 127;
    private static final int FAILED = 1;

    private final Map<String, Tool> tools = new ConcurrentHashMap<>();
    private final Phaser running = new Phaser(1);

    private volatile Runnable afterEach = () -> {};

    /** Runs after each tool whose process has ended. */
    void setAfterEach(Runnable action) {
        afterEach = action;
    }

    void add(String name, Tool tool) {
        tools.put(name, tool);
    }

    /** Waits until no tool runs; those that come later are on their own. Once. */
    void awaitEnd() {
        running.arriveAndAwaitAdvance();
    }

    @Override
    public void accept(Servant client) {
        running.register();
        try {
            dispatch(client);
        } finally {
            running.arriveAndDeregister();
        }
    }

    private void dispatch(Servant client) {
        Tool tool = tools.get(client.start().tool());
        if (tool == null) {
            client.print(STDERR, client.start().tool() + ": the node does not know this command\n");
            client.exit(UNKNOWN_TOOL);
            return;
        }
        int status;
        try {
            status = tool.run(client);
        } catch (RuntimeException e) {
            log.error("{} {}", client.start().tool(), client.start().arguments(), e);
            client.print(STDERR, client.start().tool() + ": failed in the node, see its log: " + e.getMessage() + "\n");
            status = FAILED;
        }
        if (status != Tool.RUNS_ON) {
            client.exit(status);
            afterEach.run();
        }
    }
}
