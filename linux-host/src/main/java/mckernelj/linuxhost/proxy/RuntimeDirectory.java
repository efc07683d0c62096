// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import mckernelj.linuxhost.libc.HostProcess;

/**
 * Where a user's nodes keep their sockets and the client program: {@code $MCKERNELJ_RUNTIME}, else {@code
 * $XDG_RUNTIME_DIR/mckernelj} if there is such a session directory, else {@code /tmp/mckernelj-<uid>}. Mode 0700 and the user's own, or it is refused.
 *
 * <p>Contract with the tools' shell scripts: the node named {@code $MCKERNELJ_NODE} (default {@value #DEFAULT_NODE}) listens
 * at {@code $dir/<node>.socket}; a tool is started by {@code exec "$dir/client" "$dir/<node>.socket" <tool> "$@"}.
 */
public final class RuntimeDirectory {
    public static final String DEFAULT_NODE = "node";

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path path;

    private RuntimeDirectory(Path path) {
        this.path = path;
    }

    /** The directory that the environment asks for, created if necessary. */
    public static RuntimeDirectory of(Map<String, String> environment) throws IOException {
        return at(choose(environment));
    }

    public static RuntimeDirectory at(Path path) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        try {
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileAlreadyExistsException e) {
            check(path);
        }
        return new RuntimeDirectory(path);
    }

    static Path choose(Map<String, String> environment) {
        String own = environment.get("MCKERNELJ_RUNTIME");
        if (own != null && !own.isEmpty()) {
            return Path.of(own);
        }
        String session = environment.get("XDG_RUNTIME_DIR");
        if (session != null && !session.isEmpty() && Files.isDirectory(Path.of(session))) {
            return Path.of(session, "mckernelj");
        }
        return Path.of("/tmp/mckernelj-" + HostProcess.euid());
    }

    /** In /tmp anybody can have made it. */
    private static void check(Path path) throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(path + " is not a directory");
        }
        int owner = (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (owner != HostProcess.euid()) {
            throw new IOException(path + " belongs to another user");
        }
        Files.setPosixFilePermissions(path, OWNER_ONLY);
    }

    public Path path() {
        return path;
    }

    public Path socket(String node) {
        return path.resolve(node + ".socket");
    }

    public Path client() {
        return path.resolve("client");
    }

    /** Puts the client program in place; one that is being executed is not disturbed. */
    public void installClient(byte[] image) throws IOException {
        Path fresh = Files.createTempFile(path, "client", null, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        Files.write(fresh, image);
        Files.move(fresh, client(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
