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
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Finds out of the generated code of a block how registers and addresses of memory accesses depend on the registers at its start. Knows no
 * instruction of the guest.
 */
final class LinearAnalysis {
    /** The code does something whose effect on the operand stack is not known here. */
    @SuppressWarnings("serial") // never serialised
    static final class NotAnalysable extends Exception {
        NotAnalysable(String what) {
            super(what, null, false, false);
        }
    }

    /**
     * An access of memory.
     *
     * @param call of {@code RegionMemory.host}
     * @param address null: not linear
     */
    record Access(MethodInsnNode call, LinearForm address, boolean write, int bytes) {}

    /** A value on the operand stack; {@code form} null: nothing is known. */
    private record Item(LinearForm form, boolean wide) {}

    private record State(List<Item> stack, Map<Integer, LinearForm> locals, Set<Integer> written) {
        LinearForm form(int local) {
            return written.contains(local) ? locals.get(local) : LinearForm.ofLocal(local);
        }
    }

    private static final Item INT = new Item(null, false);
    private static final Item LONG = new Item(null, true);

    private final List<Item> stack = new ArrayList<>();
    private final Map<Integer, LinearForm> locals = new HashMap<>();
    private final Set<Integer> written = new HashSet<>();
    private final List<Access> accesses = new ArrayList<>();

    /** What is known at jumps to labels that have not been reached yet. */
    private final Map<LabelNode, State> atLabels = new HashMap<>();

    /** Which TLB was pushed last. */
    private boolean writeTlb;

    /** In the order of the code. */
    List<Access> accesses() {
        return accesses;
    }

    /** What the local variable holds now; null: not known. */
    LinearForm form(int local) {
        return written.contains(local) ? locals.get(local) : LinearForm.ofLocal(local);
    }

    Set<Integer> written() {
        return written;
    }

    /** Goes on with the code of one instruction. Jumps in it lead out of the block, or to labels of this code. */
    void follow(InsnList code) throws NotAnalysable {
        Set<Integer> changed = stores(code);
        Set<LabelNode> loops = jumpedBackTo(code);
        boolean reachable = true;
        for (AbstractInsnNode insn : code) {
            if (insn instanceof LabelNode label) {
                reachable = meet(label, reachable);
                if (loops.contains(label)) {
                    changed.forEach(locals::remove);
                    written.addAll(changed);
                }
            } else if (reachable && insn.getOpcode() >= 0) {
                reachable = step(insn);
            }
        }
        stack.clear();
    }

    private static Set<LabelNode> jumpedBackTo(InsnList code) {
        Set<LabelNode> seen = new HashSet<>();
        Set<LabelNode> found = new HashSet<>();
        for (AbstractInsnNode insn : code) {
            if (insn instanceof LabelNode label) {
                seen.add(label);
            } else if (insn instanceof JumpInsnNode jump && seen.contains(jump.label)) {
                found.add(jump.label);
            }
        }
        return found;
    }

    /** Where ways meet only that is known which is the same on all of them; false if none leads here. */
    private boolean meet(LabelNode label, boolean reachable) {
        State jumped = atLabels.remove(label);
        if (jumped == null) {
            return reachable;
        }
        if (!reachable) {
            become(jumped);
            return true;
        }
        Set<Integer> all = new HashSet<>(written);
        all.addAll(jumped.written);
        for (int local : all) {
            LinearForm here = form(local);
            LinearForm there = jumped.form(local);
            if (here != null && here.equals(there)) {
                locals.put(local, here);
            } else {
                locals.remove(local);
            }
        }
        written.addAll(all);
        for (int i = 0; i < stack.size(); i++) {
            if (!stack.get(i).equals(jumped.stack.get(i))) {
                stack.set(i, stack.get(i).wide ? LONG : INT);
            }
        }
        return true;
    }

    private void become(State state) {
        stack.clear();
        stack.addAll(state.stack);
        locals.clear();
        locals.putAll(state.locals);
        written.clear();
        written.addAll(state.written);
    }

    private void jumpTo(LabelNode label) {
        State here = state();
        meet(label, true); // with what other jumps know
        atLabels.put(label, state());
        become(here);
    }

    private State state() {
        return new State(List.copyOf(stack), Map.copyOf(locals), Set.copyOf(written));
    }

    private static Set<Integer> stores(InsnList code) {
        Set<Integer> stores = new HashSet<>();
        for (AbstractInsnNode insn : code) {
            if (insn instanceof VarInsnNode variable && insn.getOpcode() >= ISTORE) {
                stores.add(variable.var);
            } else if (insn instanceof IincInsnNode increment) {
                stores.add(increment.var);
            }
        }
        return stores;
    }

    private Item pop() throws NotAnalysable {
        if (stack.isEmpty()) {
            throw new NotAnalysable("values from before a label");
        }
        return stack.remove(stack.size() - 1);
    }

    private void push(Item item) {
        stack.add(item);
    }

    private void pushNumber(long value, boolean wide) {
        push(new Item(LinearForm.of(value), wide));
    }

    private void pushType(String type) {
        push(type.equals("J") || type.equals("D") ? LONG : INT);
    }

    private void pop(int count) throws NotAnalysable {
        for (int i = 0; i < count; i++) {
            pop();
        }
    }

    /** False if control does not go on behind it. */
    private boolean step(AbstractInsnNode insn) throws NotAnalysable {
        int opcode = insn.getOpcode();
        if (opcode >= ICONST_M1 && opcode <= ICONST_5) {
            pushNumber(opcode - ICONST_0, false);
        } else if (opcode == LCONST_0 || opcode == LCONST_1) {
            pushNumber(opcode - LCONST_0, true);
        } else if (opcode == BIPUSH || opcode == SIPUSH) {
            pushNumber(((IntInsnNode) insn).operand, false);
        } else if (insn instanceof LdcInsnNode constant) {
            constant(constant.cst);
        } else if (insn instanceof VarInsnNode variable) {
            variable(variable);
        } else if (insn instanceof IincInsnNode increment) {
            written.add(increment.var);
            locals.remove(increment.var);
        } else if (insn instanceof FieldInsnNode field) {
            pop(opcode == GETSTATIC ? 0 : opcode == PUTFIELD ? 2 : 1);
            if (opcode == GETSTATIC || opcode == GETFIELD) {
                pushType(field.desc);
            }
        } else if (insn instanceof MethodInsnNode call) {
            call(call);
        } else if (insn instanceof JumpInsnNode jump) {
            pop(opcode == GOTO ? 0 : opcode >= IF_ICMPEQ && opcode <= IF_ACMPNE ? 2 : 1);
            jumpTo(jump.label);
            return opcode != GOTO;
        } else if (insn instanceof TableSwitchInsnNode table) {
            pop();
            table.labels.forEach(this::jumpTo);
            jumpTo(table.dflt);
            return false;
        } else if (insn instanceof LookupSwitchInsnNode lookup) {
            pop();
            lookup.labels.forEach(this::jumpTo);
            jumpTo(lookup.dflt);
            return false;
        } else if (opcode == ATHROW) {
            pop();
            return false;
        } else if (opcode >= POP && opcode <= SWAP) {
            shuffle(opcode);
        } else {
            operate(opcode);
        }
        return true;
    }

    private void constant(Object value) {
        if (value instanceof Integer number) {
            pushNumber(number, false);
        } else if (value instanceof Long number) {
            pushNumber(number, true);
        } else {
            push(value instanceof Double ? LONG : INT);
        }
    }

    private void variable(VarInsnNode insn) throws NotAnalysable {
        switch (insn.getOpcode()) {
            case LLOAD:
                push(new Item(form(insn.var), true));
                break;
            case DLOAD:
                push(LONG);
                break;
            case ILOAD:
            case FLOAD:
                push(INT);
                break;
            case ALOAD:
                writeTlb = insn.var == StateLocals.WRITE_TLB;
                push(INT);
                break;
            default:
                Item value = pop();
                written.add(insn.var);
                if (insn.getOpcode() == LSTORE && value.form != null) {
                    locals.put(insn.var, value.form);
                } else {
                    locals.remove(insn.var);
                }
                break;
        }
    }

    private void call(MethodInsnNode call) throws NotAnalysable {
        Type[] arguments = Type.getArgumentTypes(call.desc);
        if (call.owner.equals(MemoryAccess.MEMORY) && call.name.equals(MemoryAccess.HOST)) {
            LinearForm last = pop().form;
            pop();
            accesses.add(new Access(call, pop().form, writeTlb, (int) last.constant() + 1));
        } else {
            pop(arguments.length + (call.getOpcode() == INVOKESTATIC ? 0 : 1));
        }
        String result = Type.getReturnType(call.desc).getDescriptor();
        if (!result.equals("V")) {
            pushType(result);
        }
    }

    private void shuffle(int opcode) throws NotAnalysable {
        Item top = pop();
        switch (opcode) {
            case POP:
                break;
            case POP2:
                if (!top.wide) {
                    pop();
                }
                break;
            case DUP:
                push(top);
                push(top);
                break;
            case DUP2:
                Item below = top.wide ? null : pop();
                for (int i = 0; i < 2; i++) {
                    if (below != null) {
                        push(below);
                    }
                    push(top);
                }
                break;
            default:
                throw new NotAnalysable("an operation on the stack");
        }
    }

    private void operate(int opcode) throws NotAnalysable {
        String signature = Folding.signature(opcode);
        if (signature == null) {
            throw new NotAnalysable("bytecode " + opcode);
        }
        int operands = signature.length() - 1;
        Item b = operands > 0 ? pop() : null;
        Item a = operands > 1 ? pop() : null;
        pop(Math.max(0, operands - 2));
        char result = signature.charAt(operands);
        if (result != 'V') {
            boolean wide = result == 'J' || result == 'D';
            LinearForm form =
                    operands == 2 && a.form != null && b.form != null ? combine(opcode, a.form, b.form) : null;
            if (opcode == I2L) {
                form = b.form;
            }
            push(new Item(form, wide));
        }
    }

    private static LinearForm combine(int opcode, LinearForm a, LinearForm b) {
        switch (opcode) {
            case LADD:
                return a.plus(b);
            case LSUB:
                return a.plus(b.times(-1));
            case LSHL:
                return b.isConstant() ? a.times(1L << b.constant()) : null;
            default:
                return null;
        }
    }
}
