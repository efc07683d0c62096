// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import mckernelj.emulator.machine.MachineConfig;
import mckernelj.emulator.machine.X86Machine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Linux' processors on the real machine, parallel (false) and deterministic (true). */
class LinuxPartitionTest {
    private static final int CPUS = 3;
    private static final int VECTOR = 0x50;

    private interface Body {
        void run(X86Machine machine, LinuxPartition partition) throws Exception;
    }

    private static void onMachine(boolean deterministic, Body body) throws Exception {
        MachineConfig config = MachineConfig.builder()
                .cores(CPUS)
                .node(64 << 20)
                .deterministic(deterministic)
                .build();
        X86Machine machine = new X86Machine(config);
        try {
            body.run(machine, new LinuxPartition(machine));
        } finally {
            machine.close();
        }
    }

    private static int get(CompletableFuture<Integer> result) throws Exception {
        return result.get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void posted_work_runs_on_the_processor_that_was_asked(boolean deterministic) throws Exception {
        onMachine(deterministic, (machine, partition) -> {
            for (int i = 0; i < CPUS; i++) {
                CompletableFuture<Integer> where = new CompletableFuture<>();
                partition.post(i, cpu -> where.complete(cpu.index()));
                assertThat(get(where)).isEqualTo(i);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void much_work_from_several_threads_is_done_completely(boolean deterministic) throws Exception {
        onMachine(deterministic, (machine, partition) -> {
            int[] count = new int[1];
            CompletableFuture<Integer> last = new CompletableFuture<>();
            IntStream.range(0, 3000)
                    .parallel()
                    .forEach(i -> partition.post(() -> {
                        if (++count[0] == 3000) {
                            last.complete(count[0]);
                        }
                    }));
            assertThat(get(last)).isEqualTo(3000);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_interrupt_from_another_processor_reaches_its_handler(boolean deterministic) throws Exception {
        onMachine(deterministic, (machine, partition) -> {
            CompletableFuture<Integer> where = new CompletableFuture<>();
            partition.onInterrupt(VECTOR, cpu -> where.complete(cpu.index()));
            partition.post(cpu -> cpu.sendIpi(machine.cpu(2).apicId(), VECTOR));
            assertThat(get(where)).isEqualTo(2);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_handler_that_fails_does_not_stop_the_processor(boolean deterministic) throws Exception {
        onMachine(deterministic, (machine, partition) -> {
            partition.post(cpu -> {
                throw new IllegalStateException("expected by the test");
            });
            CompletableFuture<Integer> after = new CompletableFuture<>();
            partition.post(cpu -> after.complete(cpu.index()));
            assertThat(get(after)).isZero();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_processor_goes_offline_and_comes_back(boolean deterministic) throws Exception {
        onMachine(deterministic, (machine, partition) -> {
            for (int round = 0; round < 5; round++) {
                partition.offline(1);
                assertThat(partition.onlineCpus()).containsExactly(0, 2);
                partition.online(1);
                CompletableFuture<Integer> where = new CompletableFuture<>();
                partition.post(1, cpu -> where.complete(cpu.index()));
                assertThat(get(where)).isEqualTo(1);
            }
            assertThatThrownBy(() -> partition.offline(0)).isInstanceOf(IllegalArgumentException.class);
        });
    }
}
