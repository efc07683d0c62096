// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.isa.InstructionForm;
import mckernelj.emulator.isa.InstructionTable;
import mckernelj.emulator.isa.semantics.Semantics;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decoder and binutils' objdump agree about length and mnemonic of all instructions of installed programs. */
@Tag("slow")
class ObjdumpAgreementTest {
    /** What objdump shows in front of the mnemonic. */
    private static final Pattern PREFIX = Pattern.compile(
            "^(?:(?:rep[nze]*|lock|bnd|notrack|data16|addr32|[cdefgs]s|rex(?:\\.\\w+)?|xacquire|xrelease|\\{\\w+}) )+");

    /** Data in the code section, often with REX before VEX or 16-bit branches in 64-bit code. */
    private static final Pattern NOT_CODE = Pattern.compile("\\(bad\\)|\\.byte|\\brex[.\\w]*$|^jmpw|^rex[.\\w]* v.*");

    /** Where LOCK is #UD. */
    private static final Pattern LOCKED = Pattern.compile("\\block\\b");

    /** objdump joins it to the next instruction. */
    private static final String JOINED_FWAIT = "9b ";

    /** EVEX and XOP prefixes. */
    private static final Pattern OTHER_ENCODING =
            Pattern.compile("^(?:(?:[2346][6e5]|6[4567]|f[023]|4\\w) )*(?:62|8f [ce0-9a-f][89a]) .*");

    /** Mask registers, FMA4, TSX, protection keys, VMX, 3DNow!, MPX and what else this processor does not have. */
    private static final Pattern NOT_SUPPORTED =
            Pattern.compile("k[a-z]+[bwdq]|vfn?m(add|sub)[ps][sd]|x(begin|end|abort|test)|(rd|wr)pkru"
                    + "|vm(read|write)|femms|pmulhrw|frstpm.*|(ins|outs)");

    /** objdump's names by the names of forms, where one is not the other without the width. */
    private static final Map<Pattern, String> NAMES = names();

    private static Map<Pattern, String> names() {
        Map<Pattern, String> names = new LinkedHashMap<>();
        names.put(Pattern.compile("(j|set|cmov)nbe"), "$1a");
        names.put(Pattern.compile("(j|set|cmov)nb"), "$1ae");
        names.put(Pattern.compile("(j|set|cmov)z"), "$1e");
        names.put(Pattern.compile("(j|set|cmov)nz"), "$1ne");
        names.put(Pattern.compile("(j|set|cmov)nle"), "$1g");
        names.put(Pattern.compile("(j|set|cmov)nl"), "$1ge");
        names.put(Pattern.compile("(movs|cmps|stos|lods|scas|ins|outs)b"), "$1");
        return names;
    }

    /** Names of forms by objdump's names. */
    private static final Map<Pattern, String> OBJDUMP_NAMES = objdumpNames();

    private static Map<Pattern, String> objdumpNames() {
        Map<Pattern, String> names = new LinkedHashMap<>();
        names.put(Pattern.compile("cwde|cdqe"), "cbw");
        names.put(Pattern.compile("cdq|cqo"), "cwd");
        names.put(Pattern.compile("(iret|leave|popf|pushf|push|pop|ret|retf|call|enter)[wq]"), "$1");
        names.put(Pattern.compile("je?cxz"), "jrcxz");
        names.put(Pattern.compile("movabs"), "mov");
        names.put(Pattern.compile("(v?cmp)[a-z_]+([ps][sd])"), "$1$2");
        names.put(Pattern.compile("(v?pclmul)[hl]q[hl]qdq"), "$1qdq");
        names.put(Pattern.compile("endbr(64|32)|bnd.*|rdssp[dq]|cldemote"), "nop");
        names.put(Pattern.compile("prefetch(t[012]|nta)"), "prefetch");
        names.put(Pattern.compile("fn(eni|disi)\\(8087"), "fn$1");
        return names;
    }

    private final Decoder decoder =
            new Decoder(new InstructionTable(Semantics.classes(), Semantics.lookup()), EnumSet.allOf(CpuFeature.class));
    private final Set<String> seen = new HashSet<>();
    private final Map<String, String> disagreements = new TreeMap<>();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/usr/lib/x86_64-linux-gnu/libc.so.6",
                "/usr/lib/x86_64-linux-gnu/libm.so.6",
                "/usr/lib/x86_64-linux-gnu/libstdc++.so.6",
                "/usr/lib/x86_64-linux-gnu/libcrypto.so.3",
                "/usr/bin/python3",
                "/usr/bin/perl"
            })
    void length_and_mnemonic_agree(String program) throws IOException {
        assumeTrue(Files.exists(Path.of(program)), "skipped: " + program + " is not installed");
        assumeTrue(isInstalled(), "skipped: needs objdump of binutils");
        Process objdump = new ProcessBuilder("objdump", "-d", "-w", "-M", "intel", program)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines = objdump.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] columns = line.split("\t");
                if (columns.length == 3) {
                    compare(columns[1].trim(), columns[2]);
                }
            }
        }
        assertThat(seen).isNotEmpty();
        assertThat(disagreements).isEmpty();
    }

    private static boolean isInstalled() {
        try {
            new ProcessBuilder("objdump", "--version")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void compare(String hex, String text) {
        if (!seen.add(hex)
                || hex.startsWith(JOINED_FWAIT)
                || NOT_CODE.matcher(text).find()) {
            return;
        }
        String theirs = hex.endsWith("90") && text.endsWith("nop") ? "xchg" : mnemonic(text);
        byte[] bytes = bytes(hex);
        Op op = decoder.decode(i -> i < bytes.length ? bytes[i] & 0xFF : 0xCC, 0, 64);
        boolean decoded = op.form instanceof InstructionForm;
        if (!decoded
                && (LOCKED.matcher(text).find()
                        || OTHER_ENCODING.matcher(hex).matches()
                        || NOT_SUPPORTED.matcher(theirs).matches())) {
            return;
        }
        String ours =
                decoded ? canonical(((InstructionForm) op.form).mnemonic.toLowerCase(Locale.ROOT), NAMES) : "(bad)";
        if (op.nextOffset != bytes.length || !ours.equals(canonical(theirs, OBJDUMP_NAMES))) {
            disagreements.putIfAbsent(theirs + " / " + ours, hex + " " + text + " length " + op.nextOffset);
        }
    }

    private static String canonical(String name, Map<Pattern, String> names) {
        for (Map.Entry<Pattern, String> entry : names.entrySet()) {
            Matcher matcher = entry.getKey().matcher(name);
            if (matcher.matches()) {
                return matcher.replaceFirst(entry.getValue());
            }
        }
        return name;
    }

    private static String mnemonic(String text) {
        String stripped = PREFIX.matcher(text).replaceFirst("");
        return stripped.split("[ ,]")[0];
    }

    private static byte[] bytes(String hex) {
        String[] words = hex.split(" ");
        byte[] bytes = new byte[words.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(words[i], 16);
        }
        return bytes;
    }
}
