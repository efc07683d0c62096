// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

import static org.objectweb.asm.Opcodes.*;

import java.util.Map;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * The accesses to memory among {@link mckernelj.emulator.cpu.Cpu}'s methods, and what a region does instead: {@link
 * mckernelj.emulator.cpu.RegionMemory}.
 *
 * @param write looks into the TLB for writes
 * @param values how many longs are stored; 0: it is a load
 * @param width in bits; 0: the argument below the address
 */
record MemoryAccess(boolean write, int values, int width) {
    static final String MEMORY = "mckernelj/emulator/cpu/RegionMemory";
    static final String HOST = "host";

    private static final Map<String, MemoryAccess> METHODS = Map.ofEntries(
            Map.entry("load8(J)J", new MemoryAccess(false, 0, 8)),
            Map.entry("load16(J)J", new MemoryAccess(false, 0, 16)),
            Map.entry("load32(J)J", new MemoryAccess(false, 0, 32)),
            Map.entry("load64(J)J", new MemoryAccess(false, 0, 64)),
            Map.entry("load128(J)J", new MemoryAccess(false, 0, 128)),
            Map.entry("load(IJ)J", new MemoryAccess(false, 0, 0)),
            Map.entry("loadForWrite(IJ)J", new MemoryAccess(true, 0, 0)),
            Map.entry("store8(JJ)V", new MemoryAccess(true, 1, 8)),
            Map.entry("store16(JJ)V", new MemoryAccess(true, 1, 16)),
            Map.entry("store32(JJ)V", new MemoryAccess(true, 1, 32)),
            Map.entry("store64(JJ)V", new MemoryAccess(true, 1, 64)),
            Map.entry("store128(JJJ)V", new MemoryAccess(true, 2, 128)),
            Map.entry("store(IJJ)V", new MemoryAccess(true, 1, 0)));

    /** Null: the call is something else. */
    static MemoryAccess of(MethodInsnNode call) {
        return call.owner.equals(StateLocals.CPU) ? METHODS.get(call.name + call.desc) : null;
    }

    boolean isLoad() {
        return values == 0;
    }

    boolean hasWidthArgument() {
        return width == 0;
    }

    MemoryAccess ofWidth(int bits) {
        return new MemoryAccess(write, values, bits);
    }

    /** The linear address on the stack becomes the host's. */
    static void address(InsnList out, boolean write, int bytes) {
        out.add(new VarInsnNode(ALOAD, write ? StateLocals.WRITE_TLB : StateLocals.READ_TLB));
        out.add(Constants.ofInt(bytes - 1));
        out.add(new MethodInsnNode(INVOKESTATIC, MEMORY, HOST, "(J[JI)J", false));
    }

    /** The linear address on the stack becomes the value that is there. {@code temporary}: two free local variables. */
    void load(InsnList out, int temporary) {
        address(out, write, width / 8);
        if (width == 128) {
            out.add(new VarInsnNode(LSTORE, temporary));
            second(out, temporary);
            out.add(new MethodInsnNode(INVOKESTATIC, MEMORY, "get64", "(J)J", false));
            out.add(new VarInsnNode(LSTORE, StateLocals.scalar("loadedHigh").local()));
            out.add(new VarInsnNode(LLOAD, temporary));
        }
        out.add(new MethodInsnNode(INVOKESTATIC, MEMORY, "get" + Math.min(width, 64), "(J)J", false));
    }

    /** The linear address is on the stack; what is stored is in local variables, in each of {@code longs}. */
    void store(InsnList out, int[] longs, int temporary) {
        address(out, true, width / 8);
        if (width == 128) {
            out.add(new VarInsnNode(LSTORE, temporary));
            out.add(new VarInsnNode(LLOAD, temporary));
        }
        out.add(new VarInsnNode(LLOAD, longs[0]));
        out.add(new MethodInsnNode(INVOKESTATIC, MEMORY, "put" + Math.min(width, 64), "(JJ)V", false));
        if (width == 128) {
            second(out, temporary);
            out.add(new VarInsnNode(LLOAD, longs[1]));
            out.add(new MethodInsnNode(INVOKESTATIC, MEMORY, "put64", "(JJ)V", false));
        }
    }

    private static void second(InsnList out, int temporary) {
        out.add(new VarInsnNode(LLOAD, temporary));
        Constants.pushLong(out, 8);
        out.add(new InsnNode(LADD));
    }

    /** The TLBs of the current privilege become local variables. */
    static void loadTlbs(InsnList out) {
        tlb(out, "readTlb", StateLocals.READ_TLB);
        tlb(out, "writeTlb", StateLocals.WRITE_TLB);
    }

    private static void tlb(InsnList out, String field, int local) {
        out.add(new VarInsnNode(ALOAD, StateLocals.CPU_LOCAL));
        out.add(new FieldInsnNode(GETFIELD, StateLocals.CPU, field, "[J"));
        out.add(new VarInsnNode(ASTORE, local));
    }
}
