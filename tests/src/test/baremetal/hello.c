// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// The way in and out: what the loader hands over, serial output, exit status.

#include "kit.h"

struct info {
    uint32_t flags, lower, upper, device, command_line, module_count, modules;
    uint32_t symbols[4], map_bytes, map;
};

struct module {
    uint32_t start, end, command_line, reserved;
};

struct range {
    uint32_t size;
    uint64_t start, length;
    uint32_t type;
} __attribute__((packed));

static void print_module(const struct module *module) {
    print("module aligned: %d\n", (module->start & 4095) == 0);
    print("module: ");
    for (uint32_t at = module->start; at < module->end; at++)
        print("%c", *(char *)(uint64_t)at);
}

int main(void) {
    const struct info *info = (struct info *)(uint64_t)boot_info;
    print("hello, world\n");
    print("magic %x\n", boot_magic);
    print("memory, command line, map: %d %d %d\n", info->flags & 1, info->flags >> 2 & 1, info->flags >> 6 & 1);
    print("lower %u KiB\n", info->lower > 600 ? 640 : info->lower);
    print("upper %u MiB\n", (info->upper + 1024 + 512) >> 10);
    const char *words = (char *)(uint64_t)info->command_line;
    while (*words && *words != ' ')
        words++;
    print("words:%s\n", words);
    int found = 0;
    for (uint32_t at = 0; at < info->map_bytes;) {
        const struct range *range = (struct range *)(uint64_t)(info->map + at);
        found += range->type == 1 && range->start == 0x100000;
        at += range->size + 4;
    }
    print("memory at 1 MiB in the map: %d\n", found);
    if (info->module_count)
        print_module((struct module *)(uint64_t)info->modules);
    return 21;
}
