// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.translate.RegionCompiler.Context;
import mckernelj.emulator.translate.RegionCompiler.Part;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * A method for many iterations of a block that jumps back to itself ({@link RunLoop}). A method of its own: HotSpot finds registers for what this
 * loop uses. {@code (Cpu cpu, long base, int most)} gives -1 if the interpreter has to go on, 0 if nothing was done since only few iterations would
 * have been possible, 1 if some were, and 2 + i if the block has jumped to {@link #targets} i.
 */
final class LoopMethod extends RegionMethod {
    static final String DESCRIPTOR = "(L" + CPU + ";JI)I";
    private static final int FEWEST = 4;

    private final int index;
    private final int reserve;
    private final LabelNode next = new LabelNode();
    private final List<Long> targets = new ArrayList<>();
    private List<Piece> pieces;
    private RunLoop run;

    /** Null if the block is none that runs. {@code reserve}: so many cycles are left to the region. */
    static LoopMethod of(Context context, int index, int reserve) {
        Part part = context.parts().get(index);
        Op last = part.ops()[part.ops().length - 1];
        if (!lastForm(part).isDirectBranch() || part.length() + last.immediate != 0) {
            return null;
        }
        LoopMethod method = new LoopMethod(context, index, reserve);
        return method.prepare() ? method : null;
    }

    private LoopMethod(Context context, int index, int reserve) {
        super(context);
        this.index = index;
        this.reserve = reserve;
    }

    private boolean prepare() {
        pieces = evaluate(part(index));
        if (pieces.stream().anyMatch(piece -> piece.code() == null)) {
            return false;
        }
        run = RunLoop.of(pieces.stream().map(Piece::code).toList());
        if (run == null) {
            return false;
        }
        assemble();
        return true;
    }

    String name() {
        return "loop" + index;
    }

    /** Offsets where the block goes when it does not go on with itself. */
    List<Long> targets() {
        return targets;
    }

    /** Its length in bytes. */
    int write(ClassVisitor writer) {
        write(writer, ACC_PRIVATE, name(), DESCRIPTOR);
        return length();
    }

    @Override
    public LabelNode to(long offset) {
        return offset == part(index).offset() ? next : exitTo(offset);
    }

    @Override
    public LabelNode indirect() {
        throw new IllegalStateException("a loop ends with a direct jump");
    }

    private void assemble() {
        code.add(new InsnNode(ICONST_0));
        load(ISTORE, StateLocals.STEP);
        code.add(locals.load());
        limitByTime();
        run.limit(code);
        LabelNode many = new LabelNode();
        load(ILOAD, StateLocals.LEFT);
        code.add(Constants.ofInt(FEWEST));
        code.add(new JumpInsnNode(IF_ICMPGE, many));
        giveBack(0);
        code.add(many);
        run.prepare(code);
        guard();
        LabelNode head = new LabelNode();
        code.add(head);
        block(index, pieces);
        code.add(next);
        code.add(new IincInsnNode(StateLocals.LEFT, -1));
        load(ILOAD, StateLocals.LEFT);
        code.add(new JumpInsnNode(IFGT, head));
        unguard();
        code.add(locals.store());
        giveBack(1);
        exits().forEach(this::exit);
        handlers(-1);
    }

    /** LEFT = min(most, iterations until the region would have to leave) */
    private void limitByTime() {
        getField("deadline", "J");
        load(LLOAD, StateLocals.scalar("cycles").local());
        code.add(new InsnNode(LSUB));
        Constants.pushLong(code, reserve);
        code.add(new InsnNode(LSUB));
        Constants.pushLong(code, part(index).ops().length);
        code.add(new InsnNode(LDIV));
        load(ILOAD, StateLocals.ENTRY);
        code.add(new InsnNode(I2L));
        code.add(new MethodInsnNode(INVOKESTATIC, "java/lang/Math", "min", "(JJ)J", false));
        code.add(new InsnNode(L2I));
        load(ISTORE, StateLocals.LEFT);
    }

    private void exit(long offset, LabelNode label) {
        code.add(label);
        code.add(locals.store());
        giveBack(2 + targets.size());
        targets.add(offset);
    }
}
