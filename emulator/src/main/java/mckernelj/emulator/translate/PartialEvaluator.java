// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Evaluates the exec method of one instruction: fields of the instruction are constants, calls that lead to the processor's state
 * are inlined, its registers and flags are local variables, branches on constants are decided. What remains is appended to the
 * region's code.
 */
final class PartialEvaluator {
    private static final String LEAVE = "mckernelj/emulator/cpu/LeaveRegion";
    private static final int DEEPEST = 16;

    /** Methods of up to so many instructions are inlined if a constant argument may decide a branch in them. */
    private static final int LARGEST_DECIDED = 80;

    /** Methods of up to so many instructions are inlined. */
    private static final int SMALLEST = 6;

    private final MethodBodies bodies;
    private final StateLocals locals;
    private final Constants constants;
    private final Jumps jumps;

    private final Tier tier;

    private OperandStack stack;
    private Map<String, Value> flags;
    private InsnList out;
    private int blockOffset;
    private int nextOffset;
    private Frame frame;

    PartialEvaluator(MethodBodies bodies, StateLocals locals, Constants constants, Jumps jumps, Tier tier) {
        this.tier = tier;
        this.bodies = bodies;
        this.locals = locals;
        this.constants = constants;
        this.jumps = jumps;
    }

    /** A method that is being evaluated. */
    private static final class Frame {
        final MethodNode method;
        final Frame caller;
        final AbstractInsnNode callSite;
        final int depth;
        final int stackBase;
        final Map<Integer, Value> known = new HashMap<>();
        /** Local variable of the generated code, by type and variable. */
        final Map<String, Integer> real = new HashMap<>();

        final Map<LabelNode, LabelNode> labels = new HashMap<>();
        /** States of jumps to labels that have not been reached yet. */
        final Map<LabelNode, State> pending = new HashMap<>();

        final Set<LabelNode> passed = new HashSet<>();
        final LabelNode end = new LabelNode();
        boolean returned;

        Frame(MethodNode method, Frame caller, AbstractInsnNode callSite, int stackBase) {
            this.method = method;
            this.caller = caller;
            this.callSite = callSite;
            this.depth = caller == null ? 0 : caller.depth + 1;
            this.stackBase = stackBase;
        }
    }

    /** What is known where control flow joins. */
    private record State(List<Value> stack, Map<Integer, Value> known, Map<String, Value> flags) {}

    /**
     * Code of one instruction.
     *
     * @param knownFlags what is known of the flag fields before it; afterwards what is known if control goes on behind it
     * @return true if control may go on behind it
     */
    boolean evaluate(Op op, MethodNode exec, int block, int next, Map<String, Value> knownFlags, InsnList code)
            throws NotTranslatable {
        blockOffset = block;
        nextOffset = next;
        flags = new HashMap<>(knownFlags);
        out = code;
        stack = new OperandStack(constants, code);
        frame = new Frame(exec, null, null, 0);
        frame.known.put(0, Value.of(op));
        frame.known.put(1, Value.THE_CPU);
        boolean goesOn = run();
        knownFlags.clear();
        knownFlags.putAll(flags);
        return goesOn;
    }

    // ---- a method
    // -------------------------------------------------------------------------------------------------------

    /** Evaluates the method of {@link #frame}; false if it does not return. Its result is on the stack. */
    private boolean run() throws NotTranslatable {
        Frame current = frame;
        if (!current.method.tryCatchBlocks.isEmpty()) {
            throw new NotTranslatable("exception handler in " + current.method.name);
        }
        boolean reachable = true;
        AbstractInsnNode first = current.method.instructions.getFirst();
        for (AbstractInsnNode insn = first; insn != null && !current.returned; insn = insn.getNext()) {
            if (insn instanceof LabelNode label) {
                reachable = reach(label, reachable);
            } else if (reachable && insn.getOpcode() >= 0) {
                reachable = step(insn);
            }
        }
        if (current.pending.containsKey(current.end)) {
            reachable = reach(current.end, reachable);
        }
        if (!current.pending.isEmpty()) {
            throw new NotTranslatable("a jump back into code that was not reached");
        }
        return reachable;
    }

    private LabelNode copy(LabelNode label) {
        return label == frame.end ? label : frame.labels.computeIfAbsent(label, l -> new LabelNode());
    }

    private boolean reach(LabelNode label, boolean reachable) throws NotTranslatable {
        State pending = frame.pending.remove(label);
        boolean loop = label != frame.end && isLoopHead(label);
        if (pending != null) {
            if (reachable) {
                flush();
            }
            become(reachable ? join(pending, state()) : pending);
        } else if (!reachable) {
            return false;
        }
        if (loop) {
            flush();
            enterLoop(label);
        }
        frame.passed.add(label);
        if (pending != null || loop) {
            dropJumpTo(copy(label));
            out.add(copy(label));
        }
        return true;
    }

    /** A jump to the next instruction is none. */
    private void dropJumpTo(LabelNode label) {
        if (out.getLast() instanceof JumpInsnNode jump && jump.getOpcode() == GOTO && jump.label == label) {
            out.remove(jump);
        }
    }

    private boolean isLoopHead(LabelNode label) {
        return lastJumpBack(label) != null;
    }

    private AbstractInsnNode lastJumpBack(LabelNode label) {
        AbstractInsnNode last = null;
        for (AbstractInsnNode insn = label; insn != null; insn = insn.getNext()) {
            if (insn instanceof JumpInsnNode jump && jump.label == label) {
                last = insn;
            }
        }
        return last;
    }

    /** What the loop changes is not known at its head. */
    private void enterLoop(LabelNode label) {
        AbstractInsnNode last = lastJumpBack(label);
        for (AbstractInsnNode insn = label; insn != last; insn = insn.getNext()) {
            if (insn instanceof VarInsnNode variable && insn.getOpcode() >= ISTORE && insn.getOpcode() <= ASTORE) {
                frame.known.remove(variable.var);
            } else if (insn instanceof IincInsnNode increment) {
                frame.known.remove(increment.var);
            }
        }
        flags.clear();
    }

    private State state() {
        return new State(stack.values(), new HashMap<>(frame.known), new HashMap<>(flags));
    }

    private void become(State state) {
        stack.become(state.stack);
        frame.known.clear();
        frame.known.putAll(state.known);
        flags = new HashMap<>(state.flags);
    }

    private static State join(State a, State b) throws NotTranslatable {
        if (a.stack.size() != b.stack.size()) {
            throw new NotTranslatable("stacks of different heights");
        }
        List<Value> stack = new ArrayList<>();
        for (int i = 0; i < a.stack.size(); i++) {
            stack.add(join(a.stack.get(i), b.stack.get(i)));
        }
        return new State(stack, common(a.known, b.known), common(a.flags, b.flags));
    }

    private static Value join(Value a, Value b) throws NotTranslatable {
        if (a.equals(b)) {
            return a;
        }
        if (!a.isReal() || !b.isReal() || a.type() != b.type()) {
            throw new NotTranslatable("values of different kinds meet");
        }
        return Value.real(a.type());
    }

    private static <K> Map<K, Value> common(Map<K, Value> a, Map<K, Value> b) {
        Map<K, Value> both = new HashMap<>(a);
        both.entrySet().retainAll(b.entrySet());
        return both;
    }

    /** Control goes to {@code label} from here, among other places. */
    private void meet(LabelNode label) throws NotTranslatable {
        State here = state();
        State pending = frame.pending.get(label);
        if (pending != null) {
            frame.pending.put(label, join(pending, here));
        } else if (!frame.passed.contains(label)) {
            frame.pending.put(label, here);
        }
    }

    /** Before a jump: both ways must find the same on the stack. */
    private void flush() throws NotTranslatable {
        stack.realise(frame.stackBase, false);
    }

    // ---- one instruction of the method
    // ----------------------------------------------------------------------------------

    /** False if control does not go on behind it. */
    private boolean step(AbstractInsnNode insn) throws NotTranslatable {
        int opcode = insn.getOpcode();
        if (opcode >= ICONST_M1 && opcode <= ICONST_5) {
            stack.push(Value.ofInt(opcode - ICONST_0));
        } else if (opcode == LCONST_0 || opcode == LCONST_1) {
            stack.push(Value.ofLong(opcode - LCONST_0));
        } else if (opcode == BIPUSH || opcode == SIPUSH) {
            stack.push(Value.ofInt(((IntInsnNode) insn).operand));
        } else if (opcode == LDC) {
            loadConstant((LdcInsnNode) insn);
        } else if (opcode == NEWARRAY) {
            stack.realiseTop(1);
            stack.pop();
            out.add(new IntInsnNode(NEWARRAY, ((IntInsnNode) insn).operand));
            stack.pushReal('A');
        } else if (insn instanceof VarInsnNode variable) {
            if (opcode <= ALOAD) {
                loadVariable(variable);
            } else {
                storeVariable(variable);
            }
        } else if (insn instanceof IincInsnNode increment) {
            increment(increment);
        } else if (insn instanceof FieldInsnNode field) {
            return field(field);
        } else if (insn instanceof MethodInsnNode call) {
            return call(call);
        } else if (insn instanceof JumpInsnNode jump) {
            return jump(jump);
        } else if (insn instanceof TableSwitchInsnNode table) {
            return tableSwitch(table);
        } else if (insn instanceof LookupSwitchInsnNode lookup) {
            return lookupSwitch(lookup);
        } else if (insn instanceof TypeInsnNode type) {
            type(type);
        } else if (insn instanceof InvokeDynamicInsnNode) {
            throw new NotTranslatable("invokedynamic");
        } else if (opcode >= IRETURN && opcode <= RETURN) {
            return leaveMethod(opcode);
        } else if (opcode == ATHROW) {
            stack.realiseTop(1);
            stack.pop();
            stack.emit(ATHROW);
            return false;
        } else if (opcode >= POP && opcode <= SWAP) {
            stack.shuffle(opcode);
        } else if (opcode == LALOAD) {
            loadElement();
        } else if (opcode == LASTORE) {
            storeElement();
        } else {
            operate(opcode);
        }
        return true;
    }

    private void loadConstant(LdcInsnNode insn) {
        if (insn.cst instanceof Integer value) {
            stack.push(Value.ofInt(value));
        } else if (insn.cst instanceof Long value) {
            stack.push(Value.ofLong(value));
        } else {
            out.add(new LdcInsnNode(insn.cst));
            stack.pushReal(insn.cst instanceof Float ? 'F' : insn.cst instanceof Double ? 'D' : 'A');
        }
    }

    private void loadVariable(VarInsnNode insn) throws NotTranslatable {
        Value known = frame.known.get(insn.var);
        if (known != null) {
            stack.push(known);
            return;
        }
        char type = "IJFDA".charAt(insn.getOpcode() - ILOAD);
        Integer local = frame.real.get(type + "" + insn.var);
        if (local == null) {
            throw new NotTranslatable("a variable is not known");
        }
        out.add(new VarInsnNode(insn.getOpcode(), local));
        stack.pushReal(type);
    }

    private int realVariable(char type, int variable) {
        return frame.real.computeIfAbsent(type + "" + variable, v -> stack.temporary(type));
    }

    private void storeVariable(VarInsnNode insn) throws NotTranslatable {
        if (stack.top(0).isSymbol()) {
            frame.known.put(insn.var, stack.pop());
            return;
        }
        Value constant = stack.top(0).constant();
        char type = stack.top(0).type();
        stack.realiseTop(1);
        stack.pop();
        out.add(new VarInsnNode(insn.getOpcode(), realVariable(type, insn.var)));
        if (constant != null) {
            frame.known.put(insn.var, constant);
        } else {
            frame.known.remove(insn.var);
        }
    }

    private void increment(IincInsnNode insn) throws NotTranslatable {
        Value known = frame.known.remove(insn.var);
        if (known != null) {
            stack.push(Value.ofInt((int) known.number() + insn.incr));
            storeVariable(new VarInsnNode(ISTORE, insn.var));
        } else {
            out.add(new IincInsnNode(realVariable('I', insn.var), insn.incr));
        }
    }

    // ---- fields and arrays
    // ------------------------------------------------------------------------------------------------------

    private boolean field(FieldInsnNode insn) throws NotTranslatable {
        boolean write = insn.getOpcode() == PUTFIELD;
        Value object = insn.getOpcode() == GETFIELD ? stack.top(0) : write ? stack.top(1) : null;
        if (object != null && object.kind() == Value.Kind.CPU && insn.owner.equals(StateLocals.CPU)) {
            if (insn.name.equals("nextRip")) {
                return nextRip(insn, write);
            }
            if (write ? writeCpu(insn) : readCpu(insn)) {
                return true;
            }
        } else if (insn.owner.equals(StateLocals.CPU) && StateLocals.isState(insn.name)) {
            throw new NotTranslatable("state of a processor that is not known to be this one");
        } else if (object != null && object.kind() == Value.Kind.OP && !write && insn.desc.length() == 1) {
            stack.pop();
            stack.push(Constants.fieldOf((Op) object.data(), insn.name));
            return true;
        }
        if (!bodies.isAccessible(insn)) {
            throw new NotTranslatable("a private field");
        }
        int operands = insn.getOpcode() == GETSTATIC ? 0 : write ? 2 : 1;
        stack.realiseTop(operands);
        for (int i = 0; i < operands; i++) {
            stack.pop();
        }
        out.add(new FieldInsnNode(insn.getOpcode(), insn.owner, insn.name, insn.desc));
        if (write && insn.name.equals("mxcsr")) {
            StateLocals.loadMxcsr(out);
        }
        if (!write && insn.getOpcode() != PUTSTATIC) {
            stack.pushReal(type(Type.getType(insn.desc)));
        }
        return true;
    }

    private boolean readCpu(FieldInsnNode insn) {
        RegisterFile file = RegisterFile.ofField(insn.name);
        StateLocals.Scalar scalar = StateLocals.scalar(insn.name);
        if (file != null) {
            stack.pop();
            stack.push(Value.of(file));
        } else if (insn.name.equals("long64")) {
            stack.pop();
            stack.push(Value.ofInt(1));
        } else if (insn.name.equals("codeSize")) {
            stack.pop();
            stack.push(Value.ofInt(64));
        } else if (insn.name.equals("mxcsr")) {
            stack.pop();
            out.add(new VarInsnNode(ILOAD, StateLocals.MXCSR));
            stack.pushReal('I');
        } else if (insn.name.equals("sseFault")) {
            stack.pop();
            locals.needsSse = true;
            stack.push(Value.ofInt(0));
        } else if (insn.name.equals("avxFault")) {
            stack.pop();
            locals.needsAvx = true;
            stack.push(Value.ofInt(0));
        } else if (scalar != null) {
            stack.pop();
            Value known = flags.get(scalar.name());
            if (known != null) {
                stack.push(known);
            } else {
                locals.use(scalar.local());
                out.add(new VarInsnNode(OperandStack.load(scalar.type()), scalar.local()));
                stack.pushReal(scalar.type());
            }
        } else {
            return false;
        }
        return true;
    }

    private boolean writeCpu(FieldInsnNode insn) throws NotTranslatable {
        StateLocals.Scalar scalar = StateLocals.scalar(insn.name);
        if (scalar == null) {
            return false;
        }
        Value constant = stack.top(0).isNumber() ? stack.top(0).constant() : null;
        stack.realiseTop(1);
        stack.pop();
        stack.pop();
        locals.write(scalar.local());
        out.add(new VarInsnNode(OperandStack.store(scalar.type()), scalar.local()));
        if (constant != null) {
            flags.put(scalar.name(), constant);
        } else {
            flags.remove(scalar.name());
        }
        return true;
    }

    /** A write must be the last thing that the instruction does: it becomes a jump. */
    private boolean nextRip(FieldInsnNode insn, boolean write) throws NotTranslatable {
        if (!write) {
            stack.pop();
            stack.push(Value.ofRip(nextOffset));
            return true;
        }
        if (!isTail(insn)) {
            throw new NotTranslatable("something happens after RIP has been changed");
        }
        Value target = stack.top(0);
        if (target.constant() != null && target.constant().kind() == Value.Kind.RIP) {
            stack.forget();
            stack.pop();
            out.add(new JumpInsnNode(GOTO, jumps.to((Long) target.constant().data())));
        } else {
            stack.realiseTop(1);
            stack.pop();
            stack.pop();
            out.add(new VarInsnNode(LSTORE, StateLocals.EXIT_RIP));
            out.add(new JumpInsnNode(GOTO, jumps.indirect()));
        }
        return false;
    }

    private boolean isTail(AbstractInsnNode insn) {
        AbstractInsnNode next = insn;
        for (Frame in = frame; in != null; in = in.caller) {
            next = next.getNext();
            while (next.getOpcode() < 0 || next.getOpcode() == GOTO) {
                next = next instanceof JumpInsnNode jump ? jump.label : next.getNext();
            }
            if (next.getOpcode() != RETURN) {
                return false;
            }
            next = in.callSite;
        }
        return true;
    }

    private void loadElement() throws NotTranslatable {
        Value array = stack.top(1);
        if (array.kind() != Value.Kind.REGISTERS) {
            operate(LALOAD);
            return;
        }
        RegisterFile file = (RegisterFile) array.data();
        int index = constantIndex();
        stack.pop();
        if (index < file.length) {
            out.add(locals.get(file, index));
            stack.pushReal('J');
        } else if (index == Cpu.ZERO) {
            stack.push(Value.ofLong(0));
        } else if (index == Cpu.BLOCK) {
            stack.push(Value.ofRip(blockOffset));
        } else if (index == Cpu.FS || index == Cpu.GS) {
            out.add(new VarInsnNode(ALOAD, StateLocals.CPU_LOCAL));
            out.add(new FieldInsnNode(GETFIELD, StateLocals.CPU, file.field, "[J"));
            out.add(Constants.ofInt(index));
            stack.emit(LALOAD);
            stack.pushReal('J');
        } else {
            stack.push(Value.ofLong(0)); // the other bases are zero in 64-bit mode
        }
    }

    private int constantIndex() throws NotTranslatable {
        if (!stack.top(0).isNumber()) {
            throw new NotTranslatable("a register is not known");
        }
        return (int) stack.forget().number();
    }

    private void storeElement() throws NotTranslatable {
        if (stack.top(2).kind() != Value.Kind.REGISTERS) {
            operate(LASTORE);
            return;
        }
        RegisterFile file = (RegisterFile) stack.top(2).data();
        stack.realiseTop(1);
        stack.pop();
        if (!stack.top(0).isNumber() || stack.top(0).isReal()) {
            throw new NotTranslatable("a register is not known");
        }
        int index = (int) stack.pop().number();
        stack.pop();
        if (index >= file.length) {
            throw new NotTranslatable("a segment base is written");
        }
        out.add(locals.set(file, index, stack.nextTemporary()));
    }

    // ---- calls
    // ----------------------------------------------------------------------------------------------------------

    private boolean call(MethodInsnNode insn) throws NotTranslatable {
        Type[] arguments = Type.getArgumentTypes(insn.desc);
        int count = arguments.length + (insn.getOpcode() == INVOKESTATIC ? 0 : 1);
        MemoryAccess access = tier.hasLocals() ? MemoryAccess.of(insn) : null;
        if (access != null && stack.top(count - 1).kind() == Value.Kind.CPU && hasKnownWidth(access)) {
            access(access);
            return true;
        }
        MethodNode callee = bodies.find(insn);
        if (callee == null) {
            MethodNode called = bodies.called(insn);
            if (called != null && bodies.touchesState(called)) {
                throw new NotTranslatable("call of " + insn.name);
            }
            return invoke(insn, count);
        }
        if (tier.leavesWhenRare() && bodies.isRare(callee)) {
            leave();
            return false;
        }
        if (bodies.touchesState(callee) || !bodies.isAccessible(insn, callee)) {
            if (frame.depth == DEEPEST || isActive(callee)) {
                throw new NotTranslatable("call of " + insn.name);
            }
            return inline(insn, callee, arguments, count);
        }
        if (tier.leavesWhenRare()
                && bodies.leadsToRare(callee)
                && frame.depth < DEEPEST
                && !isActive(callee)
                && tryInline(insn, callee, arguments, count)) {
            return true;
        }
        boolean worthIt = isTrivial(callee) && frame.depth < DEEPEST || mayDecide(callee, count);
        return worthIt && tryInline(insn, callee, arguments, count) || invoke(insn, count);
    }

    /** The interpreter does it. */
    private void leave() {
        out.add(new VarInsnNode(ALOAD, StateLocals.CPU_LOCAL));
        stack.emit(ICONST_1);
        out.add(new FieldInsnNode(PUTFIELD, StateLocals.CPU, "rare", "Z"));
        out.add(new FieldInsnNode(GETSTATIC, LEAVE, "INSTANCE", "L" + LEAVE + ";"));
        stack.emit(ATHROW);
    }

    private boolean hasKnownWidth(MemoryAccess access) {
        Value width = stack.top(access.values() + 1);
        return !access.hasWidthArgument() || width.isNumber() && !width.isReal();
    }

    /** An access to memory: on the stack are the processor, perhaps the width, the address and what is stored. */
    private void access(MemoryAccess method) throws NotTranslatable {
        stack.realiseTop(1 + method.values());
        int[] values = new int[method.values()];
        for (int i = values.length - 1; i >= 0; i--) {
            stack.pop();
            values[i] = stack.temporary('J');
            out.add(new VarInsnNode(LSTORE, values[i]));
        }
        stack.pop();
        MemoryAccess access =
                method.hasWidthArgument() ? method.ofWidth((int) stack.pop().number()) : method;
        stack.pop();
        if (access.isLoad()) {
            if (access.width() == 128) {
                locals.write(StateLocals.scalar("loadedHigh").local());
            }
            access.load(out, stack.temporary('J'));
            stack.pushReal('J');
        } else {
            access.store(out, values, stack.temporary('J'));
        }
    }

    private boolean invoke(MethodInsnNode insn, int count) throws NotTranslatable {
        stack.realiseTop(count);
        for (int i = 0; i < count; i++) {
            stack.pop();
        }
        out.add(new MethodInsnNode(insn.getOpcode(), insn.owner, insn.name, insn.desc, insn.itf));
        MethodNode callee = bodies.called(insn);
        if (callee != null && bodies.writesMxcsr(callee)) {
            StateLocals.loadMxcsr(out);
        }
        if (insn.name.equals("privilegeChanged")) {
            MemoryAccess.loadTlbs(out); // others from now on
        }
        Type result = Type.getReturnType(insn.desc);
        if (result.getSort() != Type.VOID) {
            stack.pushReal(type(result));
        }
        return true;
    }

    /** True if a call is no less code. */
    private static boolean isTrivial(MethodNode callee) {
        int length = 0;
        for (AbstractInsnNode insn : callee.instructions) {
            length += insn.getOpcode() >= 0 ? 1 : 0;
        }
        return length <= SMALLEST && !branches(callee);
    }

    /** True if a constant argument may decide a branch. */
    private boolean mayDecide(MethodNode callee, int count) {
        if (frame.depth == DEEPEST || isActive(callee) || callee.instructions.size() > LARGEST_DECIDED) {
            return false;
        }
        boolean constant = false;
        for (int i = 0; i < count; i++) {
            constant |= stack.top(i).isNumber();
        }
        return constant && branches(callee);
    }

    /** False, and nothing done, if it cannot be inlined or does not return. */
    private boolean tryInline(MethodInsnNode insn, MethodNode callee, Type[] arguments, int count) {
        Frame caller = frame;
        State before = state();
        int temporary = stack.nextTemporary();
        AbstractInsnNode last = out.getLast();
        try {
            if (inline(insn, callee, arguments, count)) {
                return true;
            }
        } catch (NotTranslatable e) {
            // a call does as well
        }
        while (out.getLast() != last) {
            out.remove(out.getLast());
        }
        frame = caller;
        become(before);
        stack.releaseTemporaries(temporary);
        return false;
    }

    private boolean isActive(MethodNode callee) {
        for (Frame active = frame; active != null; active = active.caller) {
            if (active.method == callee) {
                return true;
            }
        }
        return false;
    }

    private static boolean branches(MethodNode callee) {
        for (AbstractInsnNode insn : callee.instructions) {
            int opcode = insn.getOpcode();
            if (opcode >= IFEQ && opcode <= LOOKUPSWITCH && opcode != GOTO || opcode >= IFNULL && opcode <= IFNONNULL) {
                return true;
            }
        }
        return false;
    }

    private boolean inline(MethodInsnNode site, MethodNode callee, Type[] arguments, int count) throws NotTranslatable {
        Frame inner = new Frame(callee, frame, site, stack.size() - count);
        int[] variables = new int[count];
        int variable = 0;
        for (int i = 0; i < count; i++) {
            variables[i] = variable;
            boolean receiver = i == 0 && count > arguments.length;
            variable += receiver ? 1 : arguments[i - (count - arguments.length)].getSize();
        }
        for (int i = count - 1; i >= 0; i--) {
            Value argument = stack.pop();
            Value constant = argument.constant();
            if (constant != null) {
                inner.known.put(variables[i], constant);
            }
            if (argument.isReal()) {
                if (constant != null) {
                    stack.emit(argument.isWide() ? POP2 : POP);
                } else {
                    int local = stack.temporary(argument.type());
                    inner.real.put(argument.type() + "" + variables[i], local);
                    out.add(new VarInsnNode(OperandStack.store(argument.type()), local));
                }
            }
        }
        Frame caller = frame;
        frame = inner;
        keepAssigned();
        boolean returns = run();
        frame = caller;
        return returns;
    }

    /** Parameters that are constants but are assigned to need a variable all the same. */
    private void keepAssigned() throws NotTranslatable {
        for (AbstractInsnNode insn : frame.method.instructions) {
            int opcode = insn.getOpcode();
            int variable = insn instanceof IincInsnNode increment
                    ? increment.var
                    : insn instanceof VarInsnNode store && opcode >= ISTORE && opcode <= ASTORE ? store.var : -1;
            Value known = frame.known.get(variable);
            if (known != null && known.isNumber() && !frame.real.containsKey(known.type() + "" + variable)) {
                stack.emitConstant(known);
                out.add(new VarInsnNode(OperandStack.store(known.type()), realVariable(known.type(), variable)));
            }
        }
    }

    private boolean leaveMethod(int opcode) throws NotTranslatable {
        dropRest(opcode != RETURN);
        if (frame.pending.isEmpty()) {
            frame.returned = true;
            return true; // nothing else of the method can be reached: its result may stay a constant
        }
        flush();
        meet(frame.end);
        out.add(new JumpInsnNode(GOTO, frame.end));
        return false;
    }

    /** Nothing but the result remains on the method's part of the stack. */
    private void dropRest(boolean result) throws NotTranslatable {
        if (stack.size() != frame.stackBase + (result ? 1 : 0)) {
            throw new NotTranslatable("more than a result is left on the stack");
        }
    }

    // ---- jumps
    // -----------------------------------------------------------------------------------------------------------

    private boolean jump(JumpInsnNode insn) throws NotTranslatable {
        int opcode = insn.getOpcode();
        if (opcode == GOTO) {
            go(insn.label);
            return false;
        }
        int operands = opcode >= IF_ICMPEQ && opcode <= IF_ACMPNE ? 2 : 1;
        boolean numbers =
                stack.top(0).isNumber() && (operands == 1 || stack.top(1).isNumber());
        if (numbers) {
            long b = stack.forget().number();
            long a = operands == 2 ? stack.forget().number() : b;
            boolean taken = operands == 2
                    ? Folding.compare(opcode, (int) a, (int) b)
                    : Folding.compare(opcode + IF_ICMPEQ - IFEQ, (int) a, 0);
            if (taken) {
                go(insn.label);
            }
            return !taken;
        }
        stack.realise(frame.stackBase, false);
        for (int i = 0; i < operands; i++) {
            if (!stack.pop().isReal()) {
                throw new NotTranslatable("a comparison of symbols");
            }
        }
        meet(insn.label);
        out.add(new JumpInsnNode(opcode, copy(insn.label)));
        return true;
    }

    private void go(LabelNode label) throws NotTranslatable {
        flush();
        meet(label);
        out.add(new JumpInsnNode(GOTO, copy(label)));
    }

    private boolean tableSwitch(TableSwitchInsnNode insn) throws NotTranslatable {
        if (!stack.top(0).isNumber()) {
            choose(insn.dflt, insn.labels);
            out.add(new TableSwitchInsnNode(insn.min, insn.max, copy(insn.dflt), copies(insn.labels)));
            return false;
        }
        long key = stack.forget().number();
        go(key >= insn.min && key <= insn.max ? insn.labels.get((int) key - insn.min) : insn.dflt);
        return false;
    }

    private boolean lookupSwitch(LookupSwitchInsnNode insn) throws NotTranslatable {
        if (!stack.top(0).isNumber()) {
            choose(insn.dflt, insn.labels);
            int[] keys = insn.keys.stream().mapToInt(k -> k).toArray();
            out.add(new LookupSwitchInsnNode(copy(insn.dflt), keys, copies(insn.labels)));
            return false;
        }
        int at = insn.keys.indexOf((int) stack.forget().number());
        go(at >= 0 ? insn.labels.get(at) : insn.dflt);
        return false;
    }

    private void choose(LabelNode otherwise, List<LabelNode> labels) throws NotTranslatable {
        flush();
        stack.pop();
        meet(otherwise);
        for (LabelNode label : labels) {
            meet(label);
        }
    }

    private LabelNode[] copies(List<LabelNode> labels) {
        return labels.stream().map(this::copy).toArray(LabelNode[]::new);
    }

    // ---- everything else
    // ---------------------------------------------------------------------------------------------------

    private void type(TypeInsnNode insn) throws NotTranslatable {
        if (insn.getOpcode() != NEW) {
            stack.realiseTop(1);
            stack.pop();
        }
        out.add(new TypeInsnNode(insn.getOpcode(), insn.desc));
        stack.pushReal(insn.getOpcode() == INSTANCEOF ? 'I' : 'A');
    }

    private void operate(int opcode) throws NotTranslatable {
        String signature = Folding.signature(opcode);
        if (signature == null) {
            throw new NotTranslatable("bytecode " + opcode);
        }
        int operands = signature.length() - 1;
        char result = signature.charAt(operands);
        Value[] values = new Value[operands];
        boolean numbers = operands > 0;
        boolean real = false;
        for (int i = 0; i < operands; i++) {
            values[i] = stack.top(operands - 1 - i);
            numbers &= values[i].isNumber();
            real |= values[i].isReal();
        }
        Value folded = numbers ? Folding.fold(opcode, values) : Folding.foldRip(opcode, values);
        if (folded != null && !real) {
            for (int i = 0; i < operands; i++) {
                stack.pop();
            }
            stack.push(folded);
            return;
        }
        if (operands == 2 && values[1].isNumber() && Folding.isNeutral(opcode, values[1].number())) {
            stack.forget();
            return;
        }
        if (operands == 2
                && values[0].isNumber()
                && !values[0].isReal()
                && Folding.isNeutralOnLeft(opcode, values[0].number())) {
            stack.removeSecond();
            return;
        }
        stack.realiseTop(operands);
        for (int i = 0; i < operands; i++) {
            stack.pop();
        }
        stack.emit(opcode);
        if (result != 'V') {
            stack.push(Value.real(result, folded));
        }
    }

    private static char type(Type type) {
        switch (type.getSort()) {
            case Type.LONG:
                return 'J';
            case Type.FLOAT:
                return 'F';
            case Type.DOUBLE:
                return 'D';
            case Type.OBJECT:
            case Type.ARRAY:
                return 'A';
            default:
                return 'I';
        }
    }
}
