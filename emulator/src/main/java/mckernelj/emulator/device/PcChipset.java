// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.device;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.IntConsumer;
import mckernelj.emulator.hw.PortHandler;
import mckernelj.emulator.machine.X86Machine;

/** The devices of a PC, connected to each other and to a machine. There is no PCI bus, no disk and no display. */
public final class PcChipset {
    /** What ends the machine from inside. Called on a processor's host thread. */
    public interface Exits {
        void exit(int status);

        void reset();

        void powerOff();
    }

    private static final int SERIAL_PORT = 0x3F8;
    private static final int SERIAL_IRQ = 4;
    private static final int RTC_IRQ = 8;
    private static final int ISA_LINES = 16;
    private static final int LAST_EXTENDED_KIB = 65535;

    private final X86Machine machine;
    private final PicPair pics;
    private final IoApic ioApic;
    private final Uart16550 serial;
    private final FirmwareConfig firmwareConfig = new FirmwareConfig();

    /** Attaches all devices; {@code input} and {@code output} are the serial line's. */
    public PcChipset(X86Machine machine, InputStream input, OutputStream output, Exits exits) {
        this.machine = machine;
        long tscHz = machine.tscHz();
        pics = new PicPair(machine::externalInterrupt);
        ioApic = new IoApic(machine::interruptMessage);
        serial = new Uart16550(input, output, line(SERIAL_IRQ), tscHz);
        machine.attachExternalInterrupts(pics);
        machine.attachMmio(ioApic);
        machine.onEndOfInterrupt(ioApic::endOfInterrupt);
        attach(pics, PicPair.PORTS);
        attach(new Pit8254(line(0), tscHz), Pit8254.PORTS);
        attach(new ResetControl(exits::reset), ResetControl.PORTS);
        attachRange(serial, SERIAL_PORT, Uart16550.PORTS);
        attachRange(exit(exits::exit), DebugExit.PORT, DebugExit.PORTS);
        attachRange(firmwareConfig, FirmwareConfig.SELECTOR_PORT, 2);
        attachRange(
                new AcpiPowerManagement(tscHz, exits::powerOff),
                AcpiPowerManagement.EVENT_BLOCK,
                AcpiPowerManagement.PORTS);
        attachRange(rtc(tscHz), Rtc.INDEX_PORT, 2);
        attachTestDevice();
        describe();
        BiosData.write(machine.memory(), SERIAL_PORT);
        AcpiTables.write(machine);
    }

    private static DebugExit exit(IntConsumer exit) {
        return new DebugExit(exit);
    }

    private void attach(PortHandler handler, int... ports) {
        for (int port : ports) {
            machine.attachPort(port, handler);
        }
    }

    private void attachRange(PortHandler handler, int first, int count) {
        for (int i = 0; i < count; i++) {
            machine.attachPort(first + i, handler);
        }
    }

    /** An ISA interrupt: the same input of both kinds of controllers, but for the timer, whose I/O APIC input is 2. */
    private InterruptLine line(int irq) {
        int input = irq == 0 ? 2 : irq;
        return asserted -> {
            pics.setLine(irq, asserted);
            ioApic.setLine(input, asserted);
        };
    }

    private void attachTestDevice() {
        TestDevice device = new TestDevice(input -> input < ISA_LINES ? line(input) : on -> ioApic.setLine(input, on));
        attachRange(device, TestDevice.LATCH_PORT, TestDevice.LATCH_PORTS);
        attachRange(device, TestDevice.LINE_PORT, IoApic.INPUTS);
        for (int i = 0; i < TestDevice.MEMORY_PAGES; i++) {
            machine.attachMmio(TestDevice.memoryPage(i));
        }
    }

    private Rtc rtc(long tscHz) {
        Rtc rtc = new Rtc(line(RTC_IRQ), machine.epochNanosAtTscZero(), tscHz);
        long below4g = machine.numa().memory(0).get(0).end();
        int extended = (int) Math.min((below4g >> 10) - 1024, LAST_EXTENDED_KIB);
        rtc.setMemory(0x15, 640 & 0xFF);
        rtc.setMemory(0x16, 640 >> 8);
        for (int at : new int[] {0x17, 0x30}) {
            rtc.setMemory(at, extended);
            rtc.setMemory(at + 1, extended >> 8);
        }
        int above16m = (int) Math.max((below4g >> 16) - 256, 0);
        rtc.setMemory(0x34, above16m);
        rtc.setMemory(0x35, above16m >> 8);
        rtc.setMemory(0x5F, machine.cpuCount() - 1);
        return rtc;
    }

    private void describe() {
        firmwareConfig.putShort(FirmwareConfig.CPU_COUNT, machine.cpuCount());
        firmwareConfig.putShort(FirmwareConfig.MAX_CPUS, machine.cpuCount());
        long bytes = 0;
        for (int node = 0; node < machine.numa().nodeCount(); node++) {
            bytes += machine.numa().memory(node).stream()
                    .mapToLong(range -> range.end() - range.start())
                    .sum();
        }
        firmwareConfig.putLong(FirmwareConfig.RAM_SIZE, bytes);
    }

    public FirmwareConfig firmwareConfig() {
        return firmwareConfig;
    }

    /** Nothing is printed from now on. */
    public void close() {
        serial.close();
    }
}
