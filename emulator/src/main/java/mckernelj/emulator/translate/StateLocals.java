// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Which part of the processor's state lives in which local variable of a region, and which of them the region uses and changes.
 */
final class StateLocals {
    static final String CPU = "mckernelj/emulator/cpu/Cpu";

    static final int THIS = 0;
    static final int CPU_LOCAL = 1;
    /** RIP of the first block. */
    static final int BASE = 2;
    /** Number of the entry. */
    static final int ENTRY = 4;
    /** The instruction that is being executed, see {@link mckernelj.emulator.cpu.RegionCode}. */
    static final int STEP = 5;
    /** RIP to go on with after the region. */
    static final int EXIT_RIP = 6;
    /** {@link mckernelj.emulator.cpu.Cpu#readTlb} and {@link mckernelj.emulator.cpu.Cpu#writeTlb}. */
    static final int READ_TLB = 8;

    static final int WRITE_TLB = 9;

    private static final int CYCLES = 10;

    /** Of a {@link RunLoop}: how many iterations it may try next, less than 0: how many to go before it is tried; and how many are left. */
    static final int WANTED = 28;

    static final int LEFT = 29;
    static final int MOST_STREAMS = 8;
    static final int ADDENDS = 30;

    /** A copy of MXCSR. */
    static final int MXCSR = ADDENDS + 2 * MOST_STREAMS;

    private static final int GENERAL = MXCSR + 1;
    private static final int XMM = GENERAL + 2 * RegisterFile.GENERAL.length;
    private static final int YMM_HIGH = XMM + 2 * RegisterFile.XMM.length;
    /** First local variable of evaluated code. */
    static final int TEMPORARY = YMM_HIGH + 2 * RegisterFile.YMM_HIGH.length;

    /**
     * A field of the processor.
     *
     * @param kept false: it has no value between two instructions
     */
    record Scalar(String name, char type, int local, boolean kept) {}

    private static final List<Scalar> SCALARS = List.of(
            new Scalar("cycles", 'J', CYCLES, true),
            new Scalar("flagKind", 'I', 12, true),
            new Scalar("flagWidth", 'I', 13, true),
            new Scalar("flagA", 'J', 14, true),
            new Scalar("flagB", 'J', 16, true),
            new Scalar("secondResult", 'J', 18, false),
            new Scalar("savedKind", 'I', 20, false),
            new Scalar("savedWidth", 'I', 21, false),
            new Scalar("savedA", 'J', 22, false),
            new Scalar("savedB", 'J', 24, false),
            new Scalar("loadedHigh", 'J', 26, false));

    private static final Map<String, Scalar> BY_NAME =
            SCALARS.stream().collect(java.util.stream.Collectors.toMap(Scalar::name, s -> s));

    /** Checks of CR0, CR4 and XCR0 that are made before the region is entered. */
    boolean needsSse;

    boolean needsAvx;

    /** False: a register file has one local variable, which holds the processor's array. */
    private final boolean registers;

    private final BitSet used = new BitSet();
    private final BitSet written = new BitSet();

    StateLocals(boolean registers) {
        this.registers = registers;
    }

    static Scalar scalar(String field) {
        return BY_NAME.get(field);
    }

    static boolean isState(String field) {
        return BY_NAME.containsKey(field) || RegisterFile.ofField(field) != null;
    }

    /** Pushes a register. */
    InsnList get(RegisterFile file, int index) {
        InsnList code = new InsnList();
        if (registers) {
            use(local(file, index));
            code.add(new VarInsnNode(LLOAD, local(file, index)));
        } else {
            array(code, file, index);
            code.add(new InsnNode(LALOAD));
        }
        return code;
    }

    /** Pops a register's new value. {@code temporary}: a free local variable. */
    InsnList set(RegisterFile file, int index, int temporary) {
        InsnList code = new InsnList();
        if (registers) {
            write(local(file, index));
            code.add(new VarInsnNode(LSTORE, local(file, index)));
        } else {
            code.add(new VarInsnNode(LSTORE, temporary));
            array(code, file, index);
            code.add(new VarInsnNode(LLOAD, temporary));
            code.add(new InsnNode(LASTORE));
        }
        return code;
    }

    private void array(InsnList code, RegisterFile file, int index) {
        use(local(file, 0));
        code.add(new VarInsnNode(ALOAD, local(file, 0)));
        code.add(new IntInsnNode(BIPUSH, index));
    }

    static int local(RegisterFile file, int index) {
        int first =
                switch (file) {
                    case GENERAL -> GENERAL;
                    case XMM -> XMM;
                    case YMM_HIGH -> YMM_HIGH;
                };
        return first + 2 * index;
    }

    void use(int local) {
        used.set(local);
    }

    void write(int local) {
        used.set(local);
        written.set(local);
    }

    /** Everything that is used: local variables become the processor's state. */
    InsnList load() {
        InsnList code = new InsnList();
        if (registers) {
            MemoryAccess.loadTlbs(code);
        }
        loadMxcsr(code);
        for (Scalar scalar : SCALARS) {
            if (used.get(scalar.local)) {
                if (scalar.kept) {
                    cpu(code);
                    code.add(new FieldInsnNode(GETFIELD, CPU, scalar.name, String.valueOf(scalar.type)));
                } else {
                    code.add(new InsnNode(scalar.type == 'J' ? LCONST_0 : ICONST_0)); // the verifier wants a value
                }
                code.add(new VarInsnNode(scalar.type == 'J' ? LSTORE : ISTORE, scalar.local));
            }
        }
        for (RegisterFile file : RegisterFile.values()) {
            for (int index : members(file, used)) {
                cpu(code);
                code.add(new FieldInsnNode(GETFIELD, CPU, file.field, "[J"));
                if (registers) {
                    code.add(new IntInsnNode(BIPUSH, index));
                    code.add(new InsnNode(LALOAD));
                    code.add(new VarInsnNode(LSTORE, local(file, index)));
                } else {
                    code.add(new VarInsnNode(ASTORE, local(file, index)));
                }
            }
        }
        return code;
    }

    /** After MXCSR may have changed. */
    static void loadMxcsr(InsnList code) {
        cpu(code);
        code.add(new FieldInsnNode(GETFIELD, CPU, "mxcsr", "I"));
        code.add(new VarInsnNode(ISTORE, MXCSR));
    }

    /** Everything that is changed: the processor's state becomes what is in the local variables. */
    InsnList store() {
        InsnList code = new InsnList();
        for (Scalar scalar : SCALARS) {
            if (scalar.kept && written.get(scalar.local)) {
                cpu(code);
                code.add(new VarInsnNode(scalar.type == 'J' ? LLOAD : ILOAD, scalar.local));
                code.add(new FieldInsnNode(PUTFIELD, CPU, scalar.name, String.valueOf(scalar.type)));
            }
        }
        for (RegisterFile file : RegisterFile.values()) {
            for (int index : members(file, written)) {
                cpu(code);
                code.add(new FieldInsnNode(GETFIELD, CPU, file.field, "[J"));
                code.add(new IntInsnNode(BIPUSH, index));
                code.add(new VarInsnNode(LLOAD, local(file, index)));
                code.add(new InsnNode(LASTORE));
            }
        }
        return code;
    }

    private static List<Integer> members(RegisterFile file, BitSet set) {
        List<Integer> members = new ArrayList<>();
        for (int i = 0; i < file.length; i++) {
            if (set.get(local(file, i))) {
                members.add(i);
            }
        }
        return members;
    }

    private static void cpu(InsnList code) {
        code.add(new VarInsnNode(ALOAD, CPU_LOCAL));
    }
}
