// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

import static org.objectweb.asm.Opcodes.*;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.RegionCode;
import mckernelj.emulator.isa.InstructionForm;
import mckernelj.emulator.isa.InstructionTable;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Makes one Java method of several blocks of 64-bit code. Registers and flags are local variables; jumps between the blocks are
 * jumps of the method. Not thread-safe.
 */
public final class RegionCompiler {
    /** HotSpot does not compile methods of 8000 bytes and more. */
    private static final int MOST_BYTES = 7990;

    private static final int MOST_RETURN_SITES = 6;

    /** Targets of an indirect jump that are compared one by one. */
    private static final int MOST_COMPARED = 3;

    private static final String CODE = "mckernelj/emulator/cpu/RegionCode";
    private static final String LEAVE = "mckernelj/emulator/cpu/LeaveRegion";
    private static final String OP = "mckernelj/emulator/cpu/Op";
    private static final String CPU = StateLocals.CPU;
    private static final MethodType CONSTRUCTOR = MethodType.methodType(void.class);

    private final InstructionTable table;
    private final MethodHandles.Lookup lookup;
    private final MethodBodies bodies = new MethodBodies();

    public RegionCompiler(InstructionTable table) {
        this.table = table;
        this.lookup = table.lookup();
    }

    /**
     * A block.
     *
     * @param offset of its first byte from that of the first block
     * @param length in bytes
     * @param targets where the indirect jump at its end often goes, as offsets from the first block; the most frequent one first
     */
    public record Part(int offset, int length, Op[] ops, List<Long> targets) {}

    /** Null if the method would be too long. {@code entries}: numbers of the blocks that the region may be entered at. */
    public RegionCode compile(List<Part> parts, List<Integer> entries) {
        Compilation compilation = new Compilation(parts, entries);
        MethodNode run = compilation.assemble();
        String name = lookup.lookupClass().getPackageName().replace('.', '/') + "/Region";
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
            @Override
            protected String getCommonSuperClass(String a, String b) {
                return "java/lang/Object";
            }
        };
        writer.visit(V17, ACC_FINAL | ACC_SUPER | ACC_PUBLIC, name, null, CODE, null);
        MethodVisitor init = writer.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
        init.visitCode();
        init.visitVarInsn(ALOAD, 0);
        init.visitMethodInsn(INVOKESPECIAL, CODE, "<init>", "()V", false);
        init.visitInsn(RETURN);
        init.visitMaxs(0, 0);
        init.visitEnd();
        run.accept(writer);
        writer.visitEnd();
        Label end = compilation.end.getLabel();
        byte[] code = writer.toByteArray();
        return end.getOffset() > MOST_BYTES ? null : define(code, compilation.constants.ops);
    }

    /** Why the instruction is left to the interpreter's method; empty if it is evaluated. For tests. */
    public String obstacle(Op op) {
        Compilation compilation = new Compilation(List.of(new Part(0, op.nextOffset, new Op[] {op}, List.of())), List.of(0));
        return compilation.obstacle;
    }

    private RegionCode define(byte[] code, List<Op> constants) {
        try {
            MethodHandles.Lookup spun = lookup.defineHiddenClassWithClassData(code, List.copyOf(constants), true);
            return (RegionCode)
                    spun.findConstructor(spun.lookupClass(), CONSTRUCTOR).invoke();
        } catch (Throwable e) { // invoke declares it
            throw new IllegalStateException("cannot define a region", e);
        }
    }

    /**
     * Code of one instruction.
     *
     * @param code null: the interpreter's method has to do it
     * @param goesOn control may go on behind it
     */
    private record Piece(Op op, InsnList code, boolean goesOn) {
        boolean mayThrow() {
            for (AbstractInsnNode insn : code) {
                if (insn instanceof MethodInsnNode || insn.getOpcode() == ATHROW) {
                    return true;
                }
            }
            return false;
        }
    }

    private final class Compilation implements Jumps {
        final List<Part> parts;
        private final List<Integer> entries;
        final List<List<Piece>> pieces = new ArrayList<>();
        final Constants constants = new Constants();
        final LabelNode end = new LabelNode();
        private final StateLocals locals = new StateLocals();
        private final PartialEvaluator evaluator = new PartialEvaluator(bodies, locals, constants, this);
        private final Map<Long, Integer> byOffset = new HashMap<>();
        private final List<LabelNode> starts = new ArrayList<>();
        /** Where jumps back arrive: events are looked at first. By part. */
        private final Map<Integer, LabelNode> checks = new LinkedHashMap<>();

        private final Map<Long, LabelNode> exits = new LinkedHashMap<>();

        /** What follows the region's calls, if it is in the region. */
        private final List<Long> returnSites = new ArrayList<>();

        /** Where jumps to an RIP known at run time only arrive, by part. */
        private final Map<Integer, LabelNode> indirections = new LinkedHashMap<>();

        private final LabelNode exit = new LabelNode();
        private final InsnList code = new InsnList();
        private final List<TryCatchBlockNode> guarded = new ArrayList<>();
        private final LabelNode handler = new LabelNode();
        private final LabelNode leaver = new LabelNode();
        private LabelNode guardedFrom;
        private int current;
        private String obstacle = "";
        private int instructions;

        Compilation(List<Part> parts, List<Integer> entries) {
            this.parts = parts;
            this.entries = entries;
            for (Part part : parts) {
                byOffset.put((long) part.offset(), starts.size());
                starts.add(new LabelNode());
                instructions += part.ops().length;
            }
            for (Part part : parts) {
                long next = (long) part.offset() + part.length();
                InstructionForm last = (InstructionForm) part.ops()[part.ops().length - 1].form;
                if (last.mnemonic.equals("CALL")
                        && byOffset.containsKey(next)
                        && returnSites.size() < MOST_RETURN_SITES) {
                    returnSites.add(next);
                }
            }
            locals.write(StateLocals.scalar("cycles").local());
            for (current = 0; current < parts.size(); current++) {
                pieces.add(evaluate(parts.get(current)));
            }
        }

        private List<Piece> evaluate(Part part) {
            List<Piece> list = new ArrayList<>();
            Map<String, Value> flags = new HashMap<>();
            for (Op op : part.ops()) {
                InsnList insns = new InsnList();
                try {
                    MethodNode exec = bodies.exec(op, table.spinner().code(op));
                    boolean goesOn =
                            evaluator.evaluate(op, exec, part.offset(), part.offset() + part.length(), flags, insns);
                    list.add(new Piece(op, insns, goesOn));
                } catch (NotTranslatable e) {
                    flags.clear();
                    obstacle = e.getMessage();
                    list.add(new Piece(op, null, !((InstructionForm) op.form).ends()));
                }
            }
            return list;
        }

        // ---- jumps
        // ---------------------------------------------------------------------------------------------------

        @Override
        public LabelNode to(long offset) {
            Integer part = byOffset.get(offset);
            if (part == null) {
                return exitTo(offset);
            }
            return part > current ? starts.get(part) : checks.computeIfAbsent(part, p -> new LabelNode());
        }

        @Override
        public LabelNode indirect() {
            return targets(current).isEmpty() ? exit : indirections.computeIfAbsent(current, p -> new LabelNode());
        }

        /** Where in the region an indirect jump may go: where it has gone often, and, as a call in the region may return into it, behind calls. */
        private Set<Long> targets(int part) {
            Set<Long> targets = new LinkedHashSet<>(parts.get(part).targets());
            targets.addAll(returnSites);
            targets.retainAll(byOffset.keySet());
            return targets;
        }

        private void indirection(int from, LabelNode label) {
            current = from;
            code.add(label);
            Set<Long> targets = targets(from);
            if (targets.size() > MOST_COMPARED) {
                choose(targets);
            } else {
                for (long target : targets) {
                    distance();
                    Constants.pushLong(code, target);
                    code.add(new InsnNode(LCMP));
                    code.add(new JumpInsnNode(IFEQ, to(target)));
                }
            }
            code.add(new JumpInsnNode(GOTO, exit));
        }

        private void choose(Set<Long> targets) {
            distance();
            code.add(new InsnNode(L2I));
            code.add(new InsnNode(I2L));
            distance();
            code.add(new InsnNode(LCMP));
            code.add(new JumpInsnNode(IFNE, exit));
            distance();
            code.add(new InsnNode(L2I));
            List<Long> sorted = targets.stream().sorted().toList();
            int[] keys = sorted.stream().mapToInt(Long::intValue).toArray();
            LabelNode[] labels = sorted.stream().map(this::to).toArray(LabelNode[]::new);
            code.add(new LookupSwitchInsnNode(exit, keys, labels));
        }

        /** Pushes how far the RIP of an indirect jump is from the first block. */
        private void distance() {
            code.add(new VarInsnNode(LLOAD, StateLocals.EXIT_RIP));
            code.add(new VarInsnNode(LLOAD, StateLocals.BASE));
            code.add(new InsnNode(LSUB));
        }

        // ---- the method
        // ----------------------------------------------------------------------------------------------

        MethodNode assemble() {
            code.add(new InsnNode(ICONST_0));
            code.add(new VarInsnNode(ISTORE, StateLocals.STEP));
            code.add(locals.load());
            guard();
            enter();
            for (current = 0; current < parts.size(); current++) {
                part(current);
            }
            indirections.forEach(this::indirection);
            checks.forEach(this::check);
            exits.forEach(this::exit);
            code.add(exit);
            code.add(new VarInsnNode(ALOAD, StateLocals.CPU_LOCAL));
            code.add(new VarInsnNode(LLOAD, StateLocals.EXIT_RIP));
            code.add(new FieldInsnNode(PUTFIELD, CPU, "nextRip", "J"));
            code.add(locals.store());
            code.add(new InsnNode(ICONST_1));
            code.add(new InsnNode(IRETURN));
            unguard();
            handlers();
            code.add(end);
            MethodNode run = new MethodNode(ACC_PUBLIC, "run", "(L" + CPU + ";JI)Z", null, null);
            run.instructions = code;
            run.tryCatchBlocks = guarded;
            return run;
        }

        private void enter() {
            if (entries.size() > 1) {
                code.add(new VarInsnNode(ILOAD, StateLocals.ENTRY));
                LabelNode[] labels = entries.stream().map(starts::get).toArray(LabelNode[]::new);
                code.add(new TableSwitchInsnNode(0, labels.length - 1, labels[0], labels));
            }
        }

        private void part(int index) {
            Part part = parts.get(index);
            code.add(starts.get(index));
            int cycles = StateLocals.scalar("cycles").local();
            code.add(new VarInsnNode(LLOAD, cycles));
            Constants.pushLong(code, part.ops().length);
            code.add(new InsnNode(LADD));
            code.add(new VarInsnNode(LSTORE, cycles));
            boolean goesOn = true;
            for (int i = 0; i < part.ops().length; i++) {
                Piece piece = pieces.get(index).get(i);
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
                code.add(new JumpInsnNode(GOTO, mayChangeEvents(part) ? exitTo(next) : to(next)));
            }
        }

        /** After STI, MOV CR and their like the interpreter looks at everything. */
        private static boolean mayChangeEvents(Part part) {
            InstructionForm last = (InstructionForm) part.ops()[part.ops().length - 1].form;
            return last.ends() && !last.isDirectBranch();
        }

        private LabelNode exitTo(long offset) {
            return exits.computeIfAbsent(offset, o -> new LabelNode());
        }

        /** The interpreter's method executes it, on the processor's own state; it may have changed when that throws. */
        private void interpret(Part part, Piece piece, int step) {
            code.add(locals.store());
            cpuField("step", "I", Constants.ofInt(step));
            code.add(new VarInsnNode(ALOAD, StateLocals.CPU_LOCAL));
            Constants.pushRip(code, (long) part.offset() + part.length());
            code.add(new FieldInsnNode(PUTFIELD, CPU, "nextRip", "J"));
            code.add(new VarInsnNode(ALOAD, StateLocals.CPU_LOCAL));
            code.add(new FieldInsnNode(GETFIELD, CPU, "r", "[J"));
            code.add(Constants.ofInt(mckernelj.emulator.cpu.Cpu.BLOCK));
            Constants.pushRip(code, part.offset());
            code.add(new InsnNode(LASTORE));
            unguard();
            code.add(constants.of(piece.op));
            code.add(new VarInsnNode(ALOAD, StateLocals.CPU_LOCAL));
            code.add(new MethodInsnNode(INVOKEVIRTUAL, OP, "exec", "(L" + CPU + ";)V", false));
            if (!piece.goesOn) {
                code.add(new InsnNode(ICONST_1));
                code.add(new InsnNode(IRETURN));
            } else {
                code.add(locals.load());
            }
            guard();
        }

        private void cpuField(String name, String type, AbstractInsnNode value) {
            code.add(new VarInsnNode(ALOAD, StateLocals.CPU_LOCAL));
            code.add(value);
            code.add(new FieldInsnNode(PUTFIELD, CPU, name, type));
        }

        /** Before a jump back: leaves for an event, or if the time could end before the next such look. */
        private void check(int part, LabelNode label) {
            LabelNode leave = exitTo(parts.get(part).offset());
            code.add(label);
            code.add(new VarInsnNode(ALOAD, StateLocals.CPU_LOCAL));
            code.add(new FieldInsnNode(GETFIELD, CPU, "attention", "I"));
            code.add(new JumpInsnNode(IFNE, leave));
            code.add(new VarInsnNode(LLOAD, StateLocals.scalar("cycles").local()));
            Constants.pushLong(code, instructions);
            code.add(new InsnNode(LADD));
            code.add(new VarInsnNode(ALOAD, StateLocals.CPU_LOCAL));
            code.add(new FieldInsnNode(GETFIELD, CPU, "deadline", "J"));
            code.add(new InsnNode(LCMP));
            code.add(new JumpInsnNode(IFLT, starts.get(part)));
            code.add(new JumpInsnNode(GOTO, leave));
        }

        private void exit(long offset, LabelNode label) {
            code.add(label);
            Constants.pushRip(code, offset);
            code.add(new VarInsnNode(LSTORE, StateLocals.EXIT_RIP));
            code.add(new JumpInsnNode(GOTO, exit));
        }

        // ---- exceptions
        // ---------------------------------------------------------------------------------------------

        private void guard() {
            guardedFrom = new LabelNode();
            code.add(guardedFrom);
        }

        private void unguard() {
            LabelNode to = new LabelNode();
            code.add(to);
            if (guardedFrom.getNext() != to) {
                guarded.add(new TryCatchBlockNode(guardedFrom, to, leaver, LEAVE));
                guarded.add(new TryCatchBlockNode(guardedFrom, to, handler, null));
            }
        }

        /** What an instruction throws leaves it undone: the state is that before it. */
        private void handlers() {
            code.add(leaver);
            code.add(new InsnNode(POP));
            storeBeforeStep();
            code.add(new InsnNode(ICONST_0));
            code.add(new InsnNode(IRETURN));
            code.add(handler);
            code.add(new VarInsnNode(ASTORE, StateLocals.TEMPORARY));
            storeBeforeStep();
            code.add(new VarInsnNode(ALOAD, StateLocals.TEMPORARY));
            code.add(new InsnNode(ATHROW));
        }

        private void storeBeforeStep() {
            code.add(locals.store());
            cpuField("step", "I", new VarInsnNode(ILOAD, StateLocals.STEP));
        }
    }
}
