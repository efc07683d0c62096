// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// ACPI: from the RSDP to processors, I/O APIC and PM timer; checksums.

#include "kit.h"

struct table {
    char signature[4];
    uint32_t length;
    uint8_t revision, checksum;
    char names[26];
} __attribute__((packed));

static int sum(const void *from, uint32_t bytes) {
    uint8_t total = 0;
    for (uint32_t i = 0; i < bytes; i++)
        total += ((const uint8_t *)from)[i];
    return total;
}

static int same(const char *a, const char *b, int bytes) {
    while (bytes && *a == *b)
        a++, b++, bytes--;
    return !bytes;
}

static uint32_t word(const void *at) { return *(const uint32_t *)at; }

static const char *rsdp(void) {
    for (uint64_t at = 0xE0000; at < 0x100000; at += 16)
        if (same((char *)at, "RSD PTR ", 8) && !sum((void *)at, 20))
            return (char *)at;
    return NULL;
}

static const struct table *find(const struct table *root, const char *signature) {
    for (uint32_t i = 36; i < root->length; i += 4) {
        const struct table *table = (struct table *)(uint64_t)word((char *)root + i);
        if (same(table->signature, signature, 4))
            return table;
    }
    return NULL;
}

static void processors_in(const struct table *madt) {
    const uint8_t *at = (const uint8_t *)madt + 44, *end = (const uint8_t *)madt + madt->length;
    int enabled = 0, io_apics = 0, timer = -1;
    uint32_t io_apic = 0;
    for (; at < end; at += at[1]) {
        if (at[0] == 0) {
            enabled += at[4] & 1;
        } else if (at[0] == 1) {
            io_apics++;
            io_apic = word(at + 4);
        } else if (at[0] == 2 && at[3] == 0) {
            timer = word(at + 4);
        }
    }
    print("local APIC %x, processors %d\n", word((char *)madt + 36), enabled);
    print("I/O APICs %d at %x, timer at input %d\n", io_apics, io_apic, timer);
}

int main(void) {
    const char *pointer = rsdp();
    print("RSDP: %d\n", pointer != NULL);
    const struct table *root = (struct table *)(uint64_t)word(pointer + 16);
    print("root: %d, sum %d\n", same(root->signature, "RSDT", 4), sum(root, root->length));
    int bad = 0;
    for (uint32_t i = 36; i < root->length; i += 4) {
        const struct table *table = (struct table *)(uint64_t)word((char *)root + i);
        bad += sum(table, table->length) != 0;
    }
    print("tables with a wrong sum: %d\n", bad);
    processors_in(find(root, "APIC"));

    const struct table *fadt = find(root, "FACP");
    uint32_t dsdt = word((char *)fadt + 40);
    print("DSDT: %d\n", same((char *)(uint64_t)dsdt, "DSDT", 4));
    uint32_t timer = word((char *)fadt + 76);
    print("PM timer at %x, length %d\n", timer, ((uint8_t *)fadt)[91]);
    uint32_t before = inl(timer);
    wait_ms(10);
    uint32_t ticks = (inl(timer) - before) & 0xFFFFFF;
    check("3.58 MHz", ticks > 34000 && ticks < 200000);
    return 0;
}
