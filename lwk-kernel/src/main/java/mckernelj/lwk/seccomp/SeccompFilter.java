// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.seccomp;

/**
 * What a thread may call: strict mode, or a chain of filters, the newest first. Threads and children inherit it; nothing
 * takes it away. Immutable.
 */
public final class SeccompFilter {
    // Actions; the smaller one, as a signed number, wins.
    public static final int KILL_PROCESS = 0x80000000;
    public static final int KILL_THREAD = 0;
    public static final int TRAP = 0x30000;
    public static final int ERRNO = 0x50000;
    public static final int TRACE = 0x7FF00000;
    public static final int LOG = 0x7FFC0000;
    public static final int ALLOW = 0x7FFF0000;
    public static final int ACTION = 0xFFFF0000;

    /** AUDIT_ARCH_X86_64. */
    public static final int ARCHITECTURE = 0xC000003E;

    /** Nothing but read, write, exit and rt_sigreturn. */
    public static final SeccompFilter STRICT = new SeccompFilter(null, null);

    /** Instructions of a chain, and what each filter counts besides its own. Linux allows four times as many. */
    private static final int MAX_CHAIN = 8192;

    private static final int OVERHEAD = 4;

    private final FilterProgram program;
    private final SeccompFilter previous;
    private final int length;

    private SeccompFilter(FilterProgram program, SeccompFilter previous) {
        this.program = program;
        this.previous = previous;
        this.length = (program == null ? 0 : program.length() + OVERHEAD) + (previous == null ? 0 : previous.length);
    }

    /** {@code previous} and this program; null: the program is not valid. */
    public static SeccompFilter of(long[] instructions, SeccompFilter previous) {
        FilterProgram program = FilterProgram.of(instructions);
        return program == null ? null : new SeccompFilter(program, previous);
    }

    /** False: a chain may not have so many instructions. */
    public boolean fits() {
        return length <= MAX_CHAIN;
    }

    public static boolean isValidLength(int instructions) {
        return instructions > 0 && instructions <= FilterProgram.MAX_INSTRUCTIONS;
    }

    public boolean isStrict() {
        return program == null;
    }

    /** As prctl(PR_GET_SECCOMP): 0 none ({@code null}), 1 strict mode, 2 filters. */
    public static int mode(SeccompFilter filter) {
        return filter == null ? 0 : filter.isStrict() ? 1 : 2;
    }

    /** Number of filters in the chain; {@code null}: none. */
    public static int count(SeccompFilter filter) {
        int count = 0;
        for (SeccompFilter f = filter; f != null && !f.isStrict(); f = f.previous) {
            count++;
        }
        return count;
    }

    /** True if {@code other} (null: no filter) is this or came before. */
    public boolean isDescendantOf(SeccompFilter other) {
        SeccompFilter filter = this;
        while (filter != null && filter != other) {
            filter = filter.previous;
        }
        return filter == other;
    }

    /** Action and data for a call. */
    public int evaluate(int number, long instructionPointer, long[] arguments) {
        int[] data = new int[FilterProgram.DATA_BYTES / 4];
        data[0] = number;
        data[1] = ARCHITECTURE;
        put(data, 2, instructionPointer);
        for (int i = 0; i < 6; i++) {
            put(data, 4 + 2 * i, arguments[i]);
        }
        int result = ALLOW;
        for (SeccompFilter filter = this; filter != null; filter = filter.previous) {
            int next = filter.program.run(data);
            if ((next & ACTION) < (result & ACTION)) {
                result = next;
            }
        }
        return result;
    }

    private static void put(int[] data, int index, long value) {
        data[index] = (int) value;
        data[index + 1] = (int) (value >>> 32);
    }
}
