// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.lwk.cpu.PtRegs;
import mckernelj.lwk.image.AddressLayout;
import mckernelj.lwk.mm.UserAccess;
import mckernelj.lwk.proc.Thread;

/**
 * Linux's rt_sigframe on the user's stack: return address, ucontext, siginfo, and above them, 64-byte aligned, the
 * extended state with the FP_XSTATE words that glibc and unwinders look for (Linux: arch/x86/kernel/signal_64.c,
 * uapi/asm/sigcontext.h).
 */
public final class SignalFrame {
    private static final int RED_ZONE = 128;

    /** Offsets from the frame's start. */
    private static final int UCONTEXT = 8;

    private static final int UC_STACK = UCONTEXT + 16;
    private static final int SIGCONTEXT = UCONTEXT + 40;
    private static final int SEGMENTS = SIGCONTEXT + 144;
    private static final int FPSTATE_POINTER = SIGCONTEXT + 184;
    private static final int SIGMASK = SIGCONTEXT + 256;
    private static final int SIGINFO = SIGMASK + 8;
    private static final int SIZE = SIGINFO + SigInfo.SIZE;

    /** uc_flags: UC_FP_XSTATE | UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS. */
    private static final long UC_FLAGS = 7;

    private static final int FXSAVE_SIZE = 512;
    private static final int XSAVE_MINIMUM = 576;
    private static final int SW_RESERVED = 464;
    private static final int FP_XSTATE_MAGIC1 = 0x46505853;
    private static final int FP_XSTATE_MAGIC2 = 0x46505845;
    private static final int MXCSR = 24;
    private static final int MXCSR_VALID = 0xFFFF;

    /** RFLAGS that a program may set by sigreturn: CF PF AF ZF SF TF DF OF RF AC. */
    private static final long USER_RFLAGS = 0x1 | 0x4 | 0x10 | 0x40 | 0x80 | 0x100 | 0x400 | 0x800 | 0x10000 | 0x40000;

    private static final long INTERRUPT_FLAG = 0x200;

    /** RFLAGS that a handler does not inherit: TF, DF, RF. */
    private static final long CLEARED_RFLAGS = 0x100 | 0x400 | 0x10000;

    /** General registers in the order of struct sigcontext. */
    private static final int[] ORDER = {
        PtRegs.R8, PtRegs.R9, PtRegs.R10, PtRegs.R11, PtRegs.R12, PtRegs.R13, PtRegs.R14, PtRegs.R15, PtRegs.RDI,
        PtRegs.RSI, PtRegs.RBP, PtRegs.RBX, PtRegs.RDX, PtRegs.RAX, PtRegs.RCX, PtRegs.RSP, PtRegs.RIP, PtRegs.RFLAGS
    };

    private final PhysicalMemory memory;

    public SignalFrame(PhysicalMemory memory) {
        this.memory = memory;
    }

    /** Smallest stack on which a handler can be entered: AT_MINSIGSTKSZ. */
    public static long minimumStack(int extendedStateSize) {
        return SIZE + extendedStateSize + 4 + 64 + 16 + RED_ZONE;
    }

    /** Builds the frame and makes {@code regs} enter the handler. False: the stack cannot be written. */
    boolean push(Thread self, PtRegs regs, SigInfo info, SignalAction action, long returnMask) {
        ThreadSignals state = self.signals();
        LogicalCpu hw = self.cpu().hw();
        int xstateSize = hw.extendedStateSize();
        boolean alternate = state.onStack(regs.rsp());
        long stack = regs.rsp() - RED_ZONE;
        if (action.has(SignalAction.SA_ONSTACK) && state.stackSize() > 0 && !alternate) {
            stack = state.stackPointer() + state.stackSize();
            alternate = true;
        }
        long fpstate = stack - (xstateSize + 4) & -64;
        long frame = (fpstate - SIZE & -16) - 8;
        if (alternate && !state.stackHolds(frame)) {
            return false; // it would overflow into memory that is not the stack's
        }
        UserAccess user = self.user();
        if (!user.write(fpstate, extendedState(self, hw, xstateSize))) {
            return false;
        }
        ByteBuffer image = image(self, regs, info, action, returnMask, fpstate);
        if (!user.write(frame, image.array())) {
            return false;
        }
        enter(self, regs, info.signal(), action.handler(), frame);
        return true;
    }

    private ByteBuffer image(
            Thread self, PtRegs regs, SigInfo info, SignalAction action, long returnMask, long fpstate) {
        ThreadSignals state = self.signals();
        ByteBuffer image = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        image.putLong(0, action.restorer());
        image.putLong(UCONTEXT, UC_FLAGS);
        image.putLong(UC_STACK, state.stackPointer());
        image.putInt(UC_STACK + 8, (int) state.stackFlags(regs.rsp()));
        image.putLong(UC_STACK + 16, state.stackSize());
        for (int i = 0; i < ORDER.length; i++) {
            image.putLong(SIGCONTEXT + 8 * i, regs.get(ORDER[i]));
        }
        image.putShort(SEGMENTS, (short) regs.get(PtRegs.CS));
        image.putShort(SEGMENTS + 6, (short) regs.get(PtRegs.SS));
        image.putLong(SEGMENTS + 8, self.faultErrorCode());
        image.putLong(SEGMENTS + 16, self.faultVector());
        image.putLong(SEGMENTS + 24, returnMask);
        image.putLong(SEGMENTS + 32, self.faultAddress());
        image.putLong(FPSTATE_POINTER, fpstate);
        image.putLong(SIGMASK, returnMask);
        image.put(SIGINFO, info.bytes());
        return image;
    }

    private void enter(Thread self, PtRegs regs, int signal, long handler, long frame) {
        if (self.signals().autoDisarm()) {
            self.signals().setStack(0, 0, 0);
        }
        regs.set(PtRegs.RDI, signal);
        regs.set(PtRegs.RSI, frame + SIGINFO);
        regs.set(PtRegs.RDX, frame + UCONTEXT);
        regs.setRax(0);
        regs.setRip(handler);
        regs.setRsp(frame);
        regs.setRflags(regs.rflags() & ~CLEARED_RFLAGS);
        regs.set(PtRegs.CS, AddressLayout.USER_CS);
        regs.set(PtRegs.SS, AddressLayout.USER_DS);
        // The handler starts with the initial floating-point state.
        memory.clear(self.extendedStatePhysical(), self.cpu().hw().extendedStateSize());
        self.cpu().hw().restoreExtendedState(self.extendedStatePhysical());
    }

    private byte[] extendedState(Thread self, LogicalCpu hw, int size) {
        long area = self.extendedStatePhysical();
        hw.saveExtendedState(area);
        byte[] bytes = new byte[size + 4];
        memory.read(area, bytes, 0, size);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(SW_RESERVED, FP_XSTATE_MAGIC1);
        buffer.putInt(SW_RESERVED + 4, size + 4);
        buffer.putLong(SW_RESERVED + 8, features(size));
        buffer.putInt(SW_RESERVED + 16, size);
        buffer.putInt(size, FP_XSTATE_MAGIC2);
        return bytes;
    }

    private static long features(int size) {
        return size > XSAVE_MINIMUM ? 7 : 3;
    }

    /** rt_sigreturn: loads everything from the frame just above the stack pointer. False: it is not readable. */
    public boolean pop(Thread self, PtRegs regs, Signals signals) {
        long frame = regs.rsp() - 8;
        byte[] bytes = self.user().read(frame, SIZE);
        if (bytes == null) {
            return false;
        }
        ByteBuffer image = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (!restoreExtendedState(self, image.getLong(FPSTATE_POINTER))) {
            return false;
        }
        for (int i = 0; i < ORDER.length; i++) {
            regs.set(ORDER[i], image.getLong(SIGCONTEXT + 8 * i));
        }
        regs.setRflags(regs.rflags() & USER_RFLAGS | INTERRUPT_FLAG | 2);
        regs.set(PtRegs.CS, image.getShort(SEGMENTS) & 0xFFFF | 3);
        regs.set(PtRegs.SS, image.getShort(SEGMENTS + 6) & 0xFFFF | 3);
        regs.setOrigRax(-1);
        signals.setMask(self, image.getLong(SIGMASK));
        self.signals()
                .setStack(
                        image.getLong(UC_STACK),
                        image.getLong(UC_STACK + 16),
                        image.getInt(UC_STACK + 8) & 0xFFFF_FFFFL);
        return true;
    }

    private boolean restoreExtendedState(Thread self, long fpstate) {
        LogicalCpu hw = self.cpu().hw();
        int size = hw.extendedStateSize();
        byte[] area = new byte[size];
        if (fpstate != 0) {
            byte[] legacy = self.user().read(fpstate, FXSAVE_SIZE);
            if (legacy == null) {
                return false;
            }
            ByteBuffer words = ByteBuffer.wrap(legacy).order(ByteOrder.LITTLE_ENDIAN);
            boolean extended = words.getInt(SW_RESERVED) == FP_XSTATE_MAGIC1
                    && words.getInt(SW_RESERVED + 16) == size
                    && self.user().readInt(fpstate + size) == FP_XSTATE_MAGIC2;
            byte[] user = extended ? self.user().read(fpstate, size) : legacy;
            System.arraycopy(user, 0, area, 0, user.length);
            sanitize(ByteBuffer.wrap(area).order(ByteOrder.LITTLE_ENDIAN), extended, size);
        }
        memory.write(self.extendedStatePhysical(), area, 0, size);
        hw.restoreExtendedState(self.extendedStatePhysical());
        return true;
    }

    /**
     * What XRSTOR would refuse is made acceptable: reserved bits of MXCSR, unknown features, the rest of the header.
     */
    private static void sanitize(ByteBuffer area, boolean extended, int size) {
        area.putInt(MXCSR, area.getInt(MXCSR) & MXCSR_VALID);
        long present = extended ? area.getLong(FXSAVE_SIZE) & features(size) : 3;
        area.putLong(FXSAVE_SIZE, present);
        for (int i = FXSAVE_SIZE + 8; i < XSAVE_MINIMUM; i += 8) {
            area.putLong(i, 0);
        }
    }
}
