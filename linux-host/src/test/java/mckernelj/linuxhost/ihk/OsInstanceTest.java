// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

import static mckernelj.linuxhost.ihk.FakeMachine.MB;
import static mckernelj.linuxhost.ihk.IhkDeviceTest.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mckernelj.emulator.hw.Machine;
import mckernelj.ihk.Errno;
import mckernelj.ihk.boot.KernelImage;
import mckernelj.ihk.ikc.IkcMessage;
import mckernelj.ihk.ikc.IkcPacket;
import mckernelj.ihk.ikc.IkcPort;
import mckernelj.ihk.layout.BootParameters;
import mckernelj.ihk.layout.BootParameters.Field;
import mckernelj.ihk.layout.MonitorArea;
import mckernelj.ihk.os.OsStatus;
import mckernelj.linuxhost.partition.LinuxPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Load, boot, channels and shutdown against the LWK's half in {@link FakeKernel}. */
class OsInstanceTest {
    private final FakeMachine machine = new FakeMachine(4, 128 * MB);
    private final LinuxPartition partition = new LinuxPartition(machine);
    private final IhkDevice device = new IhkDevice(partition, 64);
    private final FakeKernel kernel = new FakeKernel(machine);
    private final List<String> life = new ArrayList<>();
    private OsInstance os;

    @BeforeEach
    void assign() throws IhkException {
        device.addListener(new OsListener() {
            @Override
            public void booting(OsInstance instance) {
                life.add("booting " + instance.status());
            }

            @Override
            public void booted(OsInstance instance) {
                life.add("booted " + instance.status());
            }

            @Override
            public void stopping(OsInstance instance) {
                life.add("stopping " + instance.status());
            }

            @Override
            public void stopped(OsInstance instance) {
                life.add("stopped");
            }
        });
        device.reserveCpus(List.of(3, 1));
        device.reserveMemory(ResourceLists.parseMemory("32M@0,64M@1"));
        os = device.createOs();
        os.assignCpus(List.of(3, 1));
        os.assignMemory(ResourceLists.parseMemory("32M@0,64M@1"));
    }

    @AfterEach
    void close() {
        machine.close();
    }

    private void boot() throws IhkException {
        os.setIkcMap(Map.of(1, 2));
        os.load(kernel);
        os.setKernelArgs("hidos dump_level=0");
        os.boot();
    }

    @Test
    void a_booted_os_is_running_and_its_messages_can_be_read() throws IhkException {
        boot();
        assertThat(os.status()).isEqualTo(OsStatus.RUNNING);
        assertThat(os.kmsgText()).isEqualTo("IHK/McKernel started.\n");
        os.clearKmsg();
        assertThat(os.kmsg()).isEmpty();
        assertThat(life).containsExactly("booting BOOTING", "booted RUNNING");
    }

    @Test
    void kernel_lies_in_the_lowest_node_after_a_large_page() throws IhkException {
        os.load(kernel);
        byte[] text = new byte[8];
        machine.memory().read(16 * MB + 2 * MB + 0x1000, text, 0, text.length);
        assertThat(text).startsWith("KERNEL\0\0".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void boot_parameters_describe_the_partition() throws IhkException {
        boot();
        BootParameters parameters = os.bootParameters();
        assertThat(parameters.get(Field.START)).isEqualTo(16 * MB);
        assertThat(parameters.get(Field.END)).isEqualTo(192 * MB);
        assertThat(parameters.get(Field.BOOTSTRAP_MEM_END)).isEqualTo(48 * MB);
        assertThat(parameters.get(Field.NS_PER_TSC)).isEqualTo(385);
        assertThat(parameters.get(Field.BOOT_SEC)).isEqualTo(1_700_000_000);
        assertThat(parameters.kernelArgs()).isEqualTo("hidos dump_level=0");
        assertThat(parameters.dumpLevel()).isZero();
        assertThat(parameters.ikcIrq()).isEqualTo(64);
        assertThat(parameters.ikcApicId(2)).isEqualTo(4);
        assertThat(parameters.cpu(0)).isEqualTo(new BootParameters.Cpu(1, 6, 3, 0));
        assertThat(parameters.cpu(1)).isEqualTo(new BootParameters.Cpu(0, 2, 1, 2));
        assertThat(parameters.chunk(1)).isEqualTo(new BootParameters.Chunk(128 * MB, 192 * MB, 1));
        assertThat(parameters.distance(0, 1)).isEqualTo(21);
    }

    @Test
    void channels_carry_packets_both_ways() throws IhkException {
        List<String> seen = new ArrayList<>();
        device.addListener(new OsListener() {
            @Override
            public void booting(OsInstance instance) {
                instance.endpoint().on(IkcMessage.SYSCALL_ONESIDE, (cpu, packet) -> {
                    seen.add(cpu.index() + ":" + packet.pid);
                    packet.msg = IkcMessage.WAKE_UP_SYSCALL_THREAD.number();
                    instance.endpoint().send(cpu, 0, packet);
                });
            }
        });
        boot();
        assertThat(kernel.connectReplies).extracting(reply -> reply.param[0]).containsExactly(0L, 0L);
        IkcPacket packet = new IkcPacket(IkcMessage.SYSCALL_ONESIDE);
        packet.pid = 42;
        kernel.toLinux.write(packet);
        kernel.ring();
        assertThat(seen).containsExactly("0:42");
        assertThat(kernel.received).hasSize(1);
        assertThat(kernel.received.get(0).message()).isEqualTo(IkcMessage.WAKE_UP_SYSCALL_THREAD);
        assertThat(kernel.received.get(0).channel).isEqualTo(0xC0DE);
        assertThat(os.endpoint().send(machine.linuxCpu(), 1, packet)).isEqualTo(-Errno.ENOTCONN);
        assertThat(os.endpoint().send(machine.linuxCpu(), 2, packet)).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void wrong_connects_are_refused_with_the_errors_of_the_specification() throws IhkException {
        boot();
        kernel.connectReplies.clear();
        kernel.connect(1, 700, 0, 0, 0);
        kernel.connect(2, 502, 0, 0, 0);
        kernel.connect(3, IkcPort.IKC2LINUX.number(), kernel.toLinux.physical(), 0, 0x1329);
        assertThat(kernel.connectReplies)
                .extracting(reply -> reply.ref + ":" + reply.param[0])
                .containsExactly("1:-22", "2:-111", "3:-111");
    }

    @Test
    void events_of_the_lwk_reach_listeners() throws IhkException {
        List<Integer> events = new ArrayList<>();
        os.addEventListener(events::add);
        boot();
        IkcPacket packet = new IkcPacket(IkcMessage.EVENTFD);
        packet.arg = OsInstance.EVENT_KMSG;
        kernel.toLinux.write(packet);
        kernel.ring();
        assertThat(events).containsExactly(OsInstance.EVENT_KMSG);
    }

    @Test
    void status_follows_the_monitors() throws IhkException {
        boot();
        kernel.monitor.setStatus(1, MonitorArea.FROZEN);
        assertThat(os.status()).isEqualTo(OsStatus.FREEZING);
        assertErrno(Errno.EBUSY, os::freeze);
        kernel.monitor.setStatus(0, MonitorArea.FROZEN);
        assertThat(os.status()).isEqualTo(OsStatus.FROZEN);
        kernel.monitor.setStatus(0, MonitorArea.USER);
        kernel.monitor.setStatus(1, MonitorArea.KERNEL);
        assertThat(os.status()).isEqualTo(OsStatus.RUNNING);
        assertErrno(Errno.EINVAL, os::thaw);
        kernel.monitor.setCounter(1, 5);
        os.detectHangUp();
        assertThat(os.status()).isEqualTo(OsStatus.RUNNING);
        os.detectHangUp();
        assertThat(os.status()).isEqualTo(OsStatus.HUNGUP);
        kernel.monitor.setStatus(1, MonitorArea.PANIC);
        assertThat(os.status()).isEqualTo(OsStatus.PANIC);
    }

    @Test
    void shutdown_resets_the_cpus_and_returns_cleared_resources() throws IhkException {
        boot();
        machine.memory().putLong(40 * MB, 0x5EC12E7);
        long free = partition.zones().freeBytes(0);
        os.shutdown();
        assertThat(os.status()).isEqualTo(OsStatus.INACTIVE);
        assertThat(machine.cpu(3).resets).isEqualTo(2);
        assertThat(kernel.attached).isFalse();
        assertThat(machine.memory().getLong(40 * MB)).isZero();
        assertThat(device.cpus()).containsExactly(1, 3);
        assertThat(ResourceLists.formatMemory(device.memory())).isEqualTo("33554432@0,67108864@1");
        assertThat(partition.zones().freeBytes(0)).isGreaterThan(free);
        assertThat(life).endsWith("stopping SHUTDOWN", "stopped");
        os.shutdown();
        assertThat(os.kmsgText()).contains("started");
    }

    @Test
    void destroy_leaves_nothing_behind() throws IhkException {
        boot();
        device.destroyOs(0);
        device.releaseCpus(device.cpus());
        device.releaseAllMemory();
        assertThat(os.kmsgText()).contains("started");
        assertErrno(Errno.ENOENT, () -> os.assignCpus(List.of(1)));
        FakeMachine fresh = new FakeMachine(4, 128 * MB);
        assertThat(partition.zones().freeBytes(0))
                .isEqualTo(new LinuxPartition(fresh).zones().freeBytes(0));
        fresh.close();
    }

    @Test
    void a_booted_os_refuses_changes_with_ebusy() throws IhkException {
        boot();
        assertErrno(Errno.EBUSY, () -> os.assignCpus(List.of(2)));
        assertErrno(Errno.EBUSY, () -> os.releaseCpus(List.of(1)));
        assertErrno(Errno.EBUSY, () -> os.assignMemory(List.of()));
        assertErrno(Errno.EBUSY, os::releaseAllMemory);
        assertErrno(Errno.EBUSY, () -> os.setIkcMap(Map.of()));
        assertErrno(Errno.EBUSY, () -> os.load(kernel));
        assertErrno(Errno.EBUSY, () -> os.setKernelArgs("hidos"));
        assertErrno(Errno.EBUSY, os::boot);
        assertErrno(Errno.EINVAL, () -> device.releaseCpus(List.of(1)));
    }

    @Test
    void kernel_arguments_need_the_word_hidos() throws IhkException {
        assertErrno(Errno.EINVAL, () -> os.setKernelArgs("xhidos"));
        assertErrno(Errno.EFAULT, () -> os.setKernelArgs(null));
        assertErrno(Errno.E2BIG, () -> os.setKernelArgs("hidos " + "x".repeat(300)));
        assertErrno(Errno.EINVAL, () -> os.setKernelArgs("hidos " + "x".repeat(1 << 20)));
        os.setKernelArgs("turbo hidos");
    }

    @Test
    void images_that_cannot_be_loaded_are_refused() throws IhkException {
        assertErrno(Errno.EINVAL, os::boot);
        assertErrno(Errno.EINVAL, () -> os.load(image(new byte[300])));
        assertErrno(Errno.EINVAL, () -> os.load(image(FakeKernel.elf(0x400000, 100))));
        assertErrno(Errno.E2BIG, () -> os.load(image(FakeKernel.elf(0xFFFF_FFFF_FE80_1000L, 16 * MB))));
        os.releaseAllMemory();
        assertErrno(Errno.EINVAL, () -> os.load(kernel));
    }

    private static KernelImage image(byte[] elf) {
        return new KernelImage() {
            @Override
            public byte[] elf(int osIndex) {
                return elf;
            }

            @Override
            public String buildId() {
                return "";
            }

            @Override
            public Attachment attach(Machine machine, int osIndex) {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Test
    void an_lwk_that_panics_while_it_boots_fails_the_boot() throws IhkException {
        kernel.lastStatus = BootParameters.STATUS_READY;
        os.load(kernel);
        os.setKernelArgs("hidos");
        machine.onStartup = machine.onStartup.andThen((cpu, vector) -> kernel.monitor.setStatus(0, MonitorArea.PANIC));
        assertErrno(Errno.EINVAL, os::boot);
        assertThat(os.status()).isEqualTo(OsStatus.PANIC);
        os.shutdown();
        assertThat(os.status()).isEqualTo(OsStatus.INACTIVE);
        assertThat(device.cpus()).containsExactly(1, 3);
    }

    @Test
    void dump_contains_every_chunk_at_its_section(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("mcdump");
        assertErrno(Errno.ENODEV, () -> os.dump(file, 0, "date", "host", "user"));
        boot();
        machine.memory().putLong(150 * MB, 0x1122334455667788L);
        os.dump(file, 24, "date", "host", "user");
        assertErrno(Errno.EEXIST, () -> os.dump(file, 24, "date", "host", "user"));
        assertErrno(Errno.EINVAL, () -> os.dump(directory.resolve("x"), 5, "date", "host", "user"));

        ByteBuffer elf = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int physmem1 = 64 + 64 * 4;
        assertThat(elf.getShort(60)).isEqualTo((short) 8);
        assertThat(elf.getLong(physmem1 + 32)).isEqualTo(64 * MB);
        int contents = (int) elf.getLong(physmem1 + 24);
        assertThat(elf.getLong(contents + (int) (22 * MB))).isEqualTo(0x1122334455667788L);
    }

    @Test
    void two_instances_run_side_by_side() throws IhkException {
        boot();
        device.reserveCpus(List.of(2));
        device.reserveMemory(ResourceLists.parseMemory("16M@1"));
        OsInstance second = device.createOs();
        second.assignCpus(List.of(2));
        second.assignMemory(ResourceLists.parseMemory("16M@1"));
        FakeKernel other = new FakeKernel(machine);
        second.load(other);
        second.setKernelArgs("hidos");
        second.boot();
        assertThat(second.status()).isEqualTo(OsStatus.RUNNING);
        assertThat(second.bootParameters().osnum()).isEqualTo(1);
        os.shutdown();
        assertThat(second.status()).isEqualTo(OsStatus.RUNNING);
    }
}
