// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import mckernelj.ihk.ikc.IkcMessage;
import mckernelj.ihk.launch.OsAccess;
import mckernelj.ihk.launch.OsDirectory;
import mckernelj.ihk.launch.ProxyProcess;
import mckernelj.ihk.os.OsStatus;
import mckernelj.linuxhost.ihk.IhkDevice;
import mckernelj.linuxhost.ihk.IkcEndpoint;
import mckernelj.linuxhost.ihk.OsInstance;
import mckernelj.linuxhost.ihk.OsListener;
import mckernelj.linuxhost.partition.LinuxPartition;

/**
 * The mcctrl module of the Linux partition: attaches a {@link Delegator} to each OS instance that boots, and gives mcexec access to
 * them. Registers itself with the IHK device.
 */
public final class Mcctrl implements OsListener, OsDirectory {
    private final LinuxPartition partition;
    private final IhkDevice device;
    private final Path directory;
    private final Map<Integer, OpenOs> running = new ConcurrentHashMap<>();

    /** {@code directory}: the node's own, for files which programs see in /sys. */
    public Mcctrl(IhkDevice device, Path directory) {
        this.device = device;
        this.directory = directory;
        partition = device.partition();
        device.addListener(this);
        SysfsDirectory.sweep(directory);
    }

    @Override
    public OsAccess open(int osIndex) {
        OpenOs os = running.get(osIndex);
        return os != null && os.status() == OsStatus.RUNNING ? os : null;
    }

    /** The processes that run on an OS instance; none whose end the user has seen already and only the node has not. */
    public List<ProxyProcess> users(int osIndex) {
        OpenOs os = running.get(osIndex);
        List<ProxyProcess> servants = os == null ? List.of() : os.delegator().servants();
        return servants.stream()
                .filter(p -> ProcessHandle.of(p.pid()).isPresent())
                .toList();
    }

    @Override
    public void booting(OsInstance os) {
        String name = "mcos" + os.index();
        Delegator delegator =
                new Delegator(partition, new OsLink(os, partition), name, new SysfsDirectory(directory, name));
        ProcessStarter starter =
                new ProcessStarter(delegator, device.partition().machine().deterministic());
        IkcEndpoint endpoint = os.endpoint();
        endpoint.on(IkcMessage.SYSCALL_ONESIDE, delegator::handleCall);
        endpoint.on(IkcMessage.REMOTE_PAGE_FAULT_ANSWER, delegator::handleFaultAnswer);
        endpoint.on(
                IkcMessage.SEND_SIGNAL_ACK,
                (linux, packet) -> delegator.signals().acknowledged(packet));
        endpoint.on(IkcMessage.SYSFS_REQ_SETUP, delegator::handleSysfs);
        endpoint.on(IkcMessage.CLEANUP_PROCESS_RESP, (linux, packet) -> {});
        endpoint.on(IkcMessage.PREPARE_PROCESS_ACKED, (linux, packet) -> starter.acknowledged(packet));
        running.put(os.index(), new OpenOs(os, delegator, starter));
    }

    @Override
    public void stopping(OsInstance os) {
        OpenOs open = running.get(os.index());
        if (open != null) {
            open.delegator().close();
        }
    }

    @Override
    public void stopped(OsInstance os) {
        OpenOs open = running.remove(os.index());
        if (open != null) {
            open.delegator().release();
        }
    }
}
