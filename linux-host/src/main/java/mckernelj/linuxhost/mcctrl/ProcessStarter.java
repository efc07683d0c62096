// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.Errno;
import mckernelj.ihk.ikc.IkcMessage;
import mckernelj.ihk.ikc.IkcPacket;
import mckernelj.ihk.launch.LoadedProgram;
import mckernelj.ihk.layout.ProgramLoadDescriptor;
import mckernelj.linuxhost.partition.LinuxPartition;
import mckernelj.linuxhost.proxy.Servant;

/**
 * Starts programs: PREPARE_PROCESS with the load descriptor, and when the LWK has built the image, SCHEDULE_PROCESS (upstream:
 * PREPARE_IMAGE and START_IMAGE). {@link #start} runs on a tool's thread and waits.
 */
final class ProcessStarter {
    private static final int TIMEOUT_SECONDS = 60;
    private static final long RANDOM_WHEN_DETERMINISTIC = 0x10101011_10101011L;

    private final Delegator delegator;
    private final boolean deterministic;
    private final SecureRandom random = new SecureRandom();
    private final Map<Long, CompletableFuture<Integer>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong lastRequest = new AtomicLong();

    ProcessStarter(Delegator delegator, boolean deterministic) {
        this.delegator = delegator;
        this.deterministic = deterministic;
    }

    /** Returns 0, or a negative errno and nothing has been started. */
    int start(Servant servant, LoadedProgram program, ProgramLoadDescriptor descriptor) {
        LinuxPartition partition = delegator.partition();
        for (int i = 0; i < descriptor.random.length; i++) {
            descriptor.random[i] = deterministic ? RANDOM_WHEN_DETERMINISTIC : random.nextLong();
        }
        long length = descriptor.sizeBytes();
        long physical = partition.zones().allocate(length);
        if (physical == 0) {
            return -Errno.ENOMEM;
        }
        try {
            ExecveRequests.write(descriptor, program, partition.memory(), physical);
            return prepare(servant, ProgramIdentity.of(program), descriptor.cpu, physical);
        } finally {
            partition.zones().free(physical, length);
        }
    }

    private int prepare(Servant servant, ProgramIdentity program, int lwkCpu, long physical) {
        servant.reportSignals();
        program.nameThread(servant.mainSlot());
        ProcessData process = delegator.addProcess(servant, false, lwkCpu, 0);
        process.setProgram(program);
        int error = request(lwkCpu, servant.pid(), physical);
        if (error < 0) {
            delegator.removeProcess(process);
            return error;
        }
        PhysicalMemory memory = delegator.partition().memory();
        process.setPageTable(ProgramLoadDescriptor.rpgtable(memory, physical));
        long rprocess = ProgramLoadDescriptor.rprocess(memory, physical);
        IkcPacket schedule = new IkcPacket(IkcMessage.SCHEDULE_PROCESS);
        schedule.ref = lwkCpu;
        schedule.pid = servant.pid();
        schedule.arg = rprocess;
        delegator.partition().postWhenIdle(0, linux -> delegator.link().send(linux, lwkCpu, schedule));
        return 0;
    }

    private int request(int lwkCpu, int pid, long physical) {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        IkcPacket packet = new IkcPacket(IkcMessage.PREPARE_PROCESS);
        packet.ref = lwkCpu;
        packet.pid = pid;
        packet.arg = physical;
        packet.reply = lastRequest.incrementAndGet();
        waiting.put(packet.reply, answer);
        delegator.partition().postWhenIdle(0, linux -> {
            if (!delegator.link().send(linux, lwkCpu, packet)) {
                answer.complete(-Errno.EAGAIN);
            }
        });
        try {
            return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return -Errno.ETIME;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -Errno.EINTR;
        } finally {
            waiting.remove(packet.reply);
        }
    }

    /** PREPARE_PROCESS_ACKED. */
    void acknowledged(IkcPacket packet) {
        CompletableFuture<Integer> answer = waiting.get(packet.reply);
        if (answer != null) {
            answer.complete(packet.err);
        }
    }
}
