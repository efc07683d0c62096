// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

import static org.objectweb.asm.Opcodes.*;

import java.util.HashMap;
import java.util.Map;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;

/**
 * Makes one instruction's code smaller: values that are only dropped are not computed, and a condition that becomes a number, which is compared
 * with 0, becomes a jump.
 */
final class Peephole {
    private final InsnList code;
    private final Map<LabelNode, Integer> jumps = new HashMap<>();

    private Peephole(InsnList code) {
        this.code = code;
    }

    static void simplify(InsnList code) {
        Peephole peephole = new Peephole(code);
        peephole.dropUnused();
        peephole.countJumps();
        peephole.dropUnreachedLabels();
        peephole.jumpOnConditions();
        peephole.jumpAtOnce();
    }

    // ---- values that are dropped
    // ------------------------------------------------------------------------------------------

    private void dropUnused() {
        for (AbstractInsnNode insn = code.getFirst(); insn != null; ) {
            boolean drops = insn.getOpcode() == POP || insn.getOpcode() == POP2;
            insn = drops && insn.getPrevious() != null ? drop(insn) : insn.getNext();
        }
    }

    /** Where to go on: at a pop that has become the next one to be looked at. */
    private AbstractInsnNode drop(AbstractInsnNode pop) {
        AbstractInsnNode producer = pop.getPrevious();
        AbstractInsnNode next = pop.getNext();
        int opcode = producer.getOpcode();
        String signature = isPure(opcode) ? Folding.signature(opcode) : null;
        if (isPush(opcode) || signature != null) {
            code.remove(pop);
        }
        if (signature != null) {
            AbstractInsnNode first = null;
            for (int i = signature.length() - 2; i >= 0; i--) {
                AbstractInsnNode operand = new InsnNode(signature.charAt(i) == 'J' ? POP2 : POP);
                code.insertBefore(producer, operand);
                first = first == null ? operand : first;
            }
            code.remove(producer);
            return first == null ? next : first;
        }
        if (isPush(opcode)) {
            code.remove(producer);
        }
        return next;
    }

    private static boolean isPush(int opcode) {
        return opcode >= ACONST_NULL && opcode <= ALOAD;
    }

    private static boolean isPure(int opcode) {
        return opcode >= IADD
                && opcode <= LCMP
                && opcode != IDIV
                && opcode != LDIV
                && opcode != IREM
                && opcode != LREM
                && opcode != IINC;
    }

    // ---- jumps
    // -------------------------------------------------------------------------------------------------------------

    private void countJumps() {
        for (AbstractInsnNode insn : code) {
            if (insn instanceof JumpInsnNode jump) {
                jumps.merge(jump.label, 1, Integer::sum);
            } else if (insn instanceof TableSwitchInsnNode table) {
                jumps.merge(table.dflt, 2, Integer::sum);
                table.labels.forEach(label -> jumps.merge(label, 2, Integer::sum));
            } else if (insn instanceof LookupSwitchInsnNode lookup) {
                jumps.merge(lookup.dflt, 2, Integer::sum);
                lookup.labels.forEach(label -> jumps.merge(label, 2, Integer::sum));
            }
        }
    }

    private void dropUnreachedLabels() {
        for (AbstractInsnNode insn = code.getFirst(); insn != null; ) {
            AbstractInsnNode next = insn.getNext();
            if (insn instanceof LabelNode label && !jumps.containsKey(label)) {
                code.remove(label);
            }
            insn = next;
        }
    }

    /** {@code if A; 1; goto B; A: 0; B: ifeq X} is a jump to X; so is what has the numbers the other way round or negates them. */
    private void jumpOnConditions() {
        for (AbstractInsnNode insn = code.getFirst(); insn != null; insn = insn.getNext()) {
            if (insn instanceof JumpInsnNode condition && condition.getOpcode() != GOTO) {
                jumpOnCondition(condition);
            }
        }
    }

    private void jumpOnCondition(JumpInsnNode condition) {
        AbstractInsnNode one = condition.getNext();
        AbstractInsnNode over = next(one);
        AbstractInsnNode other = next(over);
        AbstractInsnNode two = next(other);
        AbstractInsnNode join = next(two);
        if (!isBoolean(one)
                || !isBoolean(two)
                || other != condition.label
                || !(over instanceof JumpInsnNode skip && skip.getOpcode() == GOTO && skip.label == join)
                || jumps.get(other) != 1
                || jumps.get(join) != 1) {
            return;
        }
        AbstractInsnNode test = next(join);
        boolean negated =
                test != null && test.getOpcode() == ICONST_1 && test.getNext().getOpcode() == IXOR;
        if (negated) {
            test = test.getNext().getNext();
        }
        if (!(test instanceof JumpInsnNode last && (last.getOpcode() == IFEQ || last.getOpcode() == IFNE))
                || one.getOpcode() == two.getOpcode()) {
            return;
        }
        boolean valueIfJumped = two.getOpcode() == ICONST_1 ^ negated;
        boolean jumpsIfTrue = last.getOpcode() == IFNE;
        int opcode = valueIfJumped == jumpsIfTrue ? condition.getOpcode() : opposite(condition.getOpcode());
        LabelNode target = last.label;
        for (AbstractInsnNode insn = one; insn != last; ) {
            AbstractInsnNode next = insn.getNext();
            code.remove(insn);
            insn = next;
        }
        code.remove(last);
        condition.setOpcode(opcode);
        condition.label = target;
    }

    /** {@code if A; goto B; A:} is one jump. */
    private void jumpAtOnce() {
        for (AbstractInsnNode insn = code.getFirst(); insn != null; insn = insn.getNext()) {
            if (insn instanceof JumpInsnNode condition
                    && condition.getOpcode() != GOTO
                    && condition.getNext() instanceof JumpInsnNode other
                    && other.getOpcode() == GOTO
                    && other.getNext() == condition.label) {
                condition.setOpcode(opposite(condition.getOpcode()));
                LabelNode over = condition.label;
                condition.label = other.label;
                code.remove(other);
                if (jumps.merge(over, -1, Integer::sum) == 0) {
                    code.remove(over);
                }
            }
        }
    }

    private static AbstractInsnNode next(AbstractInsnNode insn) {
        return insn == null ? null : insn.getNext();
    }

    private static boolean isBoolean(AbstractInsnNode insn) {
        return insn != null && (insn.getOpcode() == ICONST_0 || insn.getOpcode() == ICONST_1);
    }

    /** Of a conditional jump. */
    private static int opposite(int opcode) {
        if (opcode == IFNULL || opcode == IFNONNULL) {
            return IFNULL + IFNONNULL - opcode;
        }
        return (opcode - IFEQ ^ 1) + IFEQ; // they come in pairs from IFEQ, an odd number
    }
}
