// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.ptrace;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import mckernelj.ihk.Errno;
import mckernelj.lwk.cpu.PtRegs;
import mckernelj.lwk.mm.UserAccess;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.signal.SigInfo;
import mckernelj.lwk.signal.SignalNumber;

/** The requests of ptrace(2) (uapi/linux/ptrace.h). What is not here is EIO, as for Linux. */
public final class TraceRequests {
    private static final int TRACEME = 0;
    private static final int PEEKTEXT = 1;
    private static final int PEEKDATA = 2;
    private static final int PEEKUSER = 3;
    private static final int POKETEXT = 4;
    private static final int POKEDATA = 5;
    private static final int POKEUSER = 6;
    private static final int CONT = 7;
    private static final int KILL = 8;
    private static final int SINGLESTEP = 9;
    private static final int GETREGS = 12;
    private static final int SETREGS = 13;
    private static final int GETFPREGS = 14;
    private static final int SETFPREGS = 15;
    private static final int ATTACH = 16;
    private static final int DETACH = 17;
    private static final int SYSCALL = 24;
    private static final int SETOPTIONS = 0x4200;
    private static final int GETEVENTMSG = 0x4201;
    private static final int GETSIGINFO = 0x4202;
    private static final int SETSIGINFO = 0x4203;
    private static final int GETREGSET = 0x4204;
    private static final int SETREGSET = 0x4205;
    private static final int SEIZE = 0x4206;
    private static final int INTERRUPT = 0x4207;
    private static final int LISTEN = 0x4208;
    private static final int GETSIGMASK = 0x420A;
    private static final int SETSIGMASK = 0x420B;
    private static final int GET_SYSCALL_INFO = 0x420E;

    private static final int NT_PRSTATUS = 1;
    private static final int NT_PRFPREG = 2;
    private static final int NT_X86_XSTATE = 0x202;

    private static final int AUDIT_ARCH_X86_64 = 0xC000003E;

    private final Kernel kernel;
    private final Tracing tracing;

    public TraceRequests(Kernel kernel) {
        this.kernel = kernel;
        this.tracing = kernel.tracing();
    }

    public long execute(Thread self, int request, int tid, long address, long data) {
        switch (request) {
            case TRACEME -> {
                return tracing.traceMe(self);
            }
            case ATTACH -> {
                return tracing.attach(self, tid, false, 0);
            }
            case SEIZE -> {
                return address != 0 || (data & ~Tracing.O_ALL) != 0
                        ? -Errno.EIO
                        : tracing.attach(self, tid, true, (int) data);
            }
            default -> {
                return ofTracee(self, request, tid, address, data);
            }
        }
    }

    private long ofTracee(Thread self, int request, int tid, long address, long data) {
        Thread thread = kernel.table().thread(tid);
        Tracee tracee = thread == null ? null : thread.tracee();
        if (tracee == null || tracee.tracer != self.process()) {
            return -Errno.ESRCH;
        }
        if (request == KILL) {
            kernel.signals().send(self, thread.process(), SigInfo.kernel(SignalNumber.SIGKILL));
            return 0;
        }
        if (request == INTERRUPT) {
            if (!tracee.seized) {
                return -Errno.EIO;
            }
            tracing.interrupt(self, tracee);
            return 0;
        }
        synchronized (tracing) {
            TraceStop stop = tracee.stop;
            if (stop == null || tracee.listening) {
                return -Errno.ESRCH;
            }
        }
        return ofStopped(self, new Subject(tracee, tracee.stop), request, address, data);
    }

    /** A stopped thread: only its tracer lets it go on, and that is the caller. */
    private record Subject(Tracee tracee, TraceStop stop) {
        UserArea area() {
            return new UserArea(tracee, stop);
        }

        UserAccess memory(Thread self) {
            return UserAccess.forced(tracee.thread.process().vm(), self);
        }
    }

    private long ofStopped(Thread self, Subject subject, int request, long address, long data) {
        if (subject.stop == null || subject.tracee.thread.process().vm() == null) {
            return -Errno.ESRCH;
        }
        UserAccess user = self.user();
        return switch (request) {
            case PEEKTEXT, PEEKDATA -> peek(self, subject, address, data);
            case POKETEXT, POKEDATA -> subject.memory(self).writeLongs(address, data) ? 0 : -Errno.EIO;
            case PEEKUSER ->
                UserArea.isWord(address)
                        ? written(user.writeLongs(data, subject.area().peek(address)))
                        : -Errno.EIO;
            case POKEUSER -> UserArea.isWord(address) ? subject.area().poke(address, data) : -Errno.EIO;
            case GETREGS -> written(user.write(data, subject.area().registers()));
            case SETREGS -> {
                byte[] bytes = user.read(data, UserArea.REGISTERS_SIZE);
                yield bytes == null ? -Errno.EFAULT : subject.area().setRegisters(bytes);
            }
            case GETFPREGS -> written(user.write(data, subject.area().fxsave()));
            case SETFPREGS -> {
                byte[] bytes = user.read(data, UserArea.FXSAVE_SIZE);
                yield bytes == null ? -Errno.EFAULT : subject.area().setFxsave(bytes);
            }
            case GETREGSET, SETREGSET -> registerSet(user, subject, request, address, data);
            case SETOPTIONS -> {
                if ((data & ~Tracing.O_ALL) != 0) {
                    yield -Errno.EINVAL;
                }
                subject.tracee.options = (int) data;
                yield 0;
            }
            case GETEVENTMSG -> written(user.writeLongs(data, subject.stop.message));
            case GETSIGINFO ->
                subject.stop.info == null ? -Errno.EINVAL : written(user.write(data, subject.stop.info.bytes()));
            case SETSIGINFO -> setSignalInfo(user, subject, data);
            case GETSIGMASK ->
                address != 8
                        ? -Errno.EINVAL
                        : written(user.writeLongs(
                                data, subject.tracee.thread.signals().blocked()));
            case SETSIGMASK -> setSignalMask(user, subject, address, data);
            case GET_SYSCALL_INFO -> systemCallInfo(user, subject, address, data);
            case CONT -> resume(self, subject, Tracee.Resume.CONTINUE, data);
            case SYSCALL -> resume(self, subject, Tracee.Resume.SYSCALL, data);
            case SINGLESTEP -> resume(self, subject, Tracee.Resume.STEP, data);
            case DETACH -> {
                if (!isSignalOrNone(data)) {
                    yield -Errno.EIO;
                }
                tracing.detach(self, subject.tracee, (int) data);
                yield 0;
            }
            case LISTEN -> listen(self, subject);
            default -> -Errno.EIO;
        };
    }

    private static long written(boolean done) {
        return done ? 0 : -Errno.EFAULT;
    }

    private static boolean isSignalOrNone(long signal) {
        return signal >= 0 && signal <= SignalNumber.LAST;
    }

    private static long peek(Thread self, Subject subject, long address, long data) {
        long[] word = subject.memory(self).readLongs(address, 1);
        return word == null ? -Errno.EIO : written(self.user().writeLongs(data, word));
    }

    private long resume(Thread self, Subject subject, Tracee.Resume how, long signal) {
        if (!isSignalOrNone(signal)) {
            return -Errno.EIO;
        }
        tracing.resume(self, subject.tracee, how, (int) signal);
        return 0;
    }

    private long listen(Thread self, Subject subject) {
        boolean stopEvent = subject.tracee.seized && subject.stop.code >>> 8 == 128;
        if (!stopEvent) {
            return -Errno.EIO;
        }
        synchronized (tracing) {
            subject.tracee.listening = true;
            if (subject.tracee.mustStop()) {
                subject.tracee.endListening();
            }
        }
        kernel.signals().wake(self, subject.tracee.thread);
        return 0;
    }

    private static long setSignalInfo(UserAccess user, Subject subject, long data) {
        byte[] bytes = user.read(data, SigInfo.SIZE);
        if (bytes == null) {
            return -Errno.EFAULT;
        }
        if (subject.stop.info == null) {
            return -Errno.EINVAL;
        }
        int signal = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
        subject.stop.info = SigInfo.of(signal, bytes);
        return 0;
    }

    private long setSignalMask(UserAccess user, Subject subject, long size, long data) {
        if (size != 8) {
            return -Errno.EINVAL;
        }
        long[] mask = user.readLongs(data, 1);
        if (mask == null) {
            return -Errno.EFAULT;
        }
        kernel.signals().setMask(subject.tracee.thread, mask[0]);
        return 0;
    }

    private static long registerSet(UserAccess user, Subject subject, int request, long type, long vector) {
        long[] pair = user.readLongs(vector, 2);
        if (pair == null) {
            return -Errno.EFAULT;
        }
        UserArea area = subject.area();
        byte[] all;
        switch ((int) type) {
            case NT_PRSTATUS -> all = area.registers();
            case NT_PRFPREG -> all = area.fxsave();
            case NT_X86_XSTATE -> all = area.xstate();
            default -> {
                return -Errno.EINVAL;
            }
        }
        if (pair[1] % 8 != 0) {
            return -Errno.EINVAL;
        }
        int length = (int) Math.min(all.length, pair[1] < 0 ? Long.MAX_VALUE : pair[1]);
        long result;
        if (request == GETREGSET) {
            result = written(user.write(pair[0], java.util.Arrays.copyOf(all, length)));
        } else {
            byte[] bytes = user.read(pair[0], length);
            result = bytes == null ? -Errno.EFAULT : setRegisterSet(area, (int) type, bytes);
        }
        return result != 0 ? result : written(user.writeLongs(vector + 8, length));
    }

    private static long setRegisterSet(UserArea area, int type, byte[] bytes) {
        return switch (type) {
            case NT_PRSTATUS -> area.setRegisters(bytes);
            case NT_PRFPREG -> area.setFxsave(bytes);
            default -> area.setXstate(bytes);
        };
    }

    /** struct ptrace_syscall_info: the result is its size, whatever part of it was wanted. */
    private static long systemCallInfo(UserAccess user, Subject subject, long size, long data) {
        PtRegs regs = subject.tracee.thread.trapFrame();
        ByteBuffer info = ByteBuffer.allocate(80).order(ByteOrder.LITTLE_ENDIAN);
        info.putInt(4, AUDIT_ARCH_X86_64).putLong(8, regs.rip()).putLong(16, regs.rsp());
        int length = 24;
        if (subject.stop.kind == TraceStop.Kind.SYSCALL_ENTRY) {
            info.put(0, (byte) 1).putLong(24, regs.origRax());
            for (int i = 0; i < 6; i++) {
                info.putLong(32 + 8 * i, regs.argument(i));
            }
            length = 80;
        } else if (subject.stop.kind == TraceStop.Kind.SYSCALL_EXIT) {
            boolean error = regs.rax() < 0 && regs.rax() >= -4095;
            info.put(0, (byte) 2).putLong(24, regs.rax()).put(32, (byte) (error ? 1 : 0));
            length = 33;
        }
        int copied = (int) Math.min(length, size < 0 ? Long.MAX_VALUE : size);
        return user.write(data, java.util.Arrays.copyOf(info.array(), copied)) ? length : -Errno.EFAULT;
    }
}
