// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.procfs;

import java.util.Locale;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.cpu.ProcessorModel;
import mckernelj.lwk.proc.Kernel;

/** /proc/cpuinfo: what CPUID says, with the names of Linux. */
final class ProcessorsFile {
    private final Kernel kernel;

    ProcessorsFile(Kernel kernel) {
        this.kernel = kernel;
    }

    String processors() {
        ProcessorModel model = kernel.processorModel();
        int cores = kernel.cpus().size();
        double megahertz = kernel.clock().tscHz() / 1e6;
        long cache = model.caches().isEmpty()
                ? 0
                : model.caches().get(model.caches().size() - 1).bytes() / 1024;
        StringBuilder text = new StringBuilder();
        for (CpuLocal cpu : kernel.cpus()) {
            line(text, "processor", cpu.id());
            line(text, "vendor_id", model.vendor());
            line(text, "cpu family", model.family());
            line(text, "model\t", model.model());
            line(text, "model name", model.name());
            line(text, "stepping", model.stepping());
            line(text, "cpu MHz\t", String.format(Locale.ROOT, "%.3f", megahertz));
            line(text, "cache size", cache + " KB");
            line(text, "physical id", 0);
            line(text, "siblings", cores);
            line(text, "core id\t", cpu.id());
            line(text, "cpu cores", cores);
            line(text, "apicid\t", cpu.hw().apicId());
            line(text, "initial apicid", cpu.hw().apicId());
            line(text, "fpu\t", "yes");
            line(text, "fpu_exception", "yes");
            line(text, "cpuid level", model.highestLeaf());
            line(text, "wp\t", "yes");
            line(text, "flags\t", String.join(" ", model.flags()));
            line(text, "bugs\t", "");
            line(text, "bogomips", String.format(Locale.ROOT, "%.2f", 2 * megahertz));
            line(text, "clflush size", model.flushBytes());
            line(text, "cache_alignment", model.flushBytes());
            line(
                    text,
                    "address sizes",
                    model.physicalBits() + " bits physical, " + model.linearBits() + " bits virtual");
            text.append("power management:\n\n");
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append(name).append("\t: ").append(value).append('\n');
    }
}
