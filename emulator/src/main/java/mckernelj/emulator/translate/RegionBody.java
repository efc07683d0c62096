// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mckernelj.emulator.translate.RegionCompiler.Context;
import mckernelj.emulator.translate.RegionCompiler.Part;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** The method {@link mckernelj.emulator.cpu.RegionCode#run} of a region. */
final class RegionBody extends RegionMethod {
    private static final String DESCRIPTOR = "(L" + CPU + ";JI)Z";
    private static final int MOST_RETURN_SITES = 6;

    /** Targets of an indirect jump that are compared one by one. */
    private static final int MOST_COMPARED = 3;

    /** Of a {@link LoopMethod}: iterations one by one before many are tried at once. */
    private static final int LOOPS_BEFORE_RUN = 8;

    private static final int MOST_AT_ONCE = 1 << 14;

    private final List<List<Piece>> pieces = new ArrayList<>();
    private final Map<Long, Integer> byOffset = new HashMap<>();
    private final List<LabelNode> starts = new ArrayList<>();

    /** Where jumps back arrive: events are looked at first. By part. */
    private final Map<Integer, LabelNode> checks = new LinkedHashMap<>();

    /** What follows the region's calls, if it is in the region. */
    private final List<Long> returnSites = new ArrayList<>();

    /** Where jumps to an RIP known at run time only arrive, by part. */
    private final Map<Integer, LabelNode> indirections = new LinkedHashMap<>();

    /** Blocks that jump back to themselves, by part. */
    private final Map<Integer, Loop> loops = new LinkedHashMap<>();

    private final LabelNode exit = new LabelNode();
    private int current;
    private int instructions;

    /** Behind the preparations at the block's start; where it jumps back to; where many iterations are tried; the method for them. */
    private record Loop(LabelNode body, LabelNode check, LabelNode many, LoopMethod method) {}

    RegionBody(Context context) {
        super(context);
        for (Part part : context.parts()) {
            byOffset.put((long) part.offset(), starts.size());
            starts.add(new LabelNode());
            instructions += part.ops().length;
        }
        for (Part part : context.parts()) {
            long next = (long) part.offset() + part.length();
            if (lastForm(part).mnemonic.equals("CALL")
                    && byOffset.containsKey(next)
                    && returnSites.size() < MOST_RETURN_SITES) {
                returnSites.add(next);
            }
        }
        boolean hasLoops = context.tier().hasLocals() && context.optimisations().contains(Optimisation.LOOPS);
        for (current = 0; current < starts.size(); current++) {
            LoopMethod method = hasLoops ? LoopMethod.of(context, current, instructions) : null;
            if (method != null) {
                loops.put(current, new Loop(new LabelNode(), new LabelNode(), new LabelNode(), method));
            }
            pieces.add(evaluate(part(current)));
        }
        assemble();
    }

    /** Writes all methods; the length of the longest loop in bytes. */
    int write(ClassVisitor writer) {
        write(writer, ACC_PUBLIC, RUN, DESCRIPTOR);
        int longest = 0;
        for (Loop loop : loops.values()) {
            longest = Math.max(longest, loop.method.write(writer));
        }
        return longest;
    }

    // ---- jumps
    // -------------------------------------------------------------------------------------------------------

    @Override
    public LabelNode to(long offset) {
        Integer part = byOffset.get(offset);
        if (part == null) {
            return exitTo(offset);
        }
        if (part == current && loops.containsKey(part)) {
            return loops.get(part).check;
        }
        return part > current ? starts.get(part) : checks.computeIfAbsent(part, p -> new LabelNode());
    }

    @Override
    public LabelNode indirect() {
        return targets(current).isEmpty() ? exit : indirections.computeIfAbsent(current, p -> new LabelNode());
    }

    /** Where in the region an indirect jump may go: where it has gone often, and, as a call in the region may return into it, behind calls. */
    private Set<Long> targets(int part) {
        Set<Long> targets = new LinkedHashSet<>(part(part).targets());
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
        jump(exit);
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
        load(LLOAD, StateLocals.EXIT_RIP);
        load(LLOAD, StateLocals.BASE);
        code.add(new InsnNode(LSUB));
    }

    // ---- the method
    // -------------------------------------------------------------------------------------------------------

    private void assemble() {
        for (int local : new int[] {StateLocals.STEP, StateLocals.WANTED, StateLocals.LEFT}) {
            code.add(new InsnNode(ICONST_0));
            load(ISTORE, local);
        }
        code.add(locals.load());
        guard();
        enter();
        for (current = 0; current < starts.size(); current++) {
            start(current);
            block(current, pieces.get(current));
        }
        loops.forEach(this::loop);
        indirections.forEach(this::indirection);
        checks.forEach(this::check);
        exits().forEach(this::exit);
        code.add(exit);
        InsnList rip = new InsnList();
        rip.add(new VarInsnNode(LLOAD, StateLocals.EXIT_RIP));
        setNextRip(rip);
        code.add(locals.store());
        giveBack(1);
        unguard();
        handlers(0);
    }

    private void enter() {
        if (starts.size() == 1) {
            jump(entry(0));
        } else {
            load(ILOAD, StateLocals.ENTRY);
            LabelNode[] labels = new LabelNode[starts.size()];
            Arrays.setAll(labels, this::entry);
            code.add(new TableSwitchInsnNode(0, labels.length - 1, labels[0], labels));
        }
    }

    /** A loop that was left in the middle, since an access was not in the TLB, goes on with many iterations. */
    private LabelNode entry(int index) {
        return loops.containsKey(index) ? loops.get(index).many : starts.get(index);
    }

    private void start(int index) {
        code.add(starts.get(index));
        Loop loop = loops.get(index);
        if (loop != null) {
            code.add(Constants.ofInt(-LOOPS_BEFORE_RUN));
            load(ISTORE, StateLocals.WANTED);
            code.add(loop.body);
        }
    }

    private void check(int part, LabelNode label) {
        code.add(label);
        lookAtEvents(exitTo(part(part).offset()));
        jump(starts.get(part));
    }

    /** Before a jump back: leaves for an event, or if the time could end before the next such look. */
    private void lookAtEvents(LabelNode leave) {
        getField("attention", "I");
        code.add(new JumpInsnNode(IFNE, leave));
        load(LLOAD, StateLocals.scalar("cycles").local());
        Constants.pushLong(code, instructions);
        code.add(new InsnNode(LADD));
        getField("deadline", "J");
        code.add(new InsnNode(LCMP));
        code.add(new JumpInsnNode(IFGE, leave));
    }

    private void exit(long offset, LabelNode label) {
        code.add(label);
        Constants.pushRip(code, offset);
        load(LSTORE, StateLocals.EXIT_RIP);
        jump(exit);
    }

    // ---- loops
    // -------------------------------------------------------------------------------------------------------

    /**
     * A block that jumps back to itself: after a few iterations many are tried at once, at first not so many, since to find out how many are
     * possible takes time, too.
     */
    private void loop(int index, Loop loop) {
        current = index;
        code.add(loop.check);
        lookAtEvents(exitTo(part(index).offset()));
        load(ILOAD, StateLocals.WANTED);
        code.add(new JumpInsnNode(IFGE, loop.many));
        code.add(new IincInsnNode(StateLocals.WANTED, 1));
        jump(loop.body);
        code.add(loop.many);
        wantMore();
        call(loop.method);
        goOn(loop);
    }

    /** WANTED = min(4 WANTED + 64, MOST_AT_ONCE) */
    private void wantMore() {
        load(ILOAD, StateLocals.WANTED);
        code.add(Constants.ofInt(4));
        code.add(new InsnNode(IMUL));
        code.add(Constants.ofInt(64));
        code.add(new InsnNode(IADD));
        code.add(Constants.ofInt(MOST_AT_ONCE));
        code.add(new MethodInsnNode(INVOKESTATIC, "java/lang/Math", "min", "(II)I", false));
        load(ISTORE, StateLocals.WANTED);
    }

    private void call(LoopMethod method) {
        code.add(locals.store());
        unguard();
        load(ALOAD, StateLocals.THIS);
        load(ALOAD, StateLocals.CPU_LOCAL);
        load(LLOAD, StateLocals.BASE);
        load(ILOAD, StateLocals.WANTED);
        code.add(new MethodInsnNode(INVOKEVIRTUAL, context.className(), method.name(), LoopMethod.DESCRIPTOR, false));
        load(ISTORE, StateLocals.LEFT);
        LabelNode whole = new LabelNode();
        load(ILOAD, StateLocals.LEFT);
        code.add(new JumpInsnNode(IFGE, whole));
        giveBack(0);
        code.add(whole);
        code.add(locals.load());
        guard();
    }

    private void goOn(Loop loop) {
        LabelNode few = new LabelNode();
        List<LabelNode> labels = new ArrayList<>(List.of(few, loop.check));
        loop.method.targets().forEach(offset -> labels.add(to(offset)));
        load(ILOAD, StateLocals.LEFT);
        code.add(new TableSwitchInsnNode(0, labels.size() - 1, few, labels.toArray(LabelNode[]::new)));
        code.add(few);
        code.add(Constants.ofInt(-LOOPS_BEFORE_RUN));
        load(ISTORE, StateLocals.WANTED);
        jump(loop.body);
    }
}
