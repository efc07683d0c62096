// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers

#include "kit.h"

#define SERIAL 0x3F8
#define EXIT 0xF4
#define PROCESSORS 16
#define WAKE 0x3F

handler *volatile handlers[256];
struct caught last;
volatile uint64_t recover;
static volatile int failures;
volatile uint32_t started = 1;

// ---- printing

static void put(char c) {
    while (!(inb(SERIAL + 5) & 0x20))
        ;
    outb(SERIAL, c);
}

static void put_number(uint64_t value, unsigned base) {
    char digits[24];
    int n = 0;
    do {
        digits[n++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    while (n)
        put(digits[--n]);
}

static void put_signed(int64_t value) {
    if (value < 0)
        put('-');
    put_number(value < 0 ? -(uint64_t)value : (uint64_t)value, 10);
}

void print(const char *format, ...) {
    va_list list;
    va_start(list, format);
    for (; *format; format++) {
        if (*format != '%') {
            put(*format);
            continue;
        }
        int wide = *++format == 'l';
        format += wide;
        if (*format == 's') {
            for (const char *s = va_arg(list, const char *); *s; s++)
                put(*s);
        } else if (*format == 'c') {
            put(va_arg(list, int));
        } else if (*format == 'd') {
            put_signed(wide ? va_arg(list, long) : va_arg(list, int));
        } else {
            put_number(wide ? va_arg(list, unsigned long) : va_arg(list, unsigned), *format == 'x' ? 16 : 10);
        }
    }
    va_end(list);
}

void check(const char *name, int good) {
    print("%s: %s\n", name, good ? "ok" : "FAILED");
    failures += !good;
}

void leave(int status) {
    outl(EXIT, status);
    for (;;)
        asm volatile("cli; hlt");
}

void print_caught(const char *name) {
    if (last.vector < 0) {
        print("%s: no exception\n", name);
    } else {
        print("%s: exception %d error %x\n", name, last.vector, last.error);
    }
}

// ---- interrupts

void trap(struct frame *frame) {
    handler *one = handlers[frame->vector];
    if (recover && frame->vector < 32) {
        last = (struct caught){frame->vector, frame->error, READ_CR(2), frame->rip};
        frame->rip = recover;
    } else if (one) {
        one(frame);
    } else {
        print("unexpected interrupt %lu error %lx rip %lx cr2 %lx\n", frame->vector, frame->error, frame->rip, READ_CR(2));
        leave(99);
    }
}

void set_gate(int vector, uint64_t address, int attributes, int stack) {
    uint32_t *gate = (uint32_t *)(idt + 16 * vector);
    gate[0] = 0x080000 | (address & 0xFFFF);
    gate[1] = (address & 0xFFFF0000) | attributes << 8 | stack;
    gate[2] = address >> 32;
    gate[3] = 0;
}

static void load_tables(void) {
    asm volatile("lidt idt_pointer");
}

static void on_wake(struct frame *frame) {
    end_of_interrupt();
}

int kit_start(void) {
    handlers[WAKE] = on_wake;
    for (int vector = 0; vector < 256; vector++)
        set_gate(vector, (uint64_t)stubs + 16 * vector, 0x8E, 0);
    load_tables();
    uint64_t base = (uint64_t)tss;
    gdt[6] = 0x0000890000000067 | (base & 0xFFFFFF) << 16 | (base >> 24 & 0xFF) << 56;
    gdt[7] = base >> 32;
    *(uint16_t *)(tss + 102) = 104;
    asm volatile("ltr %w0" : : "r"(0x30));
    outb(0x21, 0xFF);  // no interrupts of the 8259s
    outb(0xA1, 0xFF);
    apic_write(0xF0, 0x1FF);
    apic_write(0x350, 0x10000);
    int status = main();
    return failures ? 1 : status;
}

// ---- other processors

static struct {
    void (*volatile work)(long);
    volatile long argument;
    int apic_id;
} posts[PROCESSORS];

int x2apic;

extern char trampoline[], trampoline_end[];

void send_ipi(int apic_id, uint32_t command) {
    if (x2apic) {
        wrmsr(0x830, (uint64_t)(uint32_t)apic_id << 32 | command);
        return;
    }
    apic_write(0x310, (uint32_t)apic_id << 24);
    apic_write(0x300, command);
    while (apic_read(0x300) & 0x1000)
        pause();
}

void wait_ms(int ms) {
    while (ms > 0) {
        int now = ms > 50 ? 50 : ms;
        int count = now * 1193;
        outb(0x61, inb(0x61) & ~3);
        outb(0x43, 0xB0);
        outb(0x42, count);
        outb(0x42, count >> 8);
        outb(0x61, (inb(0x61) & ~2) | 1);
        while (!(inb(0x61) & 0x20))
            pause();
        ms -= now;
    }
}

static int processor_count(void) {
    outw(0x510, 5);
    int low = inb(0x511);
    return low | inb(0x511) << 8;
}

int start_others(void) {
    int all = processor_count();
    for (char *from = trampoline, *to = (char *)0x8000; from < trampoline_end;)
        *to++ = *from++;
    send_ipi(0, 0xC4500);  // INIT to all others
    wait_ms(1);
    send_ipi(0, 0xC4608);  // SIPI
    wait_ms(1);
    send_ipi(0, 0xC4608);
    while (started < (uint32_t)all)
        pause();
    return all;
}

void kit_processor(int number) {
    load_tables();
    apic_write(0xF0, 0x1FF);
    posts[number].apic_id = apic_read(0x20) >> 24;
    __atomic_fetch_add(&started, 1, __ATOMIC_SEQ_CST);
    for (;;) {
        disable();
        while (!posts[number].work)
            asm volatile("sti; hlt; cli" : : : "memory");
        posts[number].work(posts[number].argument);
        posts[number].work = NULL;
    }
}

void run_on(int processor, void (*work)(long), long argument) {
    wait_for(processor);
    posts[processor].argument = argument;
    posts[processor].work = work;
    send_ipi(posts[processor].apic_id, 0x4000 | WAKE);
}

int apic_id_of(int processor) {
    return posts[processor].apic_id;
}

void wait_for(int processor) {
    while (posts[processor].work)
        pause();
}
