// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// QEMU's fw_cfg: signature, processors, memory, the file directory.

#include "kit.h"

static void select(int item) { outw(0x510, item); }

static uint64_t number(int item, int bytes) {
    uint64_t value = 0;
    select(item);
    for (int i = 0; i < bytes; i++)
        value |= (uint64_t)inb(0x511) << 8 * i;
    return value;
}

int main(void) {
    select(0);
    print("signature ");
    for (int i = 0; i < 4; i++)
        print("%c", inb(0x511));
    print(", then %d\n", inb(0x511));
    print("classic interface %lu\n", number(1, 4) & 1);
    print("processors %lu\n", number(5, 2));
    print("memory %lu MiB\n", number(3, 8) >> 20);
    check("at most", number(15, 2) >= number(5, 2));
    print("unknown item %lx\n", number(0x3FFF, 4));
    select(0x19);
    uint32_t files = 0;
    for (int i = 0; i < 4; i++)
        files = files << 8 | inb(0x511);
    check("a directory", files < 100);
    return 0;
}
