// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Bytecode of the interpreter's methods, from its class files. Confined to one thread. */
final class MethodBodies {
    private static final String EMULATOR = "mckernelj/emulator/";

    /** Fields of the processor that are no state of a region but known in it. */
    private static final Set<String> DECIDED = Set.of("nextRip", "sseFault", "avxFault");

    private static final String RARE = "Lmckernelj/emulator/cpu/Rare;";

    private static final String CALLER_PACKAGE = "mckernelj/emulator/isa/semantics/";

    private final Map<String, Map<String, MethodNode>> classes = new HashMap<>();
    private final Map<String, Integer> fields = new HashMap<>();
    private final Map<MethodNode, Boolean> touching = new HashMap<>();
    private final Map<MethodNode, Boolean> rarely = new HashMap<>();
    private final Map<MethodNode, Boolean> writing = new HashMap<>();
    private final Map<Class<?>, MethodNode> execs = new HashMap<>();

    /** The exec method of an instruction's class, which was spun from {@code code}. */
    MethodNode exec(Op op, byte[] code) {
        return execs.computeIfAbsent(op.getClass(), c -> read(code).get("exec(L" + StateLocals.CPU + ";)V"));
    }

    /** Null if it is not a method of the emulator with a body, or one that could be overridden. */
    MethodNode find(MethodInsnNode call) {
        if (!call.owner.startsWith(EMULATOR) || call.getOpcode() == Opcodes.INVOKEINTERFACE) {
            return null;
        }
        MethodNode method = methods(call.owner).get(call.name + call.desc);
        boolean fixed = call.getOpcode() != Opcodes.INVOKEVIRTUAL
                || method == null
                || (method.access & Opcodes.ACC_FINAL) != 0
                || call.owner.equals(StateLocals.CPU);
        return fixed ? called(call) : null;
    }

    /** As {@link #find}, also if it could be overridden: the emulator's semantics override nothing. */
    MethodNode called(MethodInsnNode call) {
        if (!call.owner.startsWith(EMULATOR)) {
            return null;
        }
        MethodNode method = methods(call.owner).get(call.name + call.desc);
        return method != null && method.instructions.size() > 0 ? method : null;
    }

    /** True if it reads or writes what a region keeps in local variables, or calls what does. */
    boolean touchesState(MethodNode method) {
        return reaches(
                method,
                touching,
                insn -> insn instanceof FieldInsnNode field
                        && field.owner.equals(StateLocals.CPU)
                        && (StateLocals.isState(field.name) || DECIDED.contains(field.name)));
    }

    /** True if it calls what is rare, perhaps through others. */
    boolean leadsToRare(MethodNode method) {
        return reaches(method, rarely, insn -> {
            MethodNode callee = insn instanceof MethodInsnNode call ? called(call) : null;
            return callee != null && isRare(callee);
        });
    }

    /** True if it changes MXCSR, or calls what does. */
    boolean writesMxcsr(MethodNode method) {
        return reaches(
                method,
                writing,
                insn -> insn instanceof FieldInsnNode field
                        && insn.getOpcode() == Opcodes.PUTFIELD
                        && field.name.equals("mxcsr"));
    }

    /** True if the method, or one that it leads to, has such an instruction. */
    private boolean reaches(MethodNode method, Map<MethodNode, Boolean> known, Predicate<AbstractInsnNode> wanted) {
        Boolean answer = known.get(method);
        if (answer != null) {
            return answer;
        }
        Set<MethodNode> seen = new LinkedHashSet<>(List.of(method));
        Deque<MethodNode> left = new ArrayDeque<>(seen);
        while (!left.isEmpty()) {
            for (AbstractInsnNode insn : left.remove().instructions) {
                MethodNode callee = insn instanceof MethodInsnNode call ? called(call) : null;
                if (wanted.test(insn) || callee != null && known.getOrDefault(callee, false)) {
                    known.put(method, true);
                    return true;
                }
                if (callee != null && seen.add(callee)) {
                    left.add(callee);
                }
            }
        }
        seen.forEach(none -> known.put(none, false));
        return false;
    }

    /** Annotated with {@link mckernelj.emulator.cpu.Rare}. */
    boolean isRare(MethodNode method) {
        return method.invisibleAnnotations != null
                && method.invisibleAnnotations.stream().anyMatch(a -> a.desc.equals(RARE));
    }

    /** True if generated code may call it. */
    boolean isAccessible(MethodInsnNode call, MethodNode method) {
        return isAccessible(call.owner, method.access);
    }

    /** True if generated code may use it. */
    boolean isAccessible(FieldInsnNode field) {
        if (!field.owner.startsWith(EMULATOR)) {
            return true;
        }
        methods(field.owner);
        return isAccessible(field.owner, fields.getOrDefault(field.owner + "." + field.name, Opcodes.ACC_PUBLIC));
    }

    private static boolean isAccessible(String owner, int access) {
        return (access & Opcodes.ACC_PUBLIC) != 0
                || (access & Opcodes.ACC_PRIVATE) == 0 && owner.startsWith(CALLER_PACKAGE);
    }

    private Map<String, MethodNode> methods(String owner) {
        Map<String, MethodNode> known = classes.get(owner);
        if (known == null) {
            known = load(owner);
            classes.put(owner, known);
        }
        return known;
    }

    private Map<String, MethodNode> load(String owner) {
        try (InputStream in = Cpu.class.getResourceAsStream("/" + owner + ".class")) {
            return in == null ? Map.of() : read(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, MethodNode> read(byte[] code) {
        ClassNode node = new ClassNode();
        new ClassReader(code).accept(node, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        Map<String, MethodNode> methods = new HashMap<>();
        for (MethodNode method : node.methods) {
            methods.put(method.name + method.desc, method);
        }
        node.fields.forEach(field -> fields.put(node.name + "." + field.name, field.access));
        return methods;
    }
}
