// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

/**
 * Far JMP, CALL, RET and IRET (SDM vol. 2) to code segments and through call gates; task switches raise #GP. All
 * change {@code cpu.nextRip}.
 */
public final class FarTransfer {
    /** Flags that IRET and POPF may load, without IF and IOPL. */
    private static final int ORDINARY_FLAGS = Cpu.STATUS | Cpu.TF | Cpu.DF | Cpu.NT | Cpu.AC | Cpu.ID;

    private static final int IOPL = 3 << 12;

    private FarTransfer() {}

    public static void jump(Cpu cpu, int selector, long offset) {
        if (!SegmentRegisters.realMode(cpu) && CallGate.isNamedBy(cpu, selector)) {
            new CallGate(cpu, selector).jump();
            return;
        }
        if (SegmentRegisters.realMode(cpu)) {
            SegmentRegisters.loadReal(cpu, Cpu.CS, selector);
            SegmentRegisters.updateMode(cpu);
        } else {
            long descriptor = checkTarget(cpu, selector);
            checkOffset(cpu, descriptor, offset);
            int cpl = cpu.cpl;
            SegmentRegisters.setCode(cpu, selector, Descriptor.markAccessed(cpu, selector, descriptor), cpl);
        }
        cpu.nextRip = offset;
    }

    public static void call(Cpu cpu, int width, int selector, long offset) {
        long descriptor = 0;
        boolean real = SegmentRegisters.realMode(cpu);
        if (!real && CallGate.isNamedBy(cpu, selector)) {
            new CallGate(cpu, selector).call();
            return;
        }
        if (!real) {
            descriptor = checkTarget(cpu, selector);
            checkOffset(cpu, descriptor, offset);
        }
        long stackPointer = cpu.r[Cpu.RSP];
        try {
            cpu.push(width, cpu.selector[Cpu.CS]);
            cpu.push(width, cpu.nextRip);
        } catch (X86Fault | DeviceStore fault) {
            cpu.r[Cpu.RSP] = stackPointer;
            throw fault;
        }
        if (real) {
            SegmentRegisters.loadReal(cpu, Cpu.CS, selector);
            SegmentRegisters.updateMode(cpu);
        } else {
            SegmentRegisters.setCode(cpu, selector, Descriptor.markAccessed(cpu, selector, descriptor), cpu.cpl);
        }
        cpu.nextRip = offset;
    }

    private static long checkTarget(Cpu cpu, int selector) {
        if ((selector & 0xFFFC) == 0) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        long descriptor = Descriptor.read(cpu, selector, X86Fault.GP, 0);
        int attributes = Descriptor.attributes(descriptor);
        boolean conforming = (attributes & Descriptor.CONFORMING) != 0;
        int dpl = Descriptor.dpl(attributes);
        boolean allowed = conforming ? dpl <= cpu.cpl : dpl == cpu.cpl && (selector & 3) <= cpu.cpl;
        if (!Descriptor.isCode(attributes) || !allowed || contradictsLongMode(cpu, attributes)) {
            throw cpu.raise(X86Fault.GP, selector & 0xFFFC);
        }
        checkPresent(cpu, selector, attributes);
        return descriptor;
    }

    private static boolean contradictsLongMode(Cpu cpu, int attributes) {
        int both = Descriptor.LONG | Descriptor.BIG;
        return SegmentRegisters.longMode(cpu) && (attributes & both) == both;
    }

    private static void checkPresent(Cpu cpu, int selector, int attributes) {
        if ((attributes & Descriptor.PRESENT) == 0) {
            throw cpu.raise(X86Fault.NP, selector & 0xFFFC);
        }
    }

    private static void checkOffset(Cpu cpu, long descriptor, long offset) {
        boolean code64 = SegmentRegisters.longMode(cpu) && (Descriptor.attributes(descriptor) & Descriptor.LONG) != 0;
        boolean legal =
                code64 ? offset << 16 >> 16 == offset : Long.compareUnsigned(offset, Descriptor.limit(descriptor)) <= 0;
        if (!legal) {
            throw cpu.raise(X86Fault.GP, 0);
        }
    }

    /** RET far: {@code release} bytes of parameters are dropped. */
    public static void ret(Cpu cpu, int width, long release) {
        StackReader stack = new StackReader(cpu, width);
        long offset = stack.next();
        int selector = (int) stack.next() & 0xFFFF;
        if (SegmentRegisters.realMode(cpu)) {
            SegmentRegisters.loadReal(cpu, Cpu.CS, selector);
            SegmentRegisters.updateMode(cpu);
            stack.commit(release);
            cpu.nextRip = offset;
            return;
        }
        long descriptor = checkReturn(cpu, selector);
        checkOffset(cpu, descriptor, offset);
        int cpl = selector & 3;
        if (cpl == cpu.cpl) {
            stack.commit(release);
            SegmentRegisters.setCode(cpu, selector, Descriptor.markAccessed(cpu, selector, descriptor), cpl);
        } else {
            stack.skip(release);
            long sp = stack.next();
            int ss = (int) stack.next() & 0xFFFF;
            returnOuter(cpu, selector, descriptor, ss, sp);
            new StackReader(cpu, width).commit(release);
        }
        cpu.nextRip = offset;
    }

    private static long checkReturn(Cpu cpu, int selector) {
        if ((selector & 0xFFFC) == 0) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        long descriptor = Descriptor.read(cpu, selector, X86Fault.GP, 0);
        int attributes = Descriptor.attributes(descriptor);
        int rpl = selector & 3;
        boolean conforming = (attributes & Descriptor.CONFORMING) != 0;
        int dpl = Descriptor.dpl(attributes);
        if (!Descriptor.isCode(attributes)
                || rpl < cpu.cpl
                || (conforming ? dpl > rpl : dpl != rpl)
                || contradictsLongMode(cpu, attributes)) {
            throw cpu.raise(X86Fault.GP, selector & 0xFFFC);
        }
        checkPresent(cpu, selector, attributes);
        return descriptor;
    }

    /** Loads CS and SS:RSP of a less privileged level (or, by IRETQ, of the same one). */
    private static void returnOuter(Cpu cpu, int selector, long descriptor, int ss, long sp) {
        int cpl = selector & 3;
        boolean code64 = SegmentRegisters.longMode(cpu) && (Descriptor.attributes(descriptor) & Descriptor.LONG) != 0;
        boolean nullStack = (ss & 0xFFFC) == 0;
        if (nullStack && !(code64 && cpl != 3 && (ss & 3) == cpl)) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        long stackDescriptor = nullStack ? 0 : SegmentRegisters.checkStack(cpu, ss, X86Fault.GP, cpl);
        boolean outer = cpl != cpu.cpl;
        SegmentRegisters.setCode(cpu, selector, Descriptor.markAccessed(cpu, selector, descriptor), cpl);
        if (nullStack) {
            SegmentRegisters.setNull(cpu, Cpu.SS, ss);
        } else {
            SegmentRegisters.set(cpu, Cpu.SS, ss, Descriptor.markAccessed(cpu, ss, stackDescriptor));
        }
        boolean wide = code64 || (cpu.segmentAttributes[Cpu.SS] & Descriptor.BIG) != 0;
        cpu.r[Cpu.RSP] = code64 ? sp : wide ? sp & 0xFFFFFFFFL : cpu.r[Cpu.RSP] & ~0xFFFFL | sp & 0xFFFF;
        if (outer) {
            SegmentRegisters.dropPrivileged(cpu);
        }
    }

    /** IRET, IRETD, IRETQ ({@code width} 16, 32, 64). */
    public static void iret(Cpu cpu, int width) {
        StackReader stack = new StackReader(cpu, width);
        long offset = stack.next();
        int selector = (int) stack.next() & 0xFFFF;
        long flags = stack.next();
        if (SegmentRegisters.realMode(cpu)) {
            SegmentRegisters.loadReal(cpu, Cpu.CS, selector);
            SegmentRegisters.updateMode(cpu);
            stack.commit(0);
        } else {
            iretProtected(cpu, stack, offset, selector);
        }
        // The privilege that counts for the flags is the one IRET executed with; it was checked to be no greater than
        // the new.
        loadFlags(cpu, width, flags, stack.cpl);
        cpu.systemFlags |= width == 16 ? 0 : (int) flags & Cpu.RF;
        cpu.nmiBlocked = false;
        cpu.nextRip = offset;
    }

    private static void iretProtected(Cpu cpu, StackReader stack, long offset, int selector) {
        if ((cpu.systemFlags & Cpu.NT) != 0) {
            throw cpu.raise(X86Fault.GP, 0); // in long mode so defined; elsewhere it would be a task return
        }
        boolean withStack = cpu.long64 || (selector & 3) > cpu.cpl;
        long sp = withStack ? stack.next() : 0;
        int ss = withStack ? (int) stack.next() & 0xFFFF : 0;
        long descriptor = checkReturn(cpu, selector);
        checkOffset(cpu, descriptor, offset);
        if (withStack) {
            returnOuter(cpu, selector, descriptor, ss, sp);
        } else {
            stack.commit(0);
            SegmentRegisters.setCode(cpu, selector, Descriptor.markAccessed(cpu, selector, descriptor), selector & 3);
        }
    }

    /**
     * Loads RFLAGS as IRET and POPF do at privilege {@code cpl}; 16-bit forms keep the upper half. RF becomes 0.
     */
    public static void loadFlags(Cpu cpu, int width, long flags, int cpl) {
        int mask = ORDINARY_FLAGS;
        if (cpl == 0) {
            mask |= IOPL;
        }
        if (cpl <= (cpu.systemFlags & IOPL) >> 12) {
            mask |= Cpu.IF;
        }
        if (width == 16) {
            mask &= 0xFFFF;
        }
        cpu.setRflags(cpu.rflags() & ~(mask | Cpu.RF) | flags & mask);
    }

    /** Reads the stack without changing RSP until everything is known to be legal. */
    private static final class StackReader {
        private final Cpu cpu;
        private final int width;
        private final long start;
        final int cpl;

        StackReader(Cpu cpu, int width) {
            this.cpu = cpu;
            this.width = width;
            start = cpu.r[Cpu.RSP];
            cpl = cpu.cpl;
            offset = 0;
        }

        private long offset;

        long next() {
            long value = cpu.peekStack(width, offset);
            offset += width >> 3;
            return width == 64 ? value : width == 32 ? value & 0xFFFFFFFFL : value & 0xFFFF;
        }

        void skip(long bytes) {
            offset += bytes;
        }

        void commit(long release) {
            cpu.r[Cpu.RSP] = start;
            cpu.addToStackPointer(offset + release);
        }
    }
}
