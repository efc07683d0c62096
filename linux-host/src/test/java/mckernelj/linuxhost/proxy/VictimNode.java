// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import com.sun.jna.Native;
import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mckernelj.emulator.hw.asm.Reg;
import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.linuxhost.libc.MemfdMemory;
import mckernelj.mcexec.image.ServantImage;
import org.slf4j.Logger;

/** A node that is made to be killed: forks its client, leaves parent in a blocking call and child idle. */
public final class VictimNode {
    private VictimNode() {}

    /** Of what it needs, whatever loader the tests are run with. */
    static String classPath() {
        return Stream.of(
                        VictimNode.class,
                        ServantTable.class,
                        ServantImage.class,
                        Errno.class,
                        Reg.class,
                        Native.class,
                        Logger.class)
                .map(type -> Path.of(URI.create(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toString()))
                        .toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    public static void main(String[] arguments) throws Exception {
        RuntimeDirectory directory = RuntimeDirectory.at(Path.of(arguments[0]));
        MemfdMemory memory = new MemfdMemory("victim", 1 << 20);
        new ClientListener(new ServantTable(), directory, "victim", ServantImage.bytes(), memory, servant -> {
            servant.fork(servant.mainSlot());
            servant.mainSlot().records().add(SystemCallNumber.PAUSE);
            servant.mainSlot().submit();
            System.out.println("forked");
        });
        System.out.println("listening");
        Thread.currentThread().join();
    }
}
