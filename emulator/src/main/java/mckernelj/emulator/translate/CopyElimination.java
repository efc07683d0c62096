// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

import static org.objectweb.asm.Opcodes.*;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Takes out of one instruction's code the temporary variables that inlining leaves: what is stored only to be loaded once, at once, and copies of
 * variables that do not change meanwhile. HotSpot would find them as well, but it has to read them first, and its limits count bytes.
 */
final class CopyElimination {
    private final InsnList code;
    private final Map<Integer, Integer> loads = new HashMap<>();
    private final Map<Integer, Integer> stores = new HashMap<>();

    private CopyElimination(InsnList code) {
        this.code = code;
    }

    static void simplify(InsnList code) {
        CopyElimination elimination = new CopyElimination(code);
        elimination.count();
        if (!elimination.jumpsBack()) {
            elimination.replaceCopies();
        }
        while (elimination.dropPairs()) {
            // what was around a pair may be one now
        }
    }

    private void count() {
        for (AbstractInsnNode insn : code) {
            if (insn instanceof VarInsnNode variable) {
                (isStore(variable) ? stores : loads).merge(variable.var, 1, Integer::sum);
            } else if (insn instanceof IincInsnNode increment) {
                loads.merge(increment.var, 2, Integer::sum);
                stores.merge(increment.var, 2, Integer::sum);
            }
        }
    }

    private boolean jumpsBack() {
        Set<LabelNode> passed = new HashSet<>();
        for (AbstractInsnNode insn : code) {
            if (insn instanceof LabelNode label) {
                passed.add(label);
            } else if (insn instanceof JumpInsnNode jump && passed.contains(jump.label)) {
                return true;
            }
        }
        return false;
    }

    /** {@code load a; store t}: t is a, if neither changes as long as t is used. */
    private void replaceCopies() {
        for (AbstractInsnNode insn = code.getFirst(); insn != null; insn = insn.getNext()) {
            if (insn instanceof VarInsnNode store
                    && isStore(store)
                    && store.var >= StateLocals.TEMPORARY
                    && stores.get(store.var) == 1
                    && store.getPrevious() instanceof VarInsnNode load
                    && !isStore(load)
                    && !changesWhileUsed(load.var, store)) {
                insn = replaceCopy(load, store);
            }
        }
    }

    private boolean changesWhileUsed(int variable, VarInsnNode copy) {
        int left = loads.getOrDefault(copy.var, 0);
        for (AbstractInsnNode insn = copy.getNext(); insn != null && left > 0; insn = insn.getNext()) {
            if (insn instanceof VarInsnNode other) {
                if (isStore(other) && other.var == variable) {
                    return true;
                }
                left -= other.var == copy.var ? 1 : 0;
            } else if (insn instanceof IincInsnNode increment && increment.var == variable) {
                return true;
            }
        }
        return false;
    }

    /** What is now in the place of the two. */
    private AbstractInsnNode replaceCopy(VarInsnNode load, VarInsnNode store) {
        int copy = store.var;
        AbstractInsnNode before = new LabelNode();
        code.insertBefore(load, before);
        for (AbstractInsnNode insn = store.getNext(); insn != null; insn = insn.getNext()) {
            if (insn instanceof VarInsnNode other && other.var == copy) {
                other.var = load.var;
                loads.merge(load.var, 1, Integer::sum);
            }
        }
        loads.merge(load.var, -1, Integer::sum);
        loads.remove(copy);
        stores.remove(copy);
        code.remove(load);
        code.remove(store);
        return before;
    }

    private boolean dropPairs() {
        boolean any = false;
        for (AbstractInsnNode insn = code.getFirst(); insn != null; ) {
            AbstractInsnNode next = insn.getNext();
            if (insn instanceof VarInsnNode store && isStore(store) && store.var >= StateLocals.TEMPORARY) {
                int uses = loads.getOrDefault(store.var, 0);
                if (uses == 0) {
                    boolean wide = store.getOpcode() == LSTORE || store.getOpcode() == DSTORE;
                    code.set(store, new InsnNode(wide ? POP2 : POP));
                    any = true;
                } else if (uses == 1 && next instanceof VarInsnNode load && !isStore(load) && load.var == store.var) {
                    next = load.getNext();
                    loads.remove(store.var);
                    code.remove(store);
                    code.remove(load);
                    any = true;
                }
            }
            insn = next;
        }
        return any;
    }

    private static boolean isStore(VarInsnNode insn) {
        return insn.getOpcode() >= ISTORE && insn.getOpcode() <= ASTORE;
    }
}
