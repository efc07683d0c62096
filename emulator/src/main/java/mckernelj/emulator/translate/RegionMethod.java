// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.RegionCode;
import mckernelj.emulator.isa.InstructionForm;
import mckernelj.emulator.translate.RegionCompiler.Context;
import mckernelj.emulator.translate.RegionCompiler.Part;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * A method that executes blocks: {@code (Cpu cpu, long base, int number)}. The state that they use is in local variables; it is stored before the
 * method returns or throws.
 */
abstract class RegionMethod implements Jumps {
    static final String CODE = "mckernelj/emulator/cpu/RegionCode";
    static final String CPU = StateLocals.CPU;
    static final String RUN = "run";
    private static final String LEAVE = "mckernelj/emulator/cpu/LeaveRegion";
    private static final String OP = "mckernelj/emulator/cpu/Op";

    /**
     * Code of one instruction.
     *
     * @param code null: the interpreter's method has to do it
     * @param goesOn control may go on behind it
     */
    record Piece(Op op, InsnList code, boolean goesOn) {
        boolean mayThrow() {
            for (AbstractInsnNode insn : code) {
                if (insn instanceof MethodInsnNode || insn.getOpcode() == ATHROW) {
                    return true;
                }
            }
            return false;
        }
    }

    final Context context;
    final StateLocals locals;
    final InsnList code = new InsnList();
    private final PartialEvaluator evaluator;
    private final Map<Long, LabelNode> exits = new LinkedHashMap<>();
    private final List<TryCatchBlockNode> guarded = new ArrayList<>();
    private final LabelNode handler = new LabelNode();
    private final LabelNode leaver = new LabelNode();
    private final LabelNode end = new LabelNode();
    private LabelNode guardedFrom;

    /** Why an instruction could not be evaluated. */
    private String obstacle = "";

    RegionMethod(Context context) {
        this.context = context;
        locals = new StateLocals(context.tier().hasLocals());
        evaluator = new PartialEvaluator(context.bodies(), locals, context.constants(), this, context.tier());
        locals.write(StateLocals.scalar("cycles").local());
    }

    String obstacle() {
        return obstacle;
    }

    Part part(int index) {
        return context.parts().get(index);
    }

    /** Of the last instruction. */
    static InstructionForm lastForm(Part part) {
        return (InstructionForm) part.ops()[part.ops().length - 1].form;
    }

    final List<Piece> evaluate(Part part) {
        List<Piece> list = new ArrayList<>();
        Map<String, Value> flags = new HashMap<>();
        for (Op op : part.ops()) {
            InsnList insns = new InsnList();
            try {
                MethodNode exec =
                        context.bodies().exec(op, context.table().spinner().code(op));
                boolean goesOn =
                        evaluator.evaluate(op, exec, part.offset(), part.offset() + part.length(), flags, insns);
                CopyElimination.simplify(insns);
                Peephole.simplify(insns);
                list.add(new Piece(op, insns, goesOn));
            } catch (NotTranslatable e) {
                flags.clear();
                obstacle = e.getMessage();
                list.add(new Piece(op, null, !((InstructionForm) op.form).ends()));
            }
        }
        return list;
    }

    /** The code of a whole block. */
    final void block(int index, List<Piece> pieces) {
        Part part = part(index);
        int cycles = StateLocals.scalar("cycles").local();
        code.add(new VarInsnNode(LLOAD, cycles));
        Constants.pushLong(code, part.ops().length);
        code.add(new InsnNode(LADD));
        code.add(new VarInsnNode(LSTORE, cycles));
        boolean goesOn = true;
        for (int i = 0; i < part.ops().length; i++) {
            Piece piece = pieces.get(i);
            int step = index * RegionCode.STEPS_PER_BLOCK + i;
            if (piece.code == null) {
                interpret(part, piece, step);
            } else {
                if (piece.mayThrow()) {
                    code.add(Constants.ofInt(step));
                    code.add(new VarInsnNode(ISTORE, StateLocals.STEP));
                }
                code.add(piece.code);
            }
            goesOn = piece.goesOn;
        }
        if (goesOn) {
            long next = (long) part.offset() + part.length();
            jump(mayChangeEvents(part) ? exitTo(next) : to(next));
        }
    }

    /** After STI, MOV CR and their like the interpreter looks at everything. */
    private static boolean mayChangeEvents(Part part) {
        InstructionForm last = lastForm(part);
        return last.ends() && !last.isDirectBranch();
    }

    /** The interpreter's method executes it, on the processor's own state; it may have changed when that throws. */
    private void interpret(Part part, Piece piece, int step) {
        code.add(locals.store());
        setField("step", "I", Constants.ofInt(step));
        load(ALOAD, StateLocals.CPU_LOCAL);
        Constants.pushRip(code, (long) part.offset() + part.length());
        code.add(new FieldInsnNode(PUTFIELD, CPU, "nextRip", "J"));
        getField("r", "[J");
        code.add(Constants.ofInt(Cpu.BLOCK));
        Constants.pushRip(code, part.offset());
        code.add(new InsnNode(LASTORE));
        unguard();
        code.add(context.constants().of(piece.op));
        load(ALOAD, StateLocals.CPU_LOCAL);
        code.add(new MethodInsnNode(INVOKEVIRTUAL, OP, "exec", "(L" + CPU + ";)V", false));
        if (!piece.goesOn) {
            giveBack(1);
        } else {
            code.add(locals.load());
        }
        guard();
    }

    // ---- ways out
    // ----------------------------------------------------------------------------------------------------

    /** The label where the method ends with RIP at {@code offset}. */
    final LabelNode exitTo(long offset) {
        return exits.computeIfAbsent(offset, o -> new LabelNode());
    }

    /** All labels of {@link #exitTo}: what is to be done there. */
    final Map<Long, LabelNode> exits() {
        return exits;
    }

    final void giveBack(int value) {
        code.add(Constants.ofInt(value));
        code.add(new InsnNode(IRETURN));
    }

    /** From now on what is thrown finds the state stored as it is in the local variables. */
    final void guard() {
        guardedFrom = new LabelNode();
        code.add(guardedFrom);
    }

    final void unguard() {
        LabelNode to = new LabelNode();
        code.add(to);
        if (guardedFrom.getNext() != to) {
            guarded.add(new TryCatchBlockNode(guardedFrom, to, leaver, LEAVE));
            guarded.add(new TryCatchBlockNode(guardedFrom, to, handler, null));
        }
    }

    /** What an instruction throws leaves it undone: the state is that before it. {@code left}: what is returned if the interpreter has to go on. */
    final void handlers(int left) {
        code.add(leaver);
        code.add(new InsnNode(POP));
        storeBeforeStep();
        giveBack(left);
        code.add(handler);
        load(ASTORE, StateLocals.TEMPORARY);
        storeBeforeStep();
        load(ALOAD, StateLocals.TEMPORARY);
        code.add(new InsnNode(ATHROW));
        code.add(end);
    }

    private void storeBeforeStep() {
        code.add(locals.store());
        setField("step", "I", new VarInsnNode(ILOAD, StateLocals.STEP));
    }

    final void write(ClassVisitor writer, int access, String name, String descriptor) {
        MethodNode method = new MethodNode(access, name, descriptor, null, null);
        method.instructions = code;
        method.tryCatchBlocks = guarded;
        method.accept(writer);
    }

    /** In bytes; after it was written. */
    final int length() {
        return end.getLabel().getOffset();
    }

    // ---- small pieces
    // --------------------------------------------------------------------------------------------------

    /** A load or store of a local variable. */
    final void load(int opcode, int local) {
        code.add(new VarInsnNode(opcode, local));
    }

    final void jump(LabelNode label) {
        code.add(new JumpInsnNode(GOTO, label));
    }

    final void getField(String name, String type) {
        load(ALOAD, StateLocals.CPU_LOCAL);
        code.add(new FieldInsnNode(GETFIELD, CPU, name, type));
    }

    private void setField(String name, String type, AbstractInsnNode value) {
        load(ALOAD, StateLocals.CPU_LOCAL);
        code.add(value);
        code.add(new FieldInsnNode(PUTFIELD, CPU, name, type));
    }

    final void setNextRip(InsnList value) {
        load(ALOAD, StateLocals.CPU_LOCAL);
        code.add(value);
        code.add(new FieldInsnNode(PUTFIELD, CPU, "nextRip", "J"));
    }
}
