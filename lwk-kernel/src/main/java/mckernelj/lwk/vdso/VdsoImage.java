// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.vdso;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Label;

/**
 * The vDSO as a shared object of one page: ELF headers, hash table, symbols of version LINUX_2.6 as glibc looks them up
 * ({@code __vdso_clock_gettime} ...), dynamic section, code. Addresses in it are offsets.
 */
final class VdsoImage {
    private static final int PAGE = 4096;
    private static final int EHDR_SIZE = 64;
    private static final int PHDR_SIZE = 56;
    private static final int SYMBOL_SIZE = 24;
    private static final int TEXT = 0x800;

    private static final String SONAME = "linux-vdso.so.1";
    private static final String VERSION = "LINUX_2.6";
    private static final int VERSION_INDEX = 2;

    private final ByteBuffer image = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
    private final StringBuilder strings = new StringBuilder("\0");
    private int at = EHDR_SIZE + 2 * PHDR_SIZE;

    private record Symbol(int name, int value) {}

    private VdsoImage() {}

    static byte[] build() {
        return new VdsoImage().assemble();
    }

    private byte[] assemble() {
        Assembler assembler = new Assembler(0);
        Label start = assembler.here();
        assembler.org(TEXT);
        Map<String, Integer> functions = new VdsoCode(assembler, start).emit();
        byte[] code = assembler.assemble();
        image.put(0, code);

        List<Symbol> symbols = new ArrayList<>();
        functions.forEach((name, offset) -> {
            symbols.add(new Symbol(string("__vdso_" + name), offset));
            symbols.add(new Symbol(string(name), offset));
        });
        int soname = string(SONAME);
        int version = string(VERSION);
        int hash = hashTable(symbols.size());
        int table = symbolTable(symbols);
        int versions = versionIndices(symbols.size());
        int definitions = versionDefinitions(soname, version);
        int text = place(strings.length());
        image.put(text, strings.toString().getBytes(StandardCharsets.ISO_8859_1));
        int dynamic = dynamicSection(new long[][] {
            {14, soname},
            {4, hash},
            {5, text},
            {6, table},
            {10, strings.length()},
            {11, SYMBOL_SIZE},
            {0x6ffffffc, definitions},
            {0x6ffffffd, 2},
            {0x6ffffff0, versions},
            {0, 0}
        });
        headers(dynamic, at - dynamic, code.length);
        if (at > TEXT || code.length > PAGE) {
            throw new IllegalStateException("the vDSO does not fit into its page");
        }
        return image.array();
    }

    private int string(String text) {
        int offset = strings.length();
        strings.append(text).append('\0');
        return offset;
    }

    /** Takes the next {@code bytes}, aligned to 8. */
    private int place(int bytes) {
        at = at + 7 & -8;
        int start = at;
        at += bytes;
        return start;
    }

    /** One bucket, in which all symbols are chained. */
    private int hashTable(int symbols) {
        int start = place((2 + 1 + symbols + 1) * 4);
        image.putInt(start, 1);
        image.putInt(start + 4, symbols + 1);
        image.putInt(start + 8, 1);
        for (int i = 1; i <= symbols; i++) {
            image.putInt(start + 12 + 4 * i, i == symbols ? 0 : i + 1);
        }
        return start;
    }

    private int symbolTable(List<Symbol> symbols) {
        int start = place((symbols.size() + 1) * SYMBOL_SIZE);
        int entry = start + SYMBOL_SIZE;
        for (Symbol symbol : symbols) {
            image.putInt(entry, symbol.name());
            image.put(entry + 4, (byte) 0x12); // STB_GLOBAL, STT_FUNC
            image.putShort(entry + 6, (short) 1); // any section but SHN_UNDEF
            image.putLong(entry + 8, symbol.value());
            image.putLong(entry + 16, 16);
            entry += SYMBOL_SIZE;
        }
        return start;
    }

    private int versionIndices(int symbols) {
        int start = place((symbols + 1) * 2);
        for (int i = 1; i <= symbols; i++) {
            image.putShort(start + 2 * i, (short) VERSION_INDEX);
        }
        return start;
    }

    private int versionDefinitions(int soname, int version) {
        int start = place(2 * 28);
        definition(start, 1, 1, soname, SONAME, 28);
        definition(start + 28, 0, VERSION_INDEX, version, VERSION, 0);
        return start;
    }

    /** Elf64_Verdef with its one Elf64_Verdaux. */
    private void definition(int offset, int flags, int index, int name, String text, int next) {
        image.putShort(offset, (short) 1);
        image.putShort(offset + 2, (short) flags);
        image.putShort(offset + 4, (short) index);
        image.putShort(offset + 6, (short) 1);
        image.putInt(offset + 8, elfHash(text));
        image.putInt(offset + 12, 20);
        image.putInt(offset + 16, next);
        image.putInt(offset + 20, name);
    }

    /** The hash function of the System V ABI. */
    static int elfHash(String name) {
        int h = 0;
        for (int i = 0; i < name.length(); i++) {
            h = (h << 4) + name.charAt(i);
            int high = h & 0xF0000000;
            h ^= high >>> 24;
            h &= ~high;
        }
        return h;
    }

    private int dynamicSection(long[][] entries) {
        int start = place(entries.length * 16);
        for (int i = 0; i < entries.length; i++) {
            image.putLong(start + 16 * i, entries[i][0]);
            image.putLong(start + 16 * i + 8, entries[i][1]);
        }
        return start;
    }

    private void headers(int dynamic, int dynamicSize, int size) {
        image.put(0, new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1});
        image.putShort(16, (short) 3); // ET_DYN
        image.putShort(18, (short) 62); // EM_X86_64
        image.putInt(20, 1);
        image.putLong(24, TEXT);
        image.putLong(32, EHDR_SIZE);
        image.putShort(52, (short) EHDR_SIZE);
        image.putShort(54, (short) PHDR_SIZE);
        image.putShort(56, (short) 2);
        image.putShort(58, (short) 64);
        programHeader(EHDR_SIZE, 1, 5, 0, size, PAGE); // PT_LOAD, R X
        programHeader(EHDR_SIZE + PHDR_SIZE, 2, 4, dynamic, dynamicSize, 8); // PT_DYNAMIC, R
    }

    private void programHeader(int offset, int type, int flags, int start, int size, int alignment) {
        image.putInt(offset, type);
        image.putInt(offset + 4, flags);
        image.putLong(offset + 8, start);
        image.putLong(offset + 16, start);
        image.putLong(offset + 24, start);
        image.putLong(offset + 32, size);
        image.putLong(offset + 40, size);
        image.putLong(offset + 48, alignment);
    }
}
