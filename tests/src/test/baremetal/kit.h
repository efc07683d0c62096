// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// What the images share: printing, ports, MSRs, interrupts, other processors.

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#define NORETURN __attribute__((noreturn))

// ---- instructions

static inline void outb(uint16_t port, uint8_t value) { asm volatile("outb %0, %1" : : "a"(value), "Nd"(port)); }
static inline void outw(uint16_t port, uint16_t value) { asm volatile("outw %0, %1" : : "a"(value), "Nd"(port)); }
static inline void outl(uint16_t port, uint32_t value) { asm volatile("outl %0, %1" : : "a"(value), "Nd"(port)); }

static inline uint8_t inb(uint16_t port) {
    uint8_t value;
    asm volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint32_t inl(uint16_t port) {
    uint32_t value;
    asm volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint64_t rdtsc(void) {
    uint32_t low, high;
    asm volatile("lfence; rdtsc" : "=a"(low), "=d"(high) : : "memory");
    return (uint64_t)high << 32 | low;
}

static inline uint64_t rdmsr(uint32_t msr) {
    uint32_t low, high;
    asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
    return (uint64_t)high << 32 | low;
}

static inline void wrmsr(uint32_t msr, uint64_t value) {
    asm volatile("wrmsr" : : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)) : "memory");
}

static inline void cpuid(uint32_t leaf, uint32_t sub, uint32_t out[4]) {
    asm volatile("cpuid" : "=a"(out[0]), "=b"(out[1]), "=c"(out[2]), "=d"(out[3]) : "a"(leaf), "c"(sub));
}

#define READ_CR(n) ({ uint64_t cr_; asm volatile("mov %%cr" #n ", %0" : "=r"(cr_)); cr_; })
#define WRITE_CR(n, value) asm volatile("mov %0, %%cr" #n : : "r"((uint64_t)(value)) : "memory")

static inline void enable(void) { asm volatile("sti" : : : "memory"); }
static inline void disable(void) { asm volatile("cli" : : : "memory"); }
static inline void pause(void) { asm volatile("pause" : : : "memory"); }
static inline void invlpg(const volatile void *address) { asm volatile("invlpg (%0)" : : "r"(address) : "memory"); }

// ---- printing

void print(const char *format, ...) __attribute__((format(printf, 1, 2)));  // %d %u %x %lx %ld %lu %s %c

/** "name: ok" or "name: FAILED"; the image then exits with 1. */
void check(const char *name, int good);

void leave(int status) NORETURN;

// ---- interrupts and exceptions

struct frame {
    uint64_t r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx, rcx, rax;
    uint64_t vector, error, rip, cs, rflags, rsp, ss;
};

typedef void handler(struct frame *frame);
extern handler *volatile handlers[256];

struct caught {
    int vector;  // -1: nothing
    uint32_t error;
    uint64_t cr2, rip;
};

/** Executes one instruction (text and constraints as asm's); the exception that it raised is in {@code last}. */
extern struct caught last;
extern volatile uint64_t recover;
#define TRY(text, ...)                                                                                      \
    do {                                                                                                    \
        last.vector = -1;                                                                                   \
        asm volatile("lea 9f(%%rip), %%r15\n\tmov %%r15, recover\n8: " text "\n9:\tmovq $0, recover" __VA_ARGS__ \
                     "r15", "memory", "cc");                                                                \
    } while (0)

/** "name: 13 error 0" and so on, from {@code last}. */
void print_caught(const char *name);

void enter_user(uint64_t rip, uint64_t rsp);
void leave_user(void) NORETURN;
extern uint8_t tss[];
extern uint64_t gdt[], tables[], pointers[], directories[];
extern uint8_t idt[], stubs[];
extern uint32_t boot_magic, boot_info;

void set_gate(int vector, uint64_t address, int attributes, int stack);

// ---- local APIC and other processors

#define APIC 0xFEE00000UL
#define IOAPIC 0xFEC00000UL
static inline uint32_t apic_read(int offset) { return *(volatile uint32_t *)(APIC + offset); }
static inline void apic_write(int offset, uint32_t value) { *(volatile uint32_t *)(APIC + offset) = value; }
void send_ipi(int apic_id, uint32_t command);

extern int x2apic;  // the image has switched all local APICs to this mode

static inline void end_of_interrupt(void) {
    if (x2apic)
        wrmsr(0x80B, 0);
    else
        apic_write(0xB0, 0);
}

extern volatile uint32_t started;  // processors, this one included

/** Starts all other processors; they halt until there is work. Returns how many there are in all. */
int start_others(void);

/** Runs {@code work(argument)} on processor 1, 2, ... (in the order of their start). */
void run_on(int processor, void (*work)(long), long argument);
void wait_for(int processor);
int apic_id_of(int processor);

/** Waits this long, by the PIT's channel 2. */
void wait_ms(int ms);

int main(void);
