// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import java.util.ArrayList;
import java.util.List;
import mckernelj.ihk.Errno;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.ihk.layout.LoadSection;
import mckernelj.ihk.layout.PagerObject;
import mckernelj.ihk.layout.ProgramLoadDescriptor;
import mckernelj.ihk.layout.UserSpace;
import mckernelj.lwk.cpu.PtRegs;
import mckernelj.lwk.mm.AddressSpaceLayout;
import mckernelj.lwk.mm.FileObject;
import mckernelj.lwk.mm.MmapFlags;
import mckernelj.lwk.mm.PageTables;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.mm.ProgramArea;
import mckernelj.lwk.mm.UserAccess;
import mckernelj.lwk.mm.VmRange;
import mckernelj.lwk.sched.KernelThread;

/**
 * Makes the address space of a program from its load descriptor (Linux: fs/binfmt_elf.c): segments as private file
 * mappings, bss, heap, vDSO, stack. The descriptor describes a file that anybody may have written: every number is
 * checked. Nothing is read from the files here; what has to be (the page where data end and bss begins) waits for
 * {@link #finish} on the program's own thread.
 */
final class ProgramLoader {
    private static final long HEAP_ALIGNMENT = 2 << 20;
    private static final long STACK_SLACK = 128 << 10;
    private static final long MINIMUM_STACK_GAP = 128 << 20;
    private static final int PROT_ALL = 7;
    private static final int FIXED = MmapFlags.MAP_FIXED_NOREPLACE;

    private final Kernel kernel;
    private final ProgramLoadDescriptor descriptor;
    private final long physical;
    private final List<long[]> bssTails = new ArrayList<>();
    private ProcessVm vm;
    private FileObject program;
    private FileObject interpreter;
    private int error;
    private long entry;
    private long stackPointer;
    private String path;

    /** {@code physical}: where the descriptor lies, since the files' records are there. */
    ProgramLoader(Kernel kernel, ProgramLoadDescriptor descriptor, long physical) {
        this.kernel = kernel;
        this.descriptor = descriptor;
        this.physical = physical;
    }

    /** Null: {@link #error} says why; the handles of the descriptor are released then, too. */
    ProcessVm load(KernelThread self, Rlimits limits) {
        PagerObject programFile = ProgramLoadDescriptor.program(kernel.memory(), physical);
        PagerObject interpreterFile = ProgramLoadDescriptor.interpreter(kernel.memory(), physical);
        path = programFile.path();
        program = kernel.files().attach(programFile);
        interpreter = interpreterFile.handle() == 0 ? null : kernel.files().attach(interpreterFile);
        long stackTop = UserSpace.USER_END & -PageTables.LARGE_PAGE;
        vm = ProcessVm.create(
                kernel.mm(), kernel.memory(), kernel.frames(), kernel.kernelRoot(), layout(limits, stackTop));
        error = vm == null ? -Errno.ENOMEM : build(self, limits, stackTop);
        program.release(self);
        if (interpreter != null) {
            interpreter.release(self);
        }
        if (error != 0 && vm != null) {
            vm.release(self);
            vm = null;
        }
        return vm;
    }

    int error() {
        return error;
    }

    String path() {
        return path;
    }

    private AddressSpaceLayout layout(Rlimits limits, long stackTop) {
        long stackLimit = limits.soft(Rlimits.RLIMIT_STACK);
        long gap = stackLimit < 0 ? 1L << 40 : Math.min(Math.max(stackLimit, MINIMUM_STACK_GAP), 1L << 42);
        return new AddressSpaceLayout(
                UserSpace.TASK_UNMAPPED_BASE, stackTop - gap, UserSpace.USER_END, checkedHeapExtension());
    }

    private long checkedHeapExtension() {
        long step = descriptor.heapExtension;
        return step < PageTables.PAGE || step > 1L << 36 ? PageTables.PAGE : step & -PageTables.PAGE;
    }

    private int build(KernelThread self, Rlimits limits, long stackTop) {
        vm.setLimits(limits::soft);
        long interpreterBase = descriptor.interpreterRelocatable ? UserSpace.LD_TASK_UNMAPPED_BASE : 0;
        long interpreterEnd = mapSections(self, true, interpreterBase);
        if (interpreterEnd < 0) {
            return (int) interpreterEnd;
        }
        long programBase = 0;
        if (descriptor.relocatable) {
            long free = Math.max(UserSpace.LD_TASK_UNMAPPED_BASE, interpreterEnd);
            programBase = free + HEAP_ALIGNMENT - 1 & -HEAP_ALIGNMENT;
        }
        long programEnd = mapSections(self, false, programBase);
        if (programEnd <= 0) {
            return programEnd < 0 ? (int) programEnd : -Errno.ENOEXEC;
        }
        vm.setBrk(programEnd + HEAP_ALIGNMENT - 1 & -HEAP_ALIGNMENT);
        long vdso = descriptor.enableVdso ? kernel.vdso().map(self, vm) : 0;
        entry = interpreter == null ? descriptor.entry + programBase : descriptor.interpreterEntry + interpreterBase;
        return makeStack(self, limits, stackTop, programBase, interpreterBase, vdso);
    }

    // ---- segments

    /** Maps the sections of one file; returns the end of the highest, 0 if there is none, or a negative errno. */
    private long mapSections(KernelThread self, boolean ofInterpreter, long base) {
        long end = 0;
        for (LoadSection section : descriptor.sections) {
            if (section.interpreter() != ofInterpreter || section.len() == 0) {
                continue;
            }
            FileObject file = ofInterpreter ? interpreter : program;
            if (file == null || !isValid(section, base)) {
                return -Errno.ENOEXEC;
            }
            long failed = map(self, section, base, file);
            if (failed < 0) {
                return failed;
            }
            end = Math.max(end, base + section.vaddr() + section.len());
        }
        return end;
    }

    private static boolean isValid(LoadSection s, long base) {
        long room = UserSpace.USER_END - base;
        return s.vaddr() >= 0
                && s.len() > 0
                && s.vaddr() <= room
                && s.len() <= room - s.vaddr()
                && s.fileSize() >= 0
                && s.fileSize() <= s.len()
                && s.offset() >= 0
                && s.offset() <= Long.MAX_VALUE - s.fileSize()
                && (s.vaddr() - s.offset()) % PageTables.PAGE == 0
                && (s.prot() & ~PROT_ALL) == 0;
    }

    private long map(KernelThread self, LoadSection section, long base, FileObject file) {
        long start = base + section.vaddr();
        long fileEnd = start + section.fileSize();
        long memoryEnd = start + section.len();
        long pageStart = start & -PageTables.PAGE;
        long bssStart = pageAlign(fileEnd);
        if (section.fileSize() > 0) {
            long offset = section.offset() & -PageTables.PAGE;
            file.acquire();
            // Neighbouring segments may share a page of memory: the later one replaces it, as in Linux.
            long mapped = vm.mmap(
                    self,
                    new ProcessVm.Mapping(
                            pageStart,
                            fileEnd - pageStart,
                            section.prot(),
                            PROT_ALL,
                            MmapFlags.MAP_FIXED,
                            file,
                            offset,
                            0));
            if (mapped < 0) {
                file.release(self);
                return mapped;
            }
            if (memoryEnd > fileEnd && bssStart > fileEnd && (section.prot() & VmRange.PROT_WRITE) != 0) {
                // To the end of the page, not only of bss: ld.so allocates from what follows its data.
                bssTails.add(new long[] {fileEnd, bssStart - fileEnd});
            }
        } else {
            bssStart = pageStart;
        }
        if (pageAlign(memoryEnd) > bssStart) {
            return vm.mmap(
                    self,
                    new ProcessVm.Mapping(
                            bssStart, memoryEnd - bssStart, section.prot(), PROT_ALL, MmapFlags.MAP_FIXED, null, 0, 0));
        }
        return 0;
    }

    // ---- stack

    private int makeStack(
            KernelThread self, Rlimits limits, long stackTop, long programBase, long interpreterBase, long vdso) {
        InitialStack stack = new InitialStack(descriptor, path, stackTop);
        long limit = limits.soft(Rlimits.RLIMIT_STACK);
        long bytes = stack.sizeBytes();
        if (limit >= 0 && bytes > Math.max(limit / 4, STACK_SLACK)) {
            return -Errno.E2BIG;
        }
        long initial = Math.max(bytes + STACK_SLACK, Math.min(descriptor.stackPremap, limit < 0 ? 1L << 30 : limit));
        long start = stackTop - pageAlign(initial);
        int prot = descriptor.stackProt & PROT_ALL;
        long mapped = vm.mmap(
                self,
                new ProcessVm.Mapping(start, stackTop - start, prot, PROT_ALL, FIXED, null, 0, VmRange.GROWS_DOWN));
        if (mapped < 0) {
            return (int) mapped;
        }
        AuxiliaryVector aux = new AuxiliaryVector(kernel, self, descriptor);
        if (vdso != 0) {
            aux.add(AuxiliaryVector.AT_SYSINFO_EHDR, vdso);
        }
        aux.addProgram(programBase, interpreterBase);
        stackPointer = stack.write(new UserAccess(vm, self), aux);
        vm.setProgramArea(stack.area());
        return stackPointer < 0 ? -Errno.ENOMEM : 0;
    }

    // ---- on the program's thread

    /** Completes the image and sets the registers for its first instruction. On the thread that will run it. */
    void finish(Thread self) {
        for (long[] tail : bssTails) {
            self.user().clear(tail[0], tail[1]);
        }
        ProgramArea area = self.process().vm().programArea();
        self.delegate(InKernelRequest.ARGUMENTS, area.argumentsStart(), area.argumentsEnd(), area.environmentEnd());
        PtRegs regs = self.trapFrame();
        setRegisters(regs);
    }

    void setRegisters(PtRegs regs) {
        regs.clear();
        regs.setRip(entry);
        regs.setRsp(stackPointer);
        regs.setRflags(0x202);
        regs.set(PtRegs.CS, mckernelj.lwk.image.AddressLayout.USER_CS);
        regs.set(PtRegs.SS, mckernelj.lwk.image.AddressLayout.USER_DS);
        regs.setOrigRax(-1);
    }

    private static long pageAlign(long value) {
        return value + PageTables.PAGE - 1 & -PageTables.PAGE;
    }
}
