// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.cpu.Op;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * The operand stack while one instruction is evaluated: values that exist on the stack of the generated code, and known ones that do not, until
 * something needs them; and the generated code's temporary variables.
 */
final class OperandStack {
    private final List<Value> values = new ArrayList<>();
    private final Constants constants;
    private final InsnList out;
    private int nextTemporary = StateLocals.TEMPORARY;

    /** @param out where code that brings values to the real stack is appended */
    OperandStack(Constants constants, InsnList out) {
        this.constants = constants;
        this.out = out;
    }

    int size() {
        return values.size();
    }

    List<Value> values() {
        return new ArrayList<>(values);
    }

    void become(List<Value> others) {
        values.clear();
        values.addAll(others);
    }

    /** The first free temporary variable. */
    int nextTemporary() {
        return nextTemporary;
    }

    /** Variables from {@code first} on are free again. */
    void releaseTemporaries(int first) {
        nextTemporary = first;
    }

    Value pop() {
        return values.remove(values.size() - 1);
    }

    Value top(int depth) {
        return values.get(values.size() - 1 - depth);
    }

    void push(Value value) {
        values.add(value);
    }

    void pushReal(char type) {
        push(Value.real(type));
    }

    void emit(int opcode) {
        out.add(new InsnNode(opcode));
    }

    /** The values from {@code from} on exist in the generated code, in order; symbols only if {@code symbols}. */
    void realise(int from, boolean symbols) throws NotTranslatable {
        int first = from;
        while (first < values.size()
                && (values.get(first).isReal() || !symbols && values.get(first).isSymbol())) {
            first++;
        }
        int[] temporaries = new int[values.size()];
        for (int i = values.size() - 1; i > first; i--) {
            if (values.get(i).isReal()) {
                temporaries[i] = temporary(values.get(i).type());
                out.add(new VarInsnNode(store(values.get(i).type()), temporaries[i]));
            }
        }
        for (int i = first; i < values.size(); i++) {
            Value value = values.get(i);
            if (value.isReal()) {
                out.add(new VarInsnNode(load(value.type()), temporaries[i]));
            } else if (symbols || !value.isSymbol()) {
                emitConstant(value);
                values.set(i, Value.real(value.type(), value));
            }
        }
    }

    void realiseTop(int count) throws NotTranslatable {
        realise(values.size() - count, true);
    }

    /** Removes the top value, which is not needed in the generated code. */
    Value forget() {
        Value value = pop();
        if (value.isReal()) {
            emit(value.isWide() ? POP2 : POP);
        }
        return value;
    }

    int temporary(char type) {
        int local = nextTemporary;
        nextTemporary += type == 'J' || type == 'D' ? 2 : 1;
        return local;
    }

    static int load(char type) {
        return ILOAD + index(type);
    }

    static int store(char type) {
        return ISTORE + index(type);
    }

    private static int index(char type) {
        return "IJFDA".indexOf(type);
    }

    void emitConstant(Value value) throws NotTranslatable {
        switch (value.kind()) {
            case INT:
                out.add(Constants.ofInt((Integer) value.data()));
                break;
            case LONG:
                Constants.pushLong(out, (Long) value.data());
                break;
            case RIP:
                Constants.pushRip(out, (Long) value.data());
                break;
            case CPU:
                out.add(new VarInsnNode(ALOAD, StateLocals.CPU_LOCAL));
                break;
            case OP:
                out.add(constants.of((Op) value.data()));
                break;
            default:
                throw new NotTranslatable("a whole register file is used");
        }
    }

    /** Executes {@code POP} to {@code SWAP}. */
    void shuffle(int opcode) throws NotTranslatable {
        switch (opcode) {
            case POP:
                forget();
                break;
            case POP2:
                if (!forget().isWide()) {
                    forget();
                }
                break;
            case DUP:
                duplicate(1);
                break;
            case DUP2:
                duplicate(top(0).isWide() ? 1 : 2);
                break;
            default:
                throw new NotTranslatable("an operation on the stack");
        }
    }

    private void duplicate(int count) throws NotTranslatable {
        List<Value> copies = new ArrayList<>(values.subList(values.size() - count, values.size()));
        long real = copies.stream().filter(Value::isReal).count();
        if (real == count) {
            emit(count == 2 || copies.get(0).isWide() ? DUP2 : DUP);
        } else if (real > 0) {
            throw new NotTranslatable("an operation on the stack");
        }
        values.addAll(copies);
    }

    /** Removes the value below the top one, which is not in the generated code. */
    void removeSecond() {
        values.remove(values.size() - 2);
    }
}
