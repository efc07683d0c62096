// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.linuxhost.ihk.FakeMachine.MB;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.Machine;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Label;
import mckernelj.emulator.machine.MachineConfig;
import mckernelj.emulator.machine.X86Machine;
import mckernelj.ihk.boot.KernelImage;
import mckernelj.ihk.ikc.IkcPort;
import mckernelj.ihk.ikc.IkcQueue;
import mckernelj.ihk.ikc.MasterPacket;
import mckernelj.ihk.layout.BootParameters;
import mckernelj.ihk.layout.BootParameters.Field;
import mckernelj.ihk.layout.KernelSpace;
import mckernelj.ihk.os.GatePorts;
import mckernelj.ihk.os.OsStatus;
import mckernelj.linuxhost.partition.LinuxPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * INIT, STARTUP, trampoline, page tables, startup stub and IKC interrupts on the real machine: a kernel of a few instructions that
 * knocks at its gate.
 */
class MachineBootTest {
    /** Goes to the gate once, then halts with interrupts off. */
    private static final class TinyKernel implements KernelImage {
        private static final long ENTRY = KernelSpace.MAP_KERNEL_START + 0x1000;

        final List<String> entered = new ArrayList<>();

        @Override
        public byte[] elf(int osIndex) {
            Assembler asm = new Assembler(ENTRY);
            asm.push(RDX)
                    .movImm(RDX, GatePorts.lwk(osIndex))
                    .movImm(RAX, 1)
                    .outDx()
                    .cli();
            Label halt = asm.here();
            asm.hlt().jmp(halt);
            byte[] elf = Arrays.copyOf(FakeKernel.elf(ENTRY, 0x1000), 200 + asm.size());
            System.arraycopy(asm.assemble(), 0, elf, 200, asm.size());
            elf[96] = (byte) asm.size(); // p_filesz
            return elf;
        }

        @Override
        public String buildId() {
            return "tiny";
        }

        @Override
        public Attachment attach(Machine machine, int osIndex) {
            machine.attachPort(GatePorts.lwk(osIndex), (cpu, port, width, value) -> start(machine, cpu));
            return () -> machine.detachPort(GatePorts.lwk(osIndex));
        }

        private void start(Machine machine, LogicalCpu cpu) {
            PhysicalMemory memory = machine.memory();
            BootParameters parameters = new BootParameters(memory, cpu.register(LogicalCpu.RDI));
            long kernel = cpu.register(LogicalCpu.RSI);
            entered.add(cpu.index() + " " + Long.toHexString(cpu.rip() & 0xFFFF_F000_0000_0000L) + " "
                    + Long.toHexString(kernel) + " "
                    + (parameters.get(Field.BOOTSTRAP_MEM_END) - 0x1000 - cpu.register(LogicalCpu.RSP)));
            long free = kernel + 4 * MB;
            IkcQueue receive = queue(memory, free);
            IkcQueue send = queue(memory, free + 0x10000);
            parameters.set(Field.MIKC_QUEUE_RECV, receive.physical());
            parameters.set(Field.MIKC_QUEUE_SEND, send.physical());
            parameters.setStatus(BootParameters.STATUS_READY);
            cpu.sendIpi(parameters.ikcApicId(0), parameters.ikcIrq());
            MasterPacket packet = new MasterPacket();
            while (!receive.read(packet)) {
                cpu.awaitInterrupt(cpu.cycles() + 10_000);
            }
            if (packet.msg == MasterPacket.INIT_ACK) {
                parameters.setStatus(BootParameters.STATUS_RUNNING);
                cpu.sendIpi(parameters.ikcApicId(0), parameters.ikcIrq());
            }
        }

        private static IkcQueue queue(PhysicalMemory memory, long physical) {
            return IkcQueue.format(memory, physical, IkcPort.masterQueueBytes(1), 0, 0, MasterPacket.SIZE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_kernel_is_entered_in_long_mode_with_the_documented_registers(boolean deterministic) throws Exception {
        MachineConfig config = MachineConfig.builder()
                .cores(4)
                .node(128 * MB)
                .deterministic(deterministic)
                .build();
        X86Machine machine = new X86Machine(config);
        try {
            IhkDevice device = new IhkDevice(new LinuxPartition(machine), 64);
            device.reserveCpus(List.of(1, 2, 3));
            device.reserveMemory(ResourceLists.parseMemory("64M"));
            OsInstance first = boot(device, List.of(3, 1), 0);
            OsInstance second = boot(device, List.of(2), 1);
            first.shutdown();
            assertThat(second.status()).isEqualTo(OsStatus.RUNNING);
            second.shutdown();
            boot(device, List.of(1), 0);
        } finally {
            machine.close();
        }
    }

    private static OsInstance boot(IhkDevice device, List<Integer> cpus, int index) throws IhkException {
        OsInstance os = device.osInstances().contains(index) ? device.os(index) : device.createOs();
        TinyKernel kernel = new TinyKernel();
        os.assignCpus(cpus);
        os.assignMemory(ResourceLists.parseMemory("16M"));
        os.load(kernel);
        os.setKernelArgs("hidos");
        os.boot();
        assertThat(os.status()).isEqualTo(OsStatus.RUNNING);
        String base = Long.toHexString(os.memory().get(0).start() + 2 * MB);
        // Two pushes: the call of the stub, and the kernel's own.
        assertThat(kernel.entered).containsExactly(cpus.get(0) + " fffff00000000000 " + base + " 16");
        return os;
    }
}
