// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.hw.Machine;
import mckernelj.emulator.hw.NumaTopology;
import mckernelj.emulator.hw.PhysicalMemory;

/**
 * The ACPI tables of a machine (ACPI specification 6.5, chapter 5), written to where PC firmware has them: RSDP, RSDT, XSDT, FADT, FACS, an
 * empty DSDT, MADT, SRAT and SLIT. Processors and memory ranges are those of the machine.
 */
public final class AcpiTables {
    /** Address of the RSDP. */
    public static final int BASE = 0xE0000;

    private static final int FIRST_TABLE = BASE + 0x40;
    private static final int HEADER = 36;
    private static final int FADT_BYTES = 244;
    private static final int FACS_BYTES = 64;
    private static final int LOCAL_APIC = 0xFEE00000;
    private static final int SCI = 9;

    private final Machine machine;
    private final PhysicalMemory memory;
    private int next = FIRST_TABLE;

    private AcpiTables(Machine machine) {
        this.machine = machine;
        memory = machine.memory();
    }

    /** Before the processors run. */
    public static void write(Machine machine) {
        new AcpiTables(machine).writeAll();
    }

    private void writeAll() {
        int facs = place(facs(), 64);
        int dsdt = table("DSDT", 2, new byte[0]);
        List<Integer> tables = new ArrayList<>();
        tables.add(table("FACP", 3, fadt(facs, dsdt)));
        tables.add(table("APIC", 3, madt()));
        tables.add(table("SRAT", 3, srat()));
        tables.add(table("SLIT", 1, slit()));
        ByteBuffer rsdt = little(4 * tables.size());
        tables.forEach(rsdt::putInt);
        ByteBuffer xsdt = little(8 * tables.size());
        tables.forEach(xsdt::putLong);
        rsdp(table("RSDT", 1, rsdt.array()), table("XSDT", 1, xsdt.array()));
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer text(ByteBuffer to, String text) {
        return to.put(text.getBytes(StandardCharsets.US_ASCII));
    }

    private int place(byte[] content, int alignment) {
        int address = next + alignment - 1 & -alignment;
        memory.write(address, content, 0, content.length);
        next = address + content.length;
        return address;
    }

    private int table(String signature, int revision, byte[] body) {
        ByteBuffer table = little(HEADER + body.length);
        text(table, signature).putInt(table.capacity()).put((byte) revision).put((byte) 0);
        text(table, "MCKRNL");
        text(table, "MCKERNLJ").putInt(1);
        text(table, "MKJ ").putInt(1).put(body);
        table.put(9, checksum(table.array(), table.capacity()));
        return place(table.array(), 16);
    }

    private static byte checksum(byte[] bytes, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += bytes[i];
        }
        return (byte) -sum;
    }

    private void rsdp(int rsdt, int xsdt) {
        ByteBuffer table = little(36);
        text(table, "RSD PTR ").put((byte) 0);
        text(table, "MCKRNL").put((byte) 2).putInt(rsdt).putInt(36).putLong(xsdt);
        table.put(8, checksum(table.array(), 20));
        table.put(32, checksum(table.array(), 36));
        memory.write(BASE, table.array(), 0, 36);
    }

    private static byte[] facs() {
        ByteBuffer table = little(FACS_BYTES);
        text(table, "FACS").putInt(FACS_BYTES).position(32);
        return table.put((byte) 2).array();
    }

    private static byte[] fadt(int facs, int dsdt) {
        ByteBuffer table = little(FADT_BYTES - HEADER);
        table.putInt(facs).putInt(dsdt).put((byte) 0).put((byte) 4); // preferred profile: enterprise server
        table.putShort((short) SCI).putInt(0).putInt(0); // no SMI: ACPI is always on
        table.position(56 - HEADER);
        table.putInt(AcpiPowerManagement.EVENT_BLOCK).putInt(0);
        table.putInt(AcpiPowerManagement.CONTROL_BLOCK).putInt(0).putInt(0);
        table.putInt(AcpiPowerManagement.TIMER_BLOCK).putInt(0).putInt(0);
        table.put(new byte[] {4, 2, 0, 4}); // lengths of event, control, control 2 and timer block
        table.position(96 - HEADER);
        table.putShort((short) 0xFFFF).putShort((short) 0xFFFF); // no C2, no C3
        table.position(108 - HEADER);
        table.put((byte) 0x32).putShort((short) 3).put((byte) 0); // century; legacy devices and a keyboard controller
        table.putInt(1 | 1 << 4 | 1 << 5 | 1 << 10); // WBINVD, no power and sleep button, reset register
        table.put(register(0xCF9, 1)).put((byte) 6);
        table.position(132 - HEADER);
        table.putLong(facs).putLong(dsdt);
        table.put(register(AcpiPowerManagement.EVENT_BLOCK, 4)).put(new byte[12]);
        table.put(register(AcpiPowerManagement.CONTROL_BLOCK, 2)).put(new byte[24]);
        table.put(register(AcpiPowerManagement.TIMER_BLOCK, 4));
        return table.array();
    }

    /** Generic address of an I/O port. */
    private static byte[] register(int port, int bytes) {
        return little(12)
                .put((byte) 1)
                .put((byte) (8 * bytes))
                .put((byte) 0)
                .put((byte) (bytes == 4 ? 3 : bytes))
                .putLong(port)
                .array();
    }

    private byte[] madt() {
        ByteBuffer table = little(8 + machine.cpuCount() * 8 + 12 + 5 * 10 + 6);
        table.putInt(LOCAL_APIC).putInt(1); // 8259s exist
        for (int cpu = 0; cpu < machine.cpuCount(); cpu++) {
            int apicId = machine.cpu(cpu).apicId();
            table.put(new byte[] {0, 8, (byte) cpu, (byte) apicId}).putInt(1);
        }
        table.put(new byte[] {1, 12, 0, 0}).putInt((int) IoApic.PAGE).putInt(0);
        interruptOverride(table, 0, 2, 0);
        for (int irq : new int[] {5, SCI, 10, 11}) {
            interruptOverride(table, irq, irq, 0xD); // level-triggered, active high
        }
        table.put(new byte[] {4, 6, -1, 0, 0, 1}); // NMI at LINT1 of all processors
        return table.array();
    }

    private static void interruptOverride(ByteBuffer table, int irq, int input, int flags) {
        table.put(new byte[] {2, 10, 0, (byte) irq}).putInt(input).putShort((short) flags);
    }

    private byte[] srat() {
        NumaTopology numa = machine.numa();
        int ranges = 0;
        for (int node = 0; node < numa.nodeCount(); node++) {
            ranges += numa.memory(node).size();
        }
        ByteBuffer table = little(12 + machine.cpuCount() * 16 + ranges * 40);
        table.putInt(1).putLong(0);
        for (int cpu = 0; cpu < machine.cpuCount(); cpu++) {
            byte node = (byte) machine.cpu(cpu).numaNode();
            byte apicId = (byte) machine.cpu(cpu).apicId();
            table.put(new byte[] {0, 16, node, apicId}).putInt(1).putLong(0);
        }
        for (int node = 0; node < numa.nodeCount(); node++) {
            for (NumaTopology.Range range : numa.memory(node)) {
                table.put(new byte[] {1, 40}).putInt(node).putShort((short) 0);
                table.putLong(range.start()).putLong(range.end() - range.start());
                table.putInt(0).putInt(1).putLong(0);
            }
        }
        return table.array();
    }

    private byte[] slit() {
        NumaTopology numa = machine.numa();
        int nodes = numa.nodeCount();
        ByteBuffer table = little(8 + nodes * nodes).putLong(nodes);
        for (int from = 0; from < nodes; from++) {
            for (int to = 0; to < nodes; to++) {
                table.put((byte) numa.distance(from, to));
            }
        }
        return table.array();
    }
}
