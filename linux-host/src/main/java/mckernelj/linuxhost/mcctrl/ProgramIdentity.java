// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.launch.LoadedProgram;
import mckernelj.ihk.launch.ProxyArena;
import mckernelj.linuxhost.proxy.ServantSlot;

/**
 * What Linux would say of a process's program; byte strings.
 *
 * @param executable target of /proc/pid/exe
 * @param name /proc/pid/comm, as execve sets it
 */
record ProgramIdentity(String executable, String name) {
    private static final int PR_SET_NAME = 15;
    private static final int MAX_NAME = 15;

    static ProgramIdentity of(LoadedProgram program) {
        String name = program.name().substring(program.name().lastIndexOf('/') + 1);
        return new ProgramIdentity(program.file().path(), name.substring(0, Math.min(MAX_NAME, name.length())));
    }

    /** Gives the servant's thread the program's name, for ps and for {@code /proc/self/comm}. */
    void nameThread(ServantSlot slot) {
        try (ProxyArena arena = slot.arguments()) {
            slot.call(SystemCallNumber.PRCTL, PR_SET_NAME, arena.placeString(name));
        }
    }
}
