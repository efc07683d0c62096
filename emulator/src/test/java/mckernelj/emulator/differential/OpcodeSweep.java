// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Pattern;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.isa.InstructionForm;
import mckernelj.emulator.isa.InstructionTable;
import mckernelj.emulator.isa.semantics.Semantics;

/**
 * Goes through all opcode maps with prefixes and shapes of ModRM: is it an instruction, and how long is it? The host tells: code at the
 * end of a page faults on the page behind if it is not complete. {@code sbin/check --opcodes [share [seed]]}: one piece of code in
 * {@code share}.
 */
public final class OpcodeSweep {
    private static final int[][] PREFIXES = {
        {},
        {0x66},
        {0xF2},
        {0xF3},
        {0x66, 0xF2},
        {0x66, 0xF3},
        {0xF0},
        {0x66, 0xF0},
        {0x67},
        {0x64},
        {0x48},
        {0x66, 0x48},
        {0xF2, 0x48},
        {0xF3, 0x48},
        {0x45}
    };
    private static final int[][] MAPS = {{}, {0x0F}, {0x0F, 0x38}, {0x0F, 0x3A}};

    /** Zeros behind ModRM: enough for SIB, displacement and immediate. */
    private static final int TAIL = 14;

    private static final int LONGEST = 15;
    private static final int UNDEFINED = 6;
    private static final int BATCH = 2048;

    /** Left to other tests: they enter the operating system or change what the runner needs. */
    private static final Pattern NOT_EXECUTED =
            Pattern.compile("SYSCALL|SYSENTER|INT|INT1|INTO|IRET|RETF|WRFSBASE|WRGSBASE|XRSTOR|UD0");

    /** What processors may have and this one has not: TSX, AMX, CET, GFNI, AVX-VNNI, AVX-IFMA, ... by prefix, map, opcode, ModRM.reg. */
    private static final Pattern OTHER_FEATURES = Pattern.compile("(.. )*("
            + "c[67] /7 reg" // XABORT, XBEGIN
            + "|0f 01 /[0-57] reg" // ENCLV, VMX, SGX, TSX, SERIALIZE, CET, PKU, MONITOR, ...
            + "|0f 3a f0 /0 reg" // HRESET
            + "|0f ae /[4-6] reg|0f ae /4 mem|0f c7 /[3-7] mem|0f c7 /[67] reg" // PTWRITE, INCSSP, WAITPKG, XSAVES,
            // VMX, SENDUIPI
            + "|0f 1e /[0-7] reg" // RDSSP
            + "|0f (37|78|79) .*" // GETSEC, VMX
            + "|0f 38 (8[0-2]|c8|cf|d[89a-b]|f[5689ab-f]) .*" // INVEPT, GFNI, Key Locker, CET, MOVDIR, ENQCMD
            + "|0f 3a c[ef] .*" // GFNI
            + "|c4 e2 .. (4[9b]|5[0-3cef]|6[ce]|7[0-2]|b[0145]|c[bcd]|cf|d[23ab]|e[0-f]) .*" // AMX, AVX-VNNI, ...
            + "|c4 e3 .. (c[ef]|f0) .*"
            + "|c4 e1 .. (4[1-9ab]|9[0-389]) .*" // mask registers
            + "|c4 e3 .. 3[0-3] .*)");

    private final EmulatedCpu emulator = new EmulatedCpu(new InstructionTable(Semantics.classes(), Semantics.lookup()));
    private final NativeCpu host;
    private final SplittableRandom random;
    private final int share;
    private final MachineState state = new MachineState();
    private final List<Op> ops = new ArrayList<>();
    private final List<NativeCpu.AtPageEnd> pieces = new ArrayList<>();
    private final Map<String, String> differences = new TreeMap<>();
    private long cases;

    OpcodeSweep(NativeCpu host, int share, long seed) {
        this.host = host;
        this.share = share;
        random = new SplittableRandom(seed);
        Arrays.fill(state.gpr, MachineState.WINDOW + 256);
        state.rflags = Cpu.IF | 2;
        state.setWord(MachineState.FCW, 0x37F);
        state.setWord(MachineState.MXCSR, 0x1F80);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int share = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        try (NativeCpu host = NativeCpu.create()) {
            if (host == null) {
                System.err.println("opcodes: needs gcc and an x86-64 host");
                System.exit(2);
            }
            OpcodeSweep sweep = new OpcodeSweep(host, share, seed);
            Map<String, String> differences = sweep.run();
            differences.forEach((key, first) -> System.out.println(key + ": " + first));
            System.out.printf("seed %d: %d pieces of code, %d opcodes differ%n", seed, sweep.cases, differences.size());
            System.exit(differences.isEmpty() ? 0 : 1);
        }
    }

    /** Differences by opcode: the first of each. */
    Map<String, String> run() throws IOException {
        for (int codeSize : new int[] {64, 32}) {
            for (int[] prefixes : PREFIXES) {
                legacy(codeSize, prefixes);
            }
            vex(codeSize);
        }
        flush();
        return differences;
    }

    private void legacy(int codeSize, int[] prefixes) throws IOException {
        boolean rex = prefixes.length > 0 && prefixes[prefixes.length - 1] >> 4 == 4;
        for (int map = 0; map < MAPS.length && !(rex && codeSize == 32); map++) {
            for (int opcode = 0; opcode < 256; opcode++) {
                boolean escape = map == 0 && isEscape(opcode, codeSize) || map == 1 && (opcode | 2) == 0x3A;
                for (int modRm = 0; modRm < 256 && !escape; modRm++) {
                    if (map < 2 || isShape(modRm)) {
                        add(codeSize, prefixes, MAPS[map], opcode, modRm);
                    }
                }
            }
        }
    }

    /** Prefixes, the two-byte escape, EVEX and VEX. */
    private static boolean isEscape(int opcode, int codeSize) {
        return switch (opcode) {
            case 0x0F, 0x26, 0x2E, 0x36, 0x3E, 0x62, 0x64, 0x65, 0x66, 0x67, 0xC4, 0xC5, 0xF0, 0xF2, 0xF3 -> true;
            default -> codeSize == 64 && opcode >> 4 == 4;
        };
    }

    /** Memory and register, every reg, three of rm. */
    private static boolean isShape(int modRm) {
        int mod = modRm >> 6;
        int rm = modRm & 7;
        return (mod == 0 || mod == 3) && (rm == 0 || rm == 1 || rm == 4);
    }

    /** All of W, L and pp, vvvv used and not. */
    private void vex(int codeSize) throws IOException {
        for (int map = 1; map <= 3; map++) {
            for (int variant = 0; variant < 32; variant++) {
                int payload = (variant & 8) << 4 | ((variant & 16) != 0 ? 0x78 : 0x58) | variant & 7;
                for (int opcode = 0; opcode < 256; opcode++) {
                    for (int modRm = 0; modRm < 256; modRm++) {
                        if (isShape(modRm)) {
                            add(codeSize, new int[0], new int[] {0xC4, 0xE0 | map, payload}, opcode, modRm);
                        }
                    }
                }
            }
        }
    }

    private void add(int codeSize, int[] prefixes, int[] map, int opcode, int modRm) throws IOException {
        if (share > 1 && random.nextInt(share) != 0) {
            return;
        }
        byte[] code = new byte[prefixes.length + map.length + 2 + TAIL];
        int at = 0;
        for (int prefix : prefixes) {
            code[at++] = (byte) prefix;
        }
        for (int escape : map) {
            code[at++] = (byte) escape;
        }
        code[at++] = (byte) opcode;
        code[at] = (byte) modRm;
        Op op = emulator.decode(code, codeSize);
        boolean known = op.form instanceof InstructionForm;
        if (known && isLeftOut((InstructionForm) op.form, op.ymm)) {
            return;
        }
        int length = known ? op.nextOffset : LONGEST;
        ops.add(op);
        pieces.add(new NativeCpu.AtPageEnd(code, length, codeSize));
        pieces.add(new NativeCpu.AtPageEnd(code, Math.max(1, length - 1), codeSize));
        if (pieces.size() >= BATCH) {
            flush();
        }
    }

    private static boolean isLeftOut(InstructionForm form, boolean ymm) {
        boolean selector = form.method.getDeclaringClass().getSimpleName().equals("Segmentation") && form.ends();
        return selector || NOT_EXECUTED.matcher(form.mnemonic).matches() || !HostFeatures.has(form.feature(ymm));
    }

    private void flush() throws IOException {
        List<NativeCpu.Fetched> fetched = host.fetch(pieces, state);
        for (int i = 0; i < ops.size(); i++) {
            cases++;
            compare(pieces.get(2 * i), ops.get(i), fetched.get(2 * i), fetched.get(2 * i + 1));
        }
        ops.clear();
        pieces.clear();
    }

    private void compare(NativeCpu.AtPageEnd piece, Op op, NativeCpu.Fetched whole, NativeCpu.Fetched shorter) {
        String difference = null;
        if (!(op.form instanceof InstructionForm)) {
            boolean undefined = whole.vector() == UNDEFINED
                    || OTHER_FEATURES.matcher(key(piece)).matches();
            difference = undefined ? null : "the host knows it (vector " + whole.vector() + ")";
        } else if (whole.vector() == UNDEFINED) {
            difference = isUndefinedInTheEnd(piece) ? null : "the host does not know it";
        } else if (whole.needsMore()) {
            difference = "longer on the host";
        } else if (piece.length() > 1 && !shorter.needsMore()) {
            difference = "shorter on the host";
        }
        if (difference != null) {
            String hex = HexFormat.ofDelimiter(" ").formatHex(piece.code(), 0, piece.length());
            differences.putIfAbsent(
                    key(piece), String.format("%d-bit %s: %s, %s", piece.codeSize(), hex, op.form, difference));
        }
    }

    /** True if the emulator raises #UD too when it executes it: a register that does not exist, UD2. */
    private boolean isUndefinedInTheEnd(NativeCpu.AtPageEnd piece) {
        byte[] code = Arrays.copyOf(piece.code(), piece.length());
        return emulator.run(new TestCase(List.of(), piece.codeSize(), code, state), true)
                        .vector()
                == UNDEFINED;
    }

    /** All bytes up to the opcode, ModRM.reg and whether ModRM means memory. */
    private static String key(NativeCpu.AtPageEnd piece) {
        byte[] code = piece.code();
        int modRm = code[code.length - TAIL - 1] & 0xFF;
        return HexFormat.ofDelimiter(" ").formatHex(code, 0, code.length - TAIL - 1)
                + " /"
                + (modRm >> 3 & 7)
                + (modRm >= 0xC0 ? " reg" : " mem");
    }
}
