// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.vdso;

import mckernelj.emulator.hw.Machine;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.lwk.mm.FramePool;
import mckernelj.lwk.mm.KernelPages;
import mckernelj.lwk.mm.MmapFlags;
import mckernelj.lwk.mm.PageTables;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.mm.VmRange;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.time.KernelClock;

/** The two pages that all processes share: data ([vvar]) and, behind it, the image ([vdso]). */
public final class Vdso {
    private final KernelPages data;
    private final KernelPages image;

    public Vdso(Machine machine, KernelClock clock, FramePool frames) {
        PhysicalMemory memory = machine.memory();
        long physical = frames.allocate(2);
        if (physical < 0) {
            throw new IllegalStateException("not enough memory to boot");
        }
        VdsoData.write(memory, physical, clock);
        clock.setListener(() -> VdsoData.write(memory, physical, clock));
        byte[] elf = VdsoImage.build();
        memory.write(physical + PageTables.PAGE, elf, 0, elf.length);
        data = new KernelPages("[vvar]", frames, physical, PageTables.PAGE);
        image = new KernelPages("[vdso]", frames, physical + PageTables.PAGE, PageTables.PAGE);
    }

    /** Maps both; returns the address of the ELF image (AT_SYSINFO_EHDR), or 0 if there is no room. */
    public long map(KernelThread self, ProcessVm vm) {
        long start = vm.mmap(self, mapping(0, 2, VmRange.PROT_READ, 0, data));
        if (start < 0) {
            return 0;
        }
        long elf = start + PageTables.PAGE;
        int prot = VmRange.PROT_READ | VmRange.PROT_EXEC;
        return vm.mmap(self, mapping(elf, 1, prot, MmapFlags.MAP_FIXED, image)) < 0 ? 0 : elf;
    }

    private static ProcessVm.Mapping mapping(long hint, int pages, int prot, int flags, KernelPages object) {
        return new ProcessVm.Mapping(
                hint, pages * PageTables.PAGE, prot, prot, flags, object, 0, VmRange.SPECIAL | VmRange.SHARED);
    }
}
