// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.layout.PagerObject;
import mckernelj.lwk.fake.FakeMemory;
import mckernelj.lwk.phys.PageAllocator;
import mckernelj.lwk.sched.KernelThread;

/**
 * Address spaces on fake memory, with a pager over byte arrays. Counts what must be told to processors and servants.
 */
final class VmFixture implements MmKernel, Pager {
    static final int READ = VmRange.PROT_READ;
    static final int WRITE = VmRange.PROT_WRITE;
    static final long PAGE = PageTables.PAGE;
    private static final long MEMORY = 64L << 20;
    private static final long KERNEL_ROOT = 0x1000;

    final PhysicalMemory memory = new FakeMemory(MEMORY);
    final PageAllocator pages = new PageAllocator(memory, new int[][] {{10}});
    final FramePool frames = new FramePool(memory, new FramePool.PhysicalFrames() {
        @Override
        public long allocate(int count, int[] nodes) {
            return pages.allocate(count, count, 0);
        }

        @Override
        public void free(long physical, long count) {
            pages.free(physical, count);
        }
    });
    final FileObjects files = new FileObjects(memory, frames, this);
    final Map<Long, byte[]> contents = new HashMap<>();
    final List<String> events = new ArrayList<>();
    final ProcessVm vm;
    boolean othersInCalls;
    Runnable whileClearing = () -> {};

    VmFixture() {
        pages.addMemory(0, 2 << 20, MEMORY);
        frames.setReclaimer(files::reclaim);
        vm = newVm();
    }

    ProcessVm newVm() {
        return ProcessVm.create(
                this,
                memory,
                frames,
                KERNEL_ROOT,
                new AddressSpaceLayout(0x2AAA_AAA0_0000L, 0x6000_0000_0000L, 0x7000_0000_0000L, PAGE));
    }

    long anonymous(long hint, long length, int prot, int flags) {
        return vm.mmap(null, new ProcessVm.Mapping(hint, length, prot, 7, flags | MmapFlags.MAP_PRIVATE, null, 0, 0));
    }

    FileObject file(long handle, String content) {
        contents.put(handle, content.getBytes(StandardCharsets.ISO_8859_1));
        return files.attach(null, handle);
    }

    long map(MemoryObject object, long length, int prot, boolean shared) {
        return vm.mmap(
                null,
                new ProcessVm.Mapping(
                        0,
                        length,
                        prot,
                        7,
                        shared ? MmapFlags.MAP_SHARED : MmapFlags.MAP_PRIVATE,
                        object,
                        0,
                        shared ? VmRange.SHARED : 0));
    }

    UserAccess user() {
        return new UserAccess(vm, null);
    }

    long freePages() {
        return pages.freePages(0);
    }

    @Override
    public void invalidateTranslations(KernelThread self, ProcessVm space, long start, long end) {
        events.add("invalidate");
    }

    @Override
    public void clearMirror(KernelThread self, ProcessVm space, long start, long length) {
        events.add("mirror " + length / PAGE);
        whileClearing.run();
    }

    @Override
    public void replaceMirror(KernelThread self, ProcessVm space, long start, long length) {
        events.add("replace " + length / PAGE);
    }

    @Override
    public boolean othersInCalls(KernelThread self, ProcessVm space) {
        return othersInCalls;
    }

    @Override
    public boolean hasOtherThreads(KernelThread self, ProcessVm space) {
        return othersInCalls;
    }

    @Override
    public int[] nodes(KernelThread self, NumaPolicy range, long linear) {
        return new int[0];
    }

    @Override
    public void countFault(KernelThread self, boolean major) {}

    @Override
    public void charge(KernelThread self, long cycles) {}

    @Override
    public long read(KernelThread self, long handle, long offset, long length, long physical) {
        events.add("read " + offset);
        byte[] content = contents.get(handle);
        int count = (int) Math.max(0, Math.min(length, content.length - offset));
        memory.write(physical, content, (int) offset, count);
        return count;
    }

    @Override
    public long write(KernelThread self, long handle, long offset, long length, long physical) {
        events.add("write " + offset);
        memory.read(physical, contents.get(handle), (int) offset, (int) length);
        return length;
    }

    @Override
    public void release(KernelThread self, long handle, long references) {
        events.add("release " + references);
    }

    @Override
    public long stat(KernelThread self, long handle, PagerObject answer) {
        answer.setIdentity(handle, 1, handle);
        answer.setState(contents.get(handle).length, 0);
        answer.setAccess(7, 0);
        answer.setPath("/file");
        return 0;
    }
}
