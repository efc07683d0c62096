// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// From the Multiboot loader to main(): Multiboot header, identity map of 4 GiB, long mode, interrupt stubs; start of the other
// processors; excursion to user mode. What main() returns goes to the debug exit port.

        .set    MAGIC, 0x1BADB002
#ifdef ADDRESSES                        // a plain binary file: the header says where it belongs
        .set    FLAGS, 0x10003          // modules page-aligned, memory information
#else
        .set    FLAGS, 3
#endif
        .set    STACK_BYTES, 16384
        .set    TRAMPOLINE, 0x8000

        .section .multiboot, "a"
        .balign 4
header: .long   MAGIC, FLAGS, -(MAGIC + FLAGS)
#ifdef ADDRESSES
        .long   header, header, image_end, memory_end, _start
#endif

        .text
        .code32
        .globl  _start
_start:
        cli
        cld
        mov     $stacks + STACK_BYTES, %esp
        mov     %eax, boot_magic
        mov     %ebx, boot_info
        // 4 page directories of 2 MiB pages
        mov     $directories, %edi
        mov     $0x83, %eax
1:      mov     %eax, (%edi)
        movl    $0, 4(%edi)
        add     $8, %edi
        add     $0x200000, %eax
        jnc     1b
        movl    $pointers + 3, tables
        movl    $directories + 3, pointers
        movl    $directories + 0x1003, pointers + 8
        movl    $directories + 0x2003, pointers + 16
        movl    $directories + 0x3003, pointers + 24
        call    enter_long
        ljmp    $0x08, $start64

// CR4.PAE, EFER.LME, paging; the far jump of the caller then enters 64-bit mode
        .globl  enter_long
enter_long:
        mov     %cr4, %eax
        or      $0x620, %eax            // PAE, OSFXSR, OSXMMEXCPT
        mov     %eax, %cr4
        mov     $tables, %eax
        mov     %eax, %cr3
        mov     $0xC0000080, %ecx
        rdmsr
        or      $0x900, %eax            // LME, NXE
        wrmsr
        mov     %cr0, %eax
        and     $0x9FFFFFFB, %eax       // no CD, NW, EM
        or      $0x80010023, %eax       // PG, WP, NE, MP, PE
        mov     %eax, %cr0
        lgdt    gdt_pointer
        ret

        .code64
start64:
        mov     $0x10, %eax
        mov     %eax, %ds
        mov     %eax, %es
        mov     %eax, %ss
        xor     %eax, %eax
        mov     %eax, %fs
        mov     %eax, %gs
        mov     $stacks + STACK_BYTES, %esp
        call    kit_start
        mov     %eax, %edi
        call    leave
1:      hlt
        jmp     1b

// ---- other processors: copied to TRAMPOLINE, started there by SIPI

        .code16
        .globl  trampoline, trampoline_end
trampoline:
        cli
        xor     %ax, %ax
        mov     %ax, %ds
        lgdtl   TRAMPOLINE + (1f - trampoline)
        mov     %cr0, %eax
        or      $1, %al
        mov     %eax, %cr0
        ljmpl   $0x18, $ap32
1:      .word   gdt_end - gdt - 1
        .long   gdt
trampoline_end:

        .code32
ap32:
        mov     $0x10, %eax
        mov     %eax, %ds
        mov     %eax, %es
        mov     %eax, %ss
        mov     $1, %edx
        lock xadd %edx, processors
        mov     %edx, %eax
        inc     %eax
        imul    $STACK_BYTES, %eax
        lea     stacks(%eax), %esp
        push    %edx
        call    enter_long
        pop     %edx
        ljmp    $0x08, $ap64
        .code64
ap64:
        mov     %edx, %edi
        call    kit_processor
1:      cli
        hlt
        jmp     1b

// ---- interrupts: a frame of vector, error code and registers for trap()

        .macro  stub vector
        .balign 16
        .if     !(\vector == 8 || (\vector >= 10 && \vector <= 14) || \vector == 17 || \vector == 21 || \vector == 29 || \vector == 30)
        push    $0
        .endif
        push    $\vector
        jmp     common
        .endm

        .balign 16
        .globl  stubs
stubs:
        .altmacro
        .set    vector, 0
        .rept   256
        stub    %vector
        .set    vector, vector + 1
        .endr
        .noaltmacro

common:
        push    %rax
        push    %rcx
        push    %rdx
        push    %rbx
        push    %rbp
        push    %rsi
        push    %rdi
        push    %r8
        push    %r9
        push    %r10
        push    %r11
        push    %r12
        push    %r13
        push    %r14
        push    %r15
        mov     %rsp, %rdi
        mov     %rsp, %rbx
        and     $-16, %rsp
        cld
        call    trap
        mov     %rbx, %rsp
        pop     %r15
        pop     %r14
        pop     %r13
        pop     %r12
        pop     %r11
        pop     %r10
        pop     %r9
        pop     %r8
        pop     %rdi
        pop     %rsi
        pop     %rbp
        pop     %rbx
        pop     %rdx
        pop     %rcx
        pop     %rax
        add     $16, %rsp
        iretq

// void enter_user(rip, rsp): runs user code; returns when leave_user() is called by a trap handler
        .globl  enter_user, leave_user
enter_user:
        push    %rbx
        push    %rbp
        push    %r12
        push    %r13
        push    %r14
        push    %r15
        mov     %rsp, user_return
        mov     %rsp, tss + 4
        push    $0x23
        push    %rsi
        push    $0x3002                 // IOPL 3: test programs may print; interrupts off
        push    $0x2B
        push    %rdi
        iretq
leave_user:
        mov     user_return, %rsp
        pop     %r15
        pop     %r14
        pop     %r13
        pop     %r12
        pop     %rbp
        pop     %rbx
        ret

        .data
        .balign 16
        .globl  gdt, tss
gdt:
        .quad   0
        .quad   0x00AF9B000000FFFF      // 0x08 64-bit code
        .quad   0x00CF93000000FFFF      // 0x10 data
        .quad   0x00CF9B000000FFFF      // 0x18 32-bit code
        .quad   0x00CFF3000000FFFF      // 0x20 user data
        .quad   0x00AFFB000000FFFF      // 0x28 user 64-bit code
        .quad   0, 0                    // 0x30 TSS, by kit_start()
        .quad   0x00009B000000FFFF      // 0x40 16-bit code
        .quad   0x000093000000FFFF      // 0x48 16-bit data
        .quad   0x00CF13000000FFFF      // 0x50 data, not present
gdt_end:
        .globl  gdt_pointer, idt_pointer
gdt_pointer:
        .word   gdt_end - gdt - 1
        .quad   gdt
idt_pointer:
        .word   4095
        .quad   idt
        .globl  processors
processors:
        .long   1

        .bss
        .balign 4096
        .globl  tables, pointers, directories, idt, boot_magic, boot_info
tables: .skip   4096
pointers: .skip 4096
directories: .skip 16384
idt:    .skip   4096
tss:    .skip   128
user_return: .skip 8
boot_magic: .skip 4
boot_info: .skip 4
        .balign 16
stacks: .skip   STACK_BYTES * 17

        .section .note.GNU-stack, "", @progbits
