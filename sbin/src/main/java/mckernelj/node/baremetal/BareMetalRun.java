// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node.baremetal;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import mckernelj.emulator.device.FirmwareConfig;
import mckernelj.emulator.device.PcChipset;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.machine.MachineConfig;
import mckernelj.emulator.machine.X86Machine;

/** One image on one machine, from the loader to the exit status. Serial input and output are the given streams. */
public final class BareMetalRun {
    /** What ended the machine, and the status for the shell. {@code sentence} is null if there is nothing to explain. */
    public record End(int status, String sentence) {}

    static final int SHUTDOWN = 4;
    static final int EMULATOR_FAILED = 6;
    private static final int LOADER_MAGIC = 0x2BADB002;
    private static final long PAGE = 4096;

    /**
     * What to run.
     *
     * @param name first word of the command line
     * @param initrd content of the module, or null
     * @param initrdName its command line
     */
    public record Program(String name, byte[] image, String append, byte[] initrd, String initrdName) {}

    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final MachineConfig config;

    public BareMetalRun(MachineConfig config) {
        this.config = config;
    }

    /** Runs it until the program, or a failure of it, ends the machine. */
    public End run(Program program, InputStream input, OutputStream output) throws BadImage, InterruptedException {
        MultibootImage image = new MultibootImage(program.image);
        X86Machine machine = new X86Machine(config);
        PcChipset chipset = new PcChipset(machine, input, output, exits());
        machine.onFailure(this::failed);
        try {
            load(machine, chipset.firmwareConfig(), program, image);
            machine.cpu(0).startProtectedMode(image.entry(), LOADER_MAGIC, MultibootInfo.ADDRESS);
            return end.get();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            chipset.close();
            machine.close();
        }
    }

    private PcChipset.Exits exits() {
        return new PcChipset.Exits() {
            @Override
            public void exit(int status) {
                end.complete(new End(status & 0xFF, null));
            }

            @Override
            public void reset() {
                end.complete(new End(0, null));
            }

            @Override
            public void powerOff() {
                end.complete(new End(0, null));
            }
        };
    }

    private void failed(LogicalCpu cpu, Throwable cause) {
        if (cause != null) {
            end.complete(new End(EMULATOR_FAILED, "the emulator failed: " + cause));
        } else {
            end.complete(new End(
                    SHUTDOWN,
                    "processor " + cpu.index() + " shut down (triple fault) at rip 0x" + Long.toHexString(cpu.rip())
                            + ", cr2 0x" + Long.toHexString(cpu.controlRegister(2))));
        }
    }

    private static void load(X86Machine machine, FirmwareConfig firmware, Program program, MultibootImage image)
            throws BadImage {
        String commandLine = program.append.isEmpty() ? program.name : program.name + " " + program.append;
        long imageEnd = image.load(machine.memory());
        MultibootInfo.Module module = null;
        if (program.initrd != null) {
            long start = imageEnd + PAGE - 1 & -PAGE;
            if (start + program.initrd.length > 1L << 32 || !machine.memory().isRam(start, program.initrd.length)) {
                throw new BadImage("the initrd does not fit into memory behind the image; try a larger -m");
            }
            machine.memory().write(start, program.initrd, 0, program.initrd.length);
            module = new MultibootInfo.Module((int) start, (int) (start + program.initrd.length), program.initrdName);
            firmware.putInt(FirmwareConfig.INITRD_ADDRESS, (int) start);
            firmware.putInt(FirmwareConfig.INITRD_SIZE, program.initrd.length);
            firmware.put(FirmwareConfig.INITRD_DATA, program.initrd);
        }
        new MultibootInfo(machine).write(commandLine, module);
        byte[] text = (program.append + "\0").getBytes(StandardCharsets.UTF_8);
        firmware.putInt(FirmwareConfig.COMMAND_LINE_SIZE, text.length);
        firmware.put(FirmwareConfig.COMMAND_LINE_DATA, text);
    }
}
