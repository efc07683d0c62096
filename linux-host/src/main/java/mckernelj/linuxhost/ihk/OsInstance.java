// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.ihk.Errno;
import mckernelj.ihk.boot.KernelImage;
import mckernelj.ihk.ikc.IkcMessage;
import mckernelj.ihk.layout.BootParameters;
import mckernelj.ihk.layout.KmsgBuffer;
import mckernelj.ihk.layout.RusageArea;
import mckernelj.ihk.os.OsStatus;
import mckernelj.linuxhost.partition.LinuxPartition;
import mckernelj.linuxhost.partition.MemoryChunk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One OS instance: libihk's {@code ihk_os_*} functions. CPU numbers are Linux ids, NUMA nodes Linux nodes; the order in
 * which CPUs are assigned is the LWK's numbering. Safe for use by several threads; boot and shutdown block the caller
 * only.
 */
public final class OsInstance {
    /** Event types of ihk_os_get_eventfd. */
    public static final int EVENT_OOM = 0;

    public static final int EVENT_STATUS = 2;
    public static final int EVENT_KMSG = 101;

    private static final Logger log = LoggerFactory.getLogger(OsInstance.class);
    private static final int MAX_KARGS = 1 << 20;
    private static final long READY_SECONDS = 60;
    private static final long RUNNING_SECONDS = 20;
    private static final int DEFAULT_DUMP_LEVEL = 24;
    private static final Pattern DUMP_LEVEL = Pattern.compile("(?:^| )dump_level=([0-9]{1,9})(?: |$)");

    /** Life of the resources; the LWK's own status is in the boot parameters. */
    private enum Phase {
        NOT_BOOTED,
        BOOTED,
        SHUTTING_DOWN,
        FAILED,
        DESTROYED
    }

    private final IhkDevice device;
    private final LinuxPartition partition;
    private final int index;
    private final long kmsgPhysical;
    private final KmsgBuffer kmsg;
    private final List<IntConsumer> eventListeners = new CopyOnWriteArrayList<>();

    // Guarded by this.
    private final AssignedResources resources;
    private String kernelArgs = "";
    private KernelImage image;
    private KernelLoader.Loaded loaded;
    private byte[] lastKmsg = {};

    private volatile Phase phase = Phase.NOT_BOOTED;
    private volatile RunningOs running;

    OsInstance(IhkDevice device, LinuxPartition partition, int index) {
        this.device = device;
        this.partition = partition;
        this.index = index;
        resources = new AssignedResources(device, partition);
        kmsgPhysical = partition.allocate(KmsgBuffer.SIZE);
        kmsg = KmsgBuffer.format(partition.memory(), kmsgPhysical, KmsgBuffer.SIZE);
    }

    public int index() {
        return index;
    }

    // Resources

    public synchronized void assignCpus(List<Integer> list) throws IhkException {
        checkNotBooted();
        resources.assignCpus(list);
    }

    public synchronized void releaseCpus(List<Integer> list) throws IhkException {
        checkNotBooted();
        resources.releaseCpus(list);
    }

    /** Assigned CPUs in the LWK's order. */
    public synchronized List<Integer> cpus() {
        return resources.cpus();
    }

    /** All requests or none. */
    public synchronized void assignMemory(List<MemoryRequest> list) throws IhkException {
        checkNotBooted();
        resources.assignMemory(list);
    }

    /** Whole chunks that match exactly in size and node, or all of a node. */
    public synchronized void releaseMemory(List<MemoryRequest> list) throws IhkException {
        checkNotBooted();
        resources.releaseMemory(list);
    }

    public synchronized void releaseAllMemory() throws IhkException {
        checkNotBooted();
        resources.releaseAllMemory();
    }

    /** Assigned memory, chunk by chunk. */
    public synchronized List<MemoryChunk> memory() {
        return resources.memory();
    }

    /** Which Linux CPU serves the IKC of an assigned CPU. CPUs that are not named are served by Linux CPU 0. */
    public synchronized void setIkcMap(Map<Integer, Integer> map) throws IhkException {
        checkNotBooted();
        resources.setIkcMap(map);
    }

    /** Complete, in the LWK's order. */
    public synchronized Map<Integer, Integer> ikcMap() {
        return resources.ikcMap();
    }

    // Load and boot

    /** Loads the kernel into the largest chunk of the lowest NUMA node that is assigned. */
    public synchronized void load(KernelImage kernel) throws IhkException {
        checkNotBooted();
        MemoryChunk chunk = resources.bootstrapChunk();
        if (resources.cpus().isEmpty() || chunk == null) {
            throw new IhkException(Errno.EINVAL, "no CPU or no memory is assigned");
        }
        log.debug(
                "IHK-SMP: bootstrap addr: 0x{}, chunk size: {} @ NUMA: {}",
                Long.toHexString(chunk.start()),
                chunk.sizeBytes(),
                chunk.node());
        loaded = KernelLoader.load(partition.memory(), chunk, kernel.elf(index));
        image = kernel;
    }

    /** Kernel arguments; the word {@code hidos} must be among them. */
    public synchronized void setKernelArgs(String arguments) throws IhkException {
        checkNotBooted();
        if (arguments == null) {
            throw new IhkException(Errno.EFAULT, "no kernel arguments");
        }
        if (arguments.length() > MAX_KARGS
                || !Arrays.asList(arguments.split(" ")).contains("hidos")) {
            throw new IhkException(Errno.EINVAL, "kernel arguments must contain the word hidos");
        }
        if (arguments.length() >= BootParameters.KERNEL_ARGS_SIZE) {
            throw new IhkException(Errno.E2BIG, "kernel arguments are longer than 255 characters");
        }
        kernelArgs = arguments;
    }

    /** Boots; returns when the LWK is RUNNING. */
    public void boot() throws IhkException {
        RunningOs os = prepareBoot();
        device.listeners().forEach(listener -> listener.booting(this));
        os.start(image, index);
        if (!os.awaitStatus(BootParameters.STATUS_READY, READY_SECONDS)) {
            throw bootFailed("IHK: OS does not become ready, kernel msg:");
        }
        if (!os.awaitStatus(BootParameters.STATUS_RUNNING, RUNNING_SECONDS)) {
            throw bootFailed("IHK: OS does not become running, kernel msg:");
        }
        device.listeners().forEach(listener -> listener.booted(this));
    }

    private synchronized RunningOs prepareBoot() throws IhkException {
        checkNotBooted();
        List<Integer> cpus = resources.cpus();
        if (loaded == null || !resources.memory().contains(loaded.chunk()) || cpus.isEmpty()) {
            throw new IhkException(Errno.EINVAL, "no kernel is loaded");
        }
        resources.checkIkcMap(resources.ikcMap()); // a destination may have been reserved since it was set
        BootBlock block = new BootBlock(partition, cpus, resources.memory());
        block.fill(index, kernelArgs, dumpLevel(), device.ikcIrq(), resources.ikcMap());
        block.prepare(index, loaded, kmsgPhysical, KmsgBuffer.SIZE);
        kmsg.clear();
        RunningOs os = new RunningOs(partition, cpus, block);
        os.endpoint().on(IkcMessage.EVENTFD, (cpu, packet) -> signalEvent((int) packet.arg));
        running = os;
        phase = Phase.BOOTED;
        return os;
    }

    private IhkException bootFailed(String message) {
        log.error("{}\n{}", message, kmsgText());
        phase = Phase.FAILED;
        return new IhkException(Errno.EINVAL, "OS instance " + index + " did not boot, see its kmsg");
    }

    private int dumpLevel() {
        Matcher matcher = DUMP_LEVEL.matcher(kernelArgs);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : DEFAULT_DUMP_LEVEL;
    }

    /**
     * Resets the CPUs and returns all resources to the reserved ones, memory cleared. Nothing happens if it is not
     * booted; -EBUSY while another thread shuts it down.
     */
    public void shutdown() throws IhkException {
        synchronized (this) {
            if (phase == Phase.NOT_BOOTED || phase == Phase.DESTROYED) {
                return;
            }
            if (phase == Phase.SHUTTING_DOWN) {
                throw new IhkException(Errno.EBUSY, "OS instance " + index + " is shutting down");
            }
            phase = Phase.SHUTTING_DOWN;
        }
        RunningOs os = running;
        device.listeners().forEach(listener -> listener.stopping(this));
        os.stop();
        device.listeners().forEach(listener -> listener.stopped(this));
        synchronized (this) {
            os.block().free();
            running = null;
            releaseResources();
            phase = Phase.NOT_BOOTED;
        }
    }

    /** Called by the device: the instance is gone; its last kernel messages can still be read from this object. */
    void destroy() throws IhkException {
        shutdown();
        synchronized (this) {
            releaseResources();
            lastKmsg = kmsg.read(false);
            partition.zones().free(kmsgPhysical, KmsgBuffer.SIZE);
            phase = Phase.DESTROYED;
        }
    }

    private void releaseResources() {
        resources.releaseEverything();
        loaded = null;
    }

    // Observation

    public OsStatus status() {
        RunningOs os = running;
        return switch (phase) {
            case NOT_BOOTED, DESTROYED -> OsStatus.INACTIVE;
            case SHUTTING_DOWN -> OsStatus.SHUTDOWN;
            case FAILED -> OsStatus.PANIC;
            case BOOTED -> os == null ? OsStatus.INACTIVE : os.status();
        };
    }

    public String buildId() {
        KernelImage kernel = image;
        return kernel == null ? "" : kernel.buildId();
    }

    /** All kernel messages in the buffer; they stay there. */
    public synchronized byte[] kmsg() {
        return phase == Phase.DESTROYED ? lastKmsg.clone() : kmsg.read(false);
    }

    /** The same as text, byte by byte. */
    public String kmsgText() {
        return new String(kmsg(), StandardCharsets.ISO_8859_1);
    }

    /** Reads the kernel messages and removes them (ihkmond). */
    public synchronized byte[] drainKmsg() {
        return phase == Phase.DESTROYED ? lastKmsg.clone() : kmsg.read(true);
    }

    public synchronized void clearKmsg() {
        if (phase != Phase.DESTROYED) {
            kmsg.clear();
        }
    }

    /**
     * Calls {@code listener} with the type of each event (EVENT_), in interrupt context of a Linux CPU or on a tool's
     * thread.
     */
    public void addEventListener(IntConsumer listener) {
        eventListeners.add(listener);
    }

    void signalEvent(int type) {
        eventListeners.forEach(listener -> listener.accept(type));
    }

    /** Free bytes per LWK node. */
    public long[] queryFreeMemory() throws IhkException {
        booted().updateFreeMemory();
        return perNode(RusageArea::numaFree);
    }

    /** Total bytes per LWK node. */
    public long[] queryTotalMemory() throws IhkException {
        return perNode(RusageArea::numaTotal);
    }

    private interface NodeValue {
        long of(RusageArea area, int node);
    }

    private long[] perNode(NodeValue value) throws IhkException {
        RunningOs os = booted();
        long[] values = new long[os.block().nodes().size()];
        for (int node = 0; node < values.length; node++) {
            values[node] = value.of(os.rusage(), node);
        }
        return values;
    }

    public OsRusage rusage() throws IhkException {
        RunningOs os = booted();
        return OsRusage.of(
                os.rusage(), os.block().nodes().size(), os.parameters().cpuCount());
    }

    /** Monitor state of an LWK CPU ({@link mckernelj.ihk.layout.MonitorArea}). */
    public int cpuStatus(int lwkCpu) throws IhkException {
        return booted().monitor().status(lwkCpu);
    }

    /** Monitor counter of an LWK CPU. */
    public long cpuCounter(int lwkCpu) throws IhkException {
        return booted().monitor().counter(lwkCpu);
    }

    /**
     * Writes the memory of a booted OS to a new file (libihk: makedumpfile). Level 0 is all memory; level 24, which
     * upstream restricts to what the kernel uses, writes all memory too.
     */
    public void dump(Path file, int level, String date, String hostname, String user) throws IhkException {
        if (level != 0 && level != 24) {
            throw new IhkException(Errno.EINVAL, "no dump level " + level);
        }
        if (running == null) {
            throw new IhkException(Errno.ENODEV, "OS instance " + index + " is not booted");
        }
        DumpFile dump = new DumpFile(partition.memory(), memory());
        try {
            dump.with("date", date)
                    .with("hostname", hostname)
                    .with("user", user)
                    .write(file);
        } catch (FileAlreadyExistsException e) {
            throw new IhkException(Errno.EEXIST, file + " exists");
        } catch (NoSuchFileException e) {
            throw new IhkException(Errno.ENOENT, "no directory for " + file);
        } catch (AccessDeniedException e) {
            throw new IhkException(Errno.EACCES, "no permission to write " + file);
        } catch (IOException e) {
            throw new IhkException(Errno.EIO, "cannot write " + file + ": " + e.getMessage());
        }
    }

    // Control of a running OS

    /** The Linux end of the channels; only while it boots or runs. */
    public IkcEndpoint endpoint() {
        RunningOs os = running;
        if (os == null) {
            throw new IllegalStateException("OS instance " + index + " is not booted");
        }
        return os.endpoint();
    }

    public BootParameters bootParameters() throws IhkException {
        return started().parameters();
    }

    /** Raises an interrupt at an LWK CPU. */
    public void sendInterrupt(int lwkCpu, int vector) throws IhkException {
        RunningOs os = started();
        if (lwkCpu < 0 || lwkCpu >= os.parameters().cpuCount() || vector < 16 || vector > 255) {
            throw new IhkException(Errno.EINVAL, "no CPU " + lwkCpu + " or vector " + vector);
        }
        os.sendInterrupt(lwkCpu, vector);
    }

    public void freeze() throws IhkException {
        OsStatus status = status();
        if (status == OsStatus.FREEZING || status == OsStatus.FROZEN) {
            throw new IhkException(Errno.EBUSY, "OS instance " + index + " is " + status);
        }
        if (status != OsStatus.RUNNING) {
            throw new IhkException(Errno.EINVAL, "OS instance " + index + " is " + status);
        }
        started().sendMultiInterrupt(RunningOs.FREEZE);
    }

    public void thaw() throws IhkException {
        OsStatus status = status();
        if (status != OsStatus.FREEZING && status != OsStatus.FROZEN) {
            throw new IhkException(Errno.EINVAL, "OS instance " + index + " is " + status);
        }
        started().sendMultiInterrupt(RunningOs.THAW);
    }

    /** One round of hang detection: a CPU that stayed in one kernel entry since the last round makes the OS HUNGUP. */
    public void detectHangUp() throws IhkException {
        if (started().detectHangUp()) {
            signalEvent(EVENT_STATUS);
        }
    }

    /** Somebody else found that it hangs. */
    public void notifyHangUp() throws IhkException {
        started().markHungUp();
        signalEvent(EVENT_STATUS);
    }

    void handleInterrupt(LogicalCpu cpu) {
        RunningOs os = running;
        if (os != null) {
            os.handleInterrupt(cpu);
        }
    }

    private RunningOs started() throws IhkException {
        RunningOs os = running;
        if (os == null) {
            throw new IhkException(Errno.EAGAIN, "OS instance " + index + " is not booted");
        }
        return os;
    }

    private RunningOs booted() throws IhkException {
        RunningOs os = started();
        if (os.rusage() == null || os.monitor() == null) {
            throw new IhkException(Errno.EAGAIN, "OS instance " + index + " is not booted");
        }
        return os;
    }

    private void checkNotBooted() throws IhkException {
        if (phase == Phase.DESTROYED) {
            throw new IhkException(Errno.ENOENT, "OS instance " + index + " is destroyed");
        }
        if (phase != Phase.NOT_BOOTED) {
            throw new IhkException(Errno.EBUSY, "OS instance " + index + " is booted");
        }
    }
}
