// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.layout.SysfsListing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directories of /sys that tell of processors and NUMA nodes, as the LWK describes them (SYSFS_REQ_SETUP): real files in the runtime
 * directory (upstream: /sys/devices/virtual/mcos/mcosN/sys), made when a program first looks. Any thread.
 */
final class SysfsDirectory {
    private static final Logger log = LoggerFactory.getLogger(SysfsDirectory.class);

    /** The last one is empty: the control groups of the servant are in the host's numbers of processors and nodes. */
    private static final List<String> COVERED = List.of(
            "/sys/devices/system/cpu",
            "/sys/devices/system/node",
            "/sys/bus/cpu/devices",
            "/sys/bus/node/devices",
            "/sys/fs/cgroup");

    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Set<PosixFilePermission> READ_ONLY = PosixFilePermissions.fromString("r--r--r--");

    private static final String PREFIX = "sysfs-";

    private final Path root;
    private volatile byte[] listing;
    private volatile boolean made;

    /** It will be in {@code directory}, of which nothing else has the name of this process and of the OS instance. */
    SysfsDirectory(Path directory, String os) {
        root = directory.resolve(PREFIX + ProcessHandle.current().pid() + "-" + os);
    }

    /** Deletes what nodes that were killed have left behind. */
    static void sweep(Path directory) {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, PREFIX + "[0-9]*-*")) {
            for (Path path : left) {
                String pid = path.getFileName().toString().split("-")[1];
                if (pid.matches("[0-9]{1,18}")
                        && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    delete(path);
                }
            }
        } catch (IOException e) {
            log.warn("cannot tidy {}", directory, e);
        }
    }

    /** SYSFS_REQ_SETUP. */
    void setUp(PhysicalMemory memory, long physical, long lengthBytes) {
        if (lengthBytes > 0 && lengthBytes <= SysfsListing.MAX_BYTES && memory.isRam(physical, lengthBytes)) {
            byte[] bytes = new byte[(int) lengthBytes];
            memory.read(physical, bytes, 0, bytes.length);
            listing = bytes;
        }
    }

    boolean exists() {
        return made;
    }

    /** The real name of a file in one of the covered directories; null: it is in none. */
    String real(String name) {
        return isCovered(name) && make() ? root + name : null;
    }

    /** The name that programs know a file by. */
    String shown(String real) {
        String prefix = root.toString();
        return made && real.startsWith(prefix + "/sys") ? real.substring(prefix.length()) : real;
    }

    private static boolean isCovered(String name) {
        return COVERED.stream()
                .anyMatch(directory -> name.startsWith(directory)
                        && (name.length() == directory.length() || name.charAt(directory.length()) == '/'));
    }

    private synchronized boolean make() {
        if (!made && listing != null) {
            try {
                delete(root);
                SysfsListing.read(listing, this::makeFile, this::makeLink);
                openDirectories();
                made = true;
            } catch (IOException e) {
                log.error("cannot make {}", root, e);
                listing = null;
            }
        }
        return made;
    }

    private void makeFile(String name, String content) throws IOException {
        Path file = inside(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content.getBytes(StandardCharsets.ISO_8859_1));
        Files.setPosixFilePermissions(file, READ_ONLY);
    }

    private void makeLink(String name, String target) throws IOException {
        Path link = inside(name);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of(target));
    }

    /** Whatever the umask says. */
    private void openDirectories() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                Files.setPosixFilePermissions(file, DIRECTORY);
            }
        }
    }

    private Path inside(String name) throws IOException {
        Path path = Path.of(root + name).normalize();
        if (!isCovered(name) || !path.startsWith(root)) {
            throw new IOException("not a file of sysfs that the LWK may describe: " + name);
        }
        return path;
    }

    /** The LWK is gone. */
    synchronized void close() {
        listing = null;
        made = false;
        try {
            delete(root);
        } catch (IOException e) {
            log.warn("cannot delete {}", root, e);
        }
    }

    private static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
