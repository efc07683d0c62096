// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kvm;

import static mckernelj.linuxhost.libc.LibC.call;
import static mckernelj.linuxhost.libc.LibC.require;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import mckernelj.linuxhost.libc.RawMemory;
import mckernelj.tests.kvm.Outcome.End;

/**
 * Runs guests in {@code /dev/kvm} (Linux, Documentation/virt/kvm/api.rst): a new virtual machine with one processor
 * for each. Its local APIC is in the kernel.
 */
final class KvmGuest {
    private static final int SYS_MMAP = 9;
    private static final int SYS_MUNMAP = 11;
    private static final int SYS_IOCTL = 16;
    private static final int SYS_OPENAT = 257;
    private static final int SYS_CLOSE = 3;
    private static final int AT_FDCWD = -100;
    private static final int O_RDWR_CLOEXEC = 0x80002;
    private static final int READ_WRITE = 3;
    private static final int MAP_SHARED = 1;
    private static final int MAP_SHARED_ANONYMOUS = 0x21;

    private static final int KVM_CREATE_VM = 0xAE01;
    private static final int KVM_GET_VCPU_MMAP_SIZE = 0xAE04;
    private static final int KVM_GET_SUPPORTED_CPUID = 0xC008AE05;
    private static final int KVM_CREATE_VCPU = 0xAE41;
    private static final int KVM_SET_USER_MEMORY_REGION = 0x4020AE46;
    private static final int KVM_CREATE_IRQCHIP = 0xAE60;
    private static final int KVM_RUN = 0xAE80;
    private static final int KVM_SET_REGS = 0x4090AE82;
    private static final int KVM_GET_SREGS = 0x8138AE83;
    private static final int KVM_SET_SREGS = 0x4138AE84;
    private static final int KVM_SET_CPUID2 = 0x4008AE90;

    private static final int KVM_EXIT_IO = 2;
    private static final int KVM_EXIT_HLT = 5;
    private static final int KVM_EXIT_SHUTDOWN = 8;

    private static final int REGS_BYTES = 0x90;
    private static final int REGS_RSP = 0x30;
    private static final int REGS_RIP = 0x80;
    private static final int REGS_RFLAGS = 0x88;
    private static final int SREGS_BYTES = 0x138;
    private static final int SREGS_CR0 = 0xE0;
    private static final int SEGMENT_BYTES = 0x18;
    private static final int CPUID_ENTRIES = 200;
    private static final int CPUID_ENTRY_BYTES = 40;
    private static final int RUN_EXIT_REASON = 8;
    private static final int RUN_IO_PORT = 0x22;

    private static final long CR0 = 0x80010033L;
    private static final long CR4 = 0x620;
    private static final long EFER = 0xD01;

    private KvmGuest() {}

    /** Why no guest can run here, or null. */
    static String unavailable() {
        if (!Files.exists(Path.of("/dev/kvm"))) {
            return "there is no /dev/kvm";
        }
        int kvm = open();
        if (kvm < 0) {
            return "/dev/kvm cannot be opened: error " + -kvm;
        }
        long vm = ioctl(kvm, KVM_CREATE_VM, 0);
        close(kvm);
        if (vm < 0) {
            return "/dev/kvm creates no virtual machine: error " + -vm;
        }
        close((int) vm);
        return null;
    }

    /** True if supervisor code is interpreted by KVM, not executed by the processor (module kvm_pvm). */
    static boolean interpretsSupervisorCode() {
        return Files.exists(Path.of("/sys/module/kvm_pvm"));
    }

    static Outcome run(GuestImage image, long timeoutMillis) throws InterruptedException {
        FutureTask<Outcome> task = new FutureTask<>(() -> new KvmGuest().execute(image));
        Thread thread = new Thread(task, "kvm guest");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return new Outcome(
                    End.HANG, image.bytes().clone()); // KVM_RUN cannot be interrupted from here: the thread stays
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private Outcome execute(GuestImage image) {
        int kvm = (int) require("open /dev/kvm", open());
        int vm = (int) require("KVM_CREATE_VM", ioctl(kvm, KVM_CREATE_VM, 0));
        require("KVM_CREATE_IRQCHIP", ioctl(vm, KVM_CREATE_IRQCHIP, 0));
        long host = mmap(GuestImage.SIZE, MAP_SHARED_ANONYMOUS, -1);
        RawMemory memory = RawMemory.view(host, GuestImage.SIZE);
        memory.putBytes(0, image.bytes());
        addMemory(vm, host);
        int vcpu = (int) require("KVM_CREATE_VCPU", ioctl(vm, KVM_CREATE_VCPU, 0));
        long runBytes = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
        RawMemory run = RawMemory.view(mmap(runBytes, MAP_SHARED, vcpu), runBytes);
        try {
            setCpuid(kvm, vcpu);
            setState(vcpu);
            End end = run(vcpu, run);
            return new Outcome(end, memory.getBytes(0, GuestImage.SIZE));
        } finally {
            call(SYS_MUNMAP, run.address(), runBytes);
            close(vcpu);
            close(vm);
            close(kvm);
            call(SYS_MUNMAP, host, GuestImage.SIZE);
        }
    }

    private static End run(int vcpu, RawMemory run) {
        for (; ; ) {
            long result = ioctl(vcpu, KVM_RUN, 0);
            if (result < 0 && result != -4) { // not EINTR
                return End.UNKNOWN_TO_KVM;
            }
            switch (run.getInt(RUN_EXIT_REASON)) {
                case KVM_EXIT_IO:
                    if ((run.getInt(RUN_IO_PORT) & 0xFFFF) == GuestImage.EXIT_PORT) {
                        return End.EXIT;
                    }
                    break;
                case KVM_EXIT_HLT:
                    return End.HALT;
                case KVM_EXIT_SHUTDOWN:
                    return End.SHUTDOWN;
                default:
                    if (result >= 0) {
                        return End.UNKNOWN_TO_KVM;
                    }
                    break;
            }
        }
    }

    private static void addMemory(int vm, long host) {
        try (RawMemory region = RawMemory.allocate(32)) {
            region.putLong(16, GuestImage.SIZE);
            region.putLong(24, host);
            require("KVM_SET_USER_MEMORY_REGION", ioctl(vm, KVM_SET_USER_MEMORY_REGION, region.address()));
        }
    }

    private static void setCpuid(int kvm, int vcpu) {
        try (RawMemory table = RawMemory.allocate(8 + CPUID_ENTRIES * CPUID_ENTRY_BYTES)) {
            table.putInt(0, CPUID_ENTRIES);
            require("KVM_GET_SUPPORTED_CPUID", ioctl(kvm, KVM_GET_SUPPORTED_CPUID, table.address()));
            require("KVM_SET_CPUID2", ioctl(vcpu, KVM_SET_CPUID2, table.address()));
        }
    }

    private static void setState(int vcpu) {
        try (RawMemory sregs = RawMemory.allocate(SREGS_BYTES);
                RawMemory regs = RawMemory.allocate(REGS_BYTES)) {
            require("KVM_GET_SREGS", ioctl(vcpu, KVM_GET_SREGS, sregs.address()));
            segment(sregs, 0, GuestImage.KERNEL_CS, 11);
            for (int i = 1; i < 6; i++) {
                segment(sregs, i * SEGMENT_BYTES, GuestImage.KERNEL_SS, 3);
            }
            sregs.putLong(SREGS_CR0, CR0);
            sregs.putLong(SREGS_CR0 + 16, GuestImage.PML4);
            sregs.putLong(SREGS_CR0 + 24, CR4);
            sregs.putLong(SREGS_CR0 + 40, EFER);
            require("KVM_SET_SREGS", ioctl(vcpu, KVM_SET_SREGS, sregs.address()));
            regs.putLong(REGS_RIP, GuestImage.START);
            regs.putLong(REGS_RSP, GuestImage.START_STACK);
            regs.putLong(REGS_RFLAGS, 2);
            require("KVM_SET_REGS", ioctl(vcpu, KVM_SET_REGS, regs.address()));
        }
    }

    /** struct kvm_segment: flat, DPL 0, 64-bit if it is code. */
    private static void segment(RawMemory sregs, int at, int selector, int type) {
        boolean code = type >= 8;
        sregs.putLong(at, 0);
        sregs.putInt(at + 8, -1);
        sregs.putShort(at + 12, (short) selector);
        byte[] attributes = {(byte) type, 1, 0, (byte) (code ? 0 : 1), 1, (byte) (code ? 1 : 0), 1, 0, 0, 0};
        sregs.putBytes(at + 14, attributes);
    }

    private static int open() {
        try (RawMemory path = RawMemory.allocate(16)) {
            path.putBytes(0, "/dev/kvm".getBytes(StandardCharsets.US_ASCII));
            return (int) call(SYS_OPENAT, AT_FDCWD, path.address(), O_RDWR_CLOEXEC);
        }
    }

    private static void close(int descriptor) {
        call(SYS_CLOSE, descriptor);
    }

    private static long mmap(long bytes, int flags, int descriptor) {
        return require("mmap", call(SYS_MMAP, 0, bytes, READ_WRITE, flags, descriptor, 0));
    }

    private static long ioctl(int descriptor, int request, long argument) {
        return call(SYS_IOCTL, descriptor, request & 0xFFFFFFFFL, argument);
    }
}
