// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * A block that jumps back to itself, for many iterations at once: accesses whose address moves by the same distance in each iteration (streams)
 * look into the TLB once for all iterations that stay in memory which is contiguous at the host.
 */
final class RunLoop {
    private static final int MOST_STREAMS = StateLocals.MOST_STREAMS;

    /** Accesses with the same registers belong to one stream if they are not farther apart. */
    private static final long NEAR = 512;

    /** Accesses that move together. The addresses of an iteration lie in [low, high) plus {@code registers}. */
    private static final class Stream {
        final Map<Integer, Long> registers;
        final long stride;
        final List<LinearAnalysis.Access> accesses = new ArrayList<>();
        long low;
        long high;
        boolean write;

        Stream(LinearAnalysis.Access access, long stride) {
            this.registers = access.address().factors();
            this.stride = stride;
            low = access.address().constant();
            high = low;
            add(access);
        }

        boolean takes(LinearAnalysis.Access access) {
            long constant = access.address().constant();
            return registers.equals(access.address().factors()) && constant < high + NEAR && constant > low - NEAR;
        }

        void add(LinearAnalysis.Access access) {
            long constant = access.address().constant();
            accesses.add(access);
            low = Math.min(low, constant);
            high = Math.max(high, constant + access.bytes());
            write |= access.write();
        }
    }

    private final List<Stream> streams = new ArrayList<>();

    /** Null if the block is not worth it. {@code pieces}: the code of its instructions, of its own; it is changed. */
    static RunLoop of(List<InsnList> pieces) {
        LinearAnalysis analysis = new LinearAnalysis();
        try {
            for (InsnList piece : pieces) {
                analysis.follow(piece);
            }
        } catch (LinearAnalysis.NotAnalysable e) {
            return null;
        }
        RunLoop loop = new RunLoop();
        analysis.accesses().forEach(access -> loop.add(access, analysis));
        if (loop.streams.isEmpty() && !analysis.accesses().isEmpty()) {
            return null;
        }
        Map<AbstractInsnNode, Integer> addends = loop.addends();
        pieces.forEach(piece -> replace(piece, addends));
        return loop;
    }

    private RunLoop() {}

    private void add(LinearAnalysis.Access access, LinearAnalysis analysis) {
        if (access.address() == null) {
            return;
        }
        long stride = 0;
        for (Map.Entry<Integer, Long> register : access.address().factors().entrySet()) {
            int local = register.getKey();
            LinearForm after = analysis.form(local);
            Long step = after == null ? null : after.distanceFrom(local);
            if (step == null) {
                return;
            }
            stride += register.getValue() * step;
        }
        for (Stream stream : streams) {
            if (stream.takes(access)) {
                stream.add(access);
                return;
            }
        }
        if (streams.size() < MOST_STREAMS && Math.abs(stride) <= 1 << 16) {
            streams.add(new Stream(access, stride));
        }
    }

    private static int addend(int stream) {
        return StateLocals.ADDENDS + 2 * stream;
    }

    /** Local variables with the addends, by call of {@code RegionMemory.host}. */
    private Map<AbstractInsnNode, Integer> addends() {
        Map<AbstractInsnNode, Integer> addends = new HashMap<>();
        for (int i = 0; i < streams.size(); i++) {
            for (LinearAnalysis.Access access : streams.get(i).accesses) {
                addends.put(access.call(), addend(i));
            }
        }
        return addends;
    }

    /** The lookup (TLB and size are pushed right before it) becomes an addition. */
    private static void replace(InsnList piece, Map<AbstractInsnNode, Integer> addends) {
        for (AbstractInsnNode insn : piece.toArray()) {
            Integer addend = addends.get(insn);
            if (addend != null) {
                piece.remove(insn.getPrevious());
                piece.remove(insn.getPrevious());
                piece.insertBefore(insn, new VarInsnNode(LLOAD, addend));
                piece.set(insn, new InsnNode(LADD));
            }
        }
    }

    /** {@link StateLocals#LEFT} becomes the number of iterations that are possible, not more than it is. */
    void limit(InsnList code) {
        for (Stream stream : streams) {
            pushAddress(code, stream);
            Constants.pushLong(code, stream.high - stream.low);
            Constants.pushLong(code, stream.stride);
            code.add(new VarInsnNode(ALOAD, tlb(stream)));
            code.add(new VarInsnNode(ILOAD, StateLocals.LEFT));
            code.add(new MethodInsnNode(INVOKESTATIC, MemoryAccess.MEMORY, "iterations", "(JJJ[JI)I", false));
            code.add(new VarInsnNode(ISTORE, StateLocals.LEFT));
        }
    }

    /** Before the first iteration. */
    void prepare(InsnList code) {
        for (int i = 0; i < streams.size(); i++) {
            pushAddress(code, streams.get(i));
            code.add(new VarInsnNode(ALOAD, tlb(streams.get(i))));
            code.add(new MethodInsnNode(INVOKESTATIC, MemoryAccess.MEMORY, "addend", "(J[J)J", false));
            code.add(new VarInsnNode(LSTORE, addend(i)));
        }
    }

    private static int tlb(Stream stream) {
        return stream.write ? StateLocals.WRITE_TLB : StateLocals.READ_TLB;
    }

    private static void pushAddress(InsnList code, Stream stream) {
        Constants.pushLong(code, stream.low);
        stream.registers.forEach((local, factor) -> {
            code.add(new VarInsnNode(LLOAD, local));
            if (factor != 1) {
                Constants.pushLong(code, factor);
                code.add(new InsnNode(LMUL));
            }
            code.add(new InsnNode(LADD));
        });
    }
}
