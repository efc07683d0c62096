// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import mckernelj.emulator.isa.InstructionForm;

/** {@code sbin/check --differential [cases per form [seed [regular expression]]]}: a long comparison with the host's processor. */
public final class DifferentialRun {
    private static final int DEFAULT_CASES = 6500;

    /** Sequences for each case of a form. */
    private static final int SEQUENCES = 200;

    private static final int NANOS_PER_SECOND = 1_000_000_000;

    private final long begin = System.nanoTime();
    private long shown;

    private DifferentialRun() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int cases = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_CASES;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.currentTimeMillis() / 1000;
        Pattern selection = Pattern.compile(arguments.length > 2 ? arguments[2] : "");
        try (NativeCpu host = NativeCpu.create()) {
            if (host == null) {
                System.err.println("differential: needs gcc and an x86-64 host");
                System.exit(2);
            }
            System.exit(new DifferentialRun().run(host, cases, seed, selection) ? 0 : 1);
        }
    }

    private boolean run(NativeCpu host, int cases, long seed, Pattern selection) throws IOException {
        System.out.printf("seed %d, %d cases per form%n", seed, cases);
        Differential differential = new Differential(host, this::show);
        List<InstructionForm> forms = differential.forms(selection);
        int sequences = (int) Math.min(Integer.MAX_VALUE, (long) cases * SEQUENCES * forms.size() / 1300);
        Map<String, Differential.Result> results = differential.run(forms, cases, sequences, seed);
        long all = results.values().stream().mapToLong(r -> r.cases).sum();
        long differ = results.values().stream().filter(r -> r.failed != 0).count();
        System.out.println();
        results.forEach((form, result) -> {
            if (result.failed != 0) {
                System.out.printf(
                        "%s: %d of %d cases differ%n   %s%n", form, result.failed, result.cases, result.first);
            }
        });
        System.out.printf(
                "seed %d: %d forms, %d cases, %d of them sequences; %d forms differ; %d s%n",
                seed,
                forms.size(),
                all,
                results.containsKey(Differential.SEQUENCES) ? results.get(Differential.SEQUENCES).cases : 0,
                differ,
                seconds());
        return differ == 0 && all > 0;
    }

    private long seconds() {
        return (System.nanoTime() - begin) / NANOS_PER_SECOND;
    }

    /** One line that is written over every second. */
    private void show(long cases, long failed, String form) {
        if (seconds() != shown) {
            shown = seconds();
            String where = form.length() > 50 ? form.substring(0, 50) : form;
            System.out.printf("\r%,d cases, %,d/s, %d differ, %-50s", cases, cases / Math.max(1, shown), failed, where);
            System.out.flush();
        }
    }
}
