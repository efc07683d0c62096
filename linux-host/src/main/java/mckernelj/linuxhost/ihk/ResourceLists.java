// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import mckernelj.ihk.Errno;

/**
 * The list syntaxes of ihkconfig, ihkosctl and libihk's _str functions. CPU list: {@code a,b,c-d}; memory list: {@code
 * <size>[kmgtpe][@node],...} where the size may be {@code all}; IKC map: {@code <cpulist>:<cpu>[+<cpulist>:<cpu>...]}.
 * Anything else is -EINVAL. A descending range is empty. (Unlike upstream an isolated CPU 0 is printed.)
 */
public final class ResourceLists {
    private static final String UNITS = "kmgtpe";
    private static final int MAX_CPU = 1 << 16;

    private ResourceLists() {}

    public static List<Integer> parseCpus(String list) throws IhkException {
        List<Integer> cpus = new ArrayList<>();
        for (String element : list.strip().split(",", -1)) {
            String[] range = element.split("-", -1);
            if (range.length > 2) {
                throw invalid("CPU list", list);
            }
            int first = number(range[0], list);
            int last = range.length == 2 ? number(range[1], list) : first;
            for (int cpu = first; cpu <= last; cpu++) {
                cpus.add(cpu);
            }
        }
        return cpus;
    }

    /** Consecutive numbers are compressed; the order is kept. */
    public static String formatCpus(List<Integer> cpus) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < cpus.size(); ) {
            int last = i;
            while (last + 1 < cpus.size() && cpus.get(last + 1) == cpus.get(last) + 1) {
                last++;
            }
            text.append(i == 0 ? "" : ",").append(cpus.get(i));
            if (last > i) {
                text.append('-').append(cpus.get(last));
            }
            i = last + 1;
        }
        return text.toString();
    }

    public static List<MemoryRequest> parseMemory(String list) throws IhkException {
        List<MemoryRequest> requests = new ArrayList<>();
        for (String element : list.strip().split(",", -1)) {
            String[] parts = element.split("@", -1);
            if (parts.length > 2) {
                throw invalid("memory list", list);
            }
            requests.add(new MemoryRequest(size(parts[0], list), parts.length == 2 ? number(parts[1], list) : 0));
        }
        return requests;
    }

    /** {@code <bytes>@<node>,...}. */
    public static String formatMemory(List<MemoryRequest> memory) {
        return memory.stream().map(m -> m.sizeBytes() + "@" + m.node()).collect(Collectors.joining(","));
    }

    /** Linux CPU id of the source to that of the destination, in the order given. */
    public static Map<Integer, Integer> parseIkcMap(String text) throws IhkException {
        Map<Integer, Integer> map = new LinkedHashMap<>();
        for (String group : text.strip().split("\\+", -1)) {
            String[] parts = group.split(":", -1);
            if (parts.length != 2) {
                throw invalid("IKC map", text);
            }
            int destination = number(parts[1], text);
            for (int source : parseCpus(parts[0])) {
                if (map.put(source, destination) != null) {
                    throw invalid("IKC map", text);
                }
            }
        }
        return map;
    }

    /** Grouped by destination, without ranges: {@code 1,2,3:0+5,6:4}. */
    public static String formatIkcMap(Map<Integer, Integer> map) {
        Map<Integer, List<String>> sources = new LinkedHashMap<>();
        map.forEach((source, destination) ->
                sources.computeIfAbsent(destination, d -> new ArrayList<>()).add(source.toString()));
        return sources.entrySet().stream()
                .map(group -> String.join(",", group.getValue()) + ":" + group.getKey())
                .collect(Collectors.joining("+"));
    }

    private static long size(String text, String list) throws IhkException {
        if (text.equals("all") || text.equals("ALL")) {
            return MemoryRequest.ALL;
        }
        int unit = text.isEmpty() ? -1 : UNITS.indexOf(Character.toLowerCase(text.charAt(text.length() - 1)));
        String digits = unit < 0 ? text : text.substring(0, text.length() - 1);
        if (!digits.matches("[0-9]{1,18}")) {
            throw invalid("memory list", list);
        }
        long count = Long.parseLong(digits);
        int shift = 10 * (unit + 1);
        if (count > Long.MAX_VALUE >> shift) {
            throw invalid("memory list", list);
        }
        return count << shift;
    }

    private static int number(String text, String list) throws IhkException {
        if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) > MAX_CPU) {
            throw invalid("list", list);
        }
        return Integer.parseInt(text);
    }

    private static IhkException invalid(String what, String text) {
        return new IhkException(Errno.EINVAL, "invalid " + what + ": " + text);
    }
}
