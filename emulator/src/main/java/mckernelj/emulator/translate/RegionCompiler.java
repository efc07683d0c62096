// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

import static org.objectweb.asm.Opcodes.*;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Set;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.RegionCode;
import mckernelj.emulator.isa.InstructionTable;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;

/**
 * Makes one Java class of several blocks of 64-bit code. Registers and flags are local variables; jumps between the blocks are jumps of the
 * method. Not thread-safe.
 */
public final class RegionCompiler {
    /** HotSpot does not compile methods of 8000 bytes and more. */
    private static final int MOST_BYTES = 7990;

    private static final MethodType CONSTRUCTOR = MethodType.methodType(void.class);

    private final InstructionTable table;
    private final MethodHandles.Lookup lookup;
    private final MethodBodies bodies = new MethodBodies();
    private final Set<Optimisation> optimisations;
    private final String packageName;

    public RegionCompiler(InstructionTable table, Set<Optimisation> optimisations) {
        this.optimisations = optimisations;
        this.table = table;
        this.lookup = table.lookup();
        this.packageName = lookup.lookupClass().getPackageName().replace('.', '/') + "/";
    }

    /**
     * A block.
     *
     * @param offset of its first byte from that of the first block
     * @param length in bytes
     * @param targets where the indirect jump at its end often goes, as offsets from the first block; the most frequent one first
     */
    public record Part(int offset, int length, Op[] ops, List<Long> targets) {}

    /** What all methods of one class share. */
    record Context(
            InstructionTable table,
            MethodBodies bodies,
            Constants constants,
            List<Part> parts,
            String className,
            Tier tier,
            Set<Optimisation> optimisations) {}

    /**
     * Null if a method would be too long. Each block is an entry.
     */
    public RegionCode compile(List<Part> parts, Tier tier) {
        Context context = context(parts, tier);
        RegionBody body = new RegionBody(context);
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
            @Override
            protected String getCommonSuperClass(String a, String b) {
                return "java/lang/Object";
            }
        };
        writer.visit(V17, ACC_FINAL | ACC_SUPER | ACC_PUBLIC, context.className, null, RegionMethod.CODE, null);
        MethodVisitor init = writer.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
        init.visitCode();
        init.visitVarInsn(ALOAD, 0);
        init.visitMethodInsn(INVOKESPECIAL, RegionMethod.CODE, "<init>", "()V", false);
        init.visitInsn(RETURN);
        init.visitMaxs(0, 0);
        init.visitEnd();
        int longest = body.write(writer);
        context.constants.write(writer);
        writer.visitEnd();
        byte[] code = writer.toByteArray();
        if (body.length() > MOST_BYTES || longest > MOST_BYTES) {
            return null;
        }
        RegionCode region = define(code, context.constants.ops);
        region.needsSse = body.locals.needsSse;
        region.needsAvx = body.locals.needsAvx;
        return region;
    }

    /** Why the instruction is left to the interpreter's method; empty if it is evaluated. For tests. */
    public String obstacle(Op op, Tier tier) {
        List<Part> parts = List.of(new Part(0, op.nextOffset, new Op[] {op}, List.of()));
        Context context = context(parts, tier);
        return new RegionBody(context).obstacle();
    }

    private Context context(List<Part> parts, Tier tier) {
        String name = packageName + tier.className;
        return new Context(table, bodies, new Constants(name), parts, name, tier, optimisations);
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
}
