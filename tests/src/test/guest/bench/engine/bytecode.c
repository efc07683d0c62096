// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// An interpreter of byte code with a switch: indirect jumps whose targets depend on data.
#include "harness.h"

enum opcode { PUSH, ADD, SUB, MUL, XOR, SHIFT, DUP, SWAP, LOAD, STORE, LESS, JUMP_IF, LAST_COUNT, END };

// Sums up a little hash of 0, 1, ... in variable 1 while variable 0 < the limit.
static const uint8_t program[] = {
    PUSH, 0, STORE, 0, PUSH, 1, STORE, 1,                         // i = 0; sum = 1
    LOAD, 0, DUP, MUL, LOAD, 1, XOR, DUP, SHIFT, 3, XOR,          // at 8: h = (i * i ^ sum); h ^= h << 3
    LOAD, 0, SWAP, SUB, LOAD, 1, ADD, STORE, 1,                   // sum += i - h
    LOAD, 0, PUSH, 1, ADD, DUP, STORE, 0, LAST_COUNT, LESS, JUMP_IF, 8, // while (++i < limit)
    LOAD, 1, END};

static void prepare(void) {}

static uint64_t interpret(const uint8_t *code, uint64_t limit) {
    uint64_t stack[16], *top = stack, variables[2] = {0, 0};
    for (const uint8_t *at = code;;)
        switch (*at++) {
            case PUSH: *top++ = *at++; break;
            case ADD: top--; top[-1] += top[0]; break;
            case SUB: top--; top[-1] -= top[0]; break;
            case MUL: top--; top[-1] *= top[0]; break;
            case XOR: top--; top[-1] ^= top[0]; break;
            case SHIFT: top[-1] <<= *at++; break;
            case DUP: *top = top[-1]; top++; break;
            case SWAP: {
                uint64_t value = top[-1];
                top[-1] = top[-2];
                top[-2] = value;
                break;
            }
            case LOAD: *top++ = variables[*at++]; break;
            case STORE: variables[*at++] = *--top; break;
            case LAST_COUNT: *top++ = limit; break;
            case LESS: top--; top[-1] = top[-1] < top[0]; break;
            case JUMP_IF: at = *--top ? code + *at : at + 1; break;
            default: return *--top;
        }
}

static uint64_t repetition(void) {
    return interpret(program, 60000);
}

const struct kernel kernel = {"bytecode", "integer", prepare, repetition};
