// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

import static mckernelj.linuxhost.ihk.FakeMachine.MB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import mckernelj.ihk.Errno;
import mckernelj.linuxhost.partition.LinuxPartition;
import mckernelj.linuxhost.partition.MemoryChunk;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Resources: from Linux to IHK to OS instances and back. */
class IhkDeviceTest {
    private final FakeMachine machine = new FakeMachine(4, 128 * MB);
    private final LinuxPartition partition = new LinuxPartition(machine);
    private final IhkDevice device = new IhkDevice(partition, 64);

    @AfterEach
    void close() {
        machine.close();
    }

    static void assertErrno(int errno, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(IhkException.class, e -> assertThat(e.errno())
                .isEqualTo(errno));
    }

    private static List<MemoryRequest> memory(String list) throws IhkException {
        return ResourceLists.parseMemory(list);
    }

    @Test
    void reserved_cpus_leave_linux_and_come_back() throws IhkException {
        device.reserveCpus(List.of(3, 1));
        assertThat(partition.onlineCpus()).containsExactly(0, 2);
        assertThat(machine.cpu(3).resets).isEqualTo(1);
        assertThat(device.cpus()).containsExactly(1, 3);
        device.releaseCpus(List.of(1));
        assertThat(partition.onlineCpus()).containsExactly(0, 1, 2);
        assertThat(machine.cpu(1).inLinux).isTrue();
    }

    @Test
    void cpus_that_cannot_be_reserved_are_einval_and_nothing_happens() throws IhkException {
        device.reserveCpus(List.of(3));
        assertErrno(Errno.EINVAL, () -> device.reserveCpus(List.of(1, 0)));
        assertErrno(Errno.EINVAL, () -> device.reserveCpus(List.of(1, 4)));
        assertErrno(Errno.EINVAL, () -> device.reserveCpus(List.of(1, 3)));
        assertErrno(Errno.EINVAL, () -> device.reserveCpus(List.of(1, 1)));
        assertErrno(Errno.EINVAL, () -> device.releaseCpus(List.of(3, 1)));
        assertThat(partition.onlineCpus()).containsExactly(0, 1, 2);
        assertThat(device.cpus()).containsExactly(3);
    }

    @Test
    void reserved_memory_is_rounded_up_to_4_mib_and_reported_per_chunk() throws IhkException {
        device.reserveMemory(memory("5M@0,64M@1"));
        assertThat(ResourceLists.formatMemory(device.memory())).isEqualTo("8388608@0,67108864@1");
        device.reserveMemory(memory("8M@0"));
        assertThat(ResourceLists.formatMemory(device.memory())).isEqualTo("16777216@0,67108864@1");
    }

    @Test
    void all_leaves_linux_its_share() throws IhkException {
        device.setReserveOption(ReserveMemoryOptions.Key.MAX_SIZE_RATIO_ALL, 50);
        device.reserveMemory(memory("all@1"));
        assertThat(device.memory()).containsExactly(new MemoryRequest(64 * MB, 1));
        device.releaseAllMemory();
        device.reserveMemory(memory("all@1"));
        assertThat(device.memory()).containsExactly(new MemoryRequest(124 * MB, 1));
    }

    @Test
    void too_much_memory_is_enomem_and_nothing_is_reserved() {
        assertErrno(Errno.ENOMEM, () -> device.reserveMemory(memory("64M@1,1G@0")));
        assertErrno(Errno.EINVAL, () -> device.reserveMemory(memory("4M@2")));
        assertThat(device.memory()).isEmpty();
        assertThat(partition.zones().freeBytes(1)).isEqualTo(128 * MB);
    }

    @Test
    void balanced_reservation_divides_the_total_over_the_nodes() throws IhkException {
        device.setReserveOption(ReserveMemoryOptions.Key.BALANCED_ENABLE, 1);
        device.reserveMemory(memory("48M@0,16M@1"));
        assertThat(device.memory()).containsExactly(new MemoryRequest(32 * MB, 0), new MemoryRequest(32 * MB, 1));
    }

    @Test
    void memory_is_released_in_parts_or_as_a_whole() throws IhkException {
        device.reserveMemory(memory("32M@0,32M@1"));
        device.releaseMemory(memory("8M@0"));
        assertThat(ResourceLists.formatMemory(device.memory())).isEqualTo("25165824@0,33554432@1");
        assertErrno(Errno.EINVAL, () -> device.releaseMemory(memory("64M@1")));
        device.releaseAllMemory();
        assertThat(device.memory()).isEmpty();
        assertThat(partition.zones().freeBytes(1)).isEqualTo(128 * MB);
    }

    @Test
    void os_instances_take_the_lowest_free_index() throws IhkException {
        assertThat(device.createOs().index()).isZero();
        assertThat(device.createOs().index()).isEqualTo(1);
        device.destroyOs(0);
        assertThat(device.osInstances()).containsExactly(1);
        assertThat(device.createOs().index()).isZero();
        assertErrno(Errno.ENOENT, () -> device.os(7));
        assertErrno(Errno.ENOENT, () -> device.destroyOs(7));
    }

    @Test
    void assignment_moves_resources_between_the_pools() throws IhkException {
        device.reserveCpus(List.of(1, 2, 3));
        device.reserveMemory(memory("64M@0,32M@1"));
        OsInstance os = device.createOs();
        os.assignCpus(List.of(3, 1));
        os.assignMemory(memory("16M@0,all@1"));
        assertThat(os.cpus()).containsExactly(3, 1);
        assertThat(device.cpus()).containsExactly(2);
        assertThat(os.memory())
                .containsExactly(new MemoryChunk(16 * MB, 32 * MB, 0), new MemoryChunk(128 * MB, 160 * MB, 1));
        assertThat(device.memory()).containsExactly(new MemoryRequest(48 * MB, 0));
        os.releaseMemory(memory("16M@0"));
        os.releaseCpus(List.of(3));
        assertThat(device.cpus()).containsExactly(2, 3);
        device.destroyOs(os.index());
        assertThat(device.cpus()).containsExactly(1, 2, 3);
        assertThat(ResourceLists.formatMemory(device.memory())).isEqualTo("67108864@0,33554432@1");
    }

    @Test
    void a_failed_assignment_changes_nothing() throws IhkException {
        device.reserveCpus(List.of(1, 2));
        device.reserveMemory(memory("32M@0,8M@1"));
        OsInstance os = device.createOs();
        assertErrno(Errno.EINVAL, () -> os.assignCpus(List.of(1, 3)));
        assertErrno(Errno.ENOMEM, () -> os.assignMemory(memory("16M@0,16M@1")));
        assertErrno(Errno.EINVAL, () -> os.releaseMemory(memory("16M@0")));
        assertThat(os.cpus()).isEmpty();
        assertThat(os.memory()).isEmpty();
        assertThat(ResourceLists.formatMemory(device.memory())).isEqualTo("33554432@0,8388608@1");
    }

    @Test
    void ikc_map_names_assigned_sources_and_linux_destinations() throws IhkException {
        device.reserveCpus(List.of(1, 3));
        OsInstance os = device.createOs();
        os.assignCpus(List.of(1, 3));
        assertThat(os.ikcMap()).isEqualTo(Map.of(1, 0, 3, 0));
        os.setIkcMap(Map.of(3, 2));
        assertThat(ResourceLists.formatIkcMap(os.ikcMap())).isEqualTo("1:0+3:2");
        assertErrno(Errno.EINVAL, () -> os.setIkcMap(Map.of(2, 0)));
        assertErrno(Errno.EINVAL, () -> os.setIkcMap(Map.of(1, 3)));
        assertErrno(Errno.EINVAL, () -> os.setIkcMap(Map.of(1, 9)));
    }
}
