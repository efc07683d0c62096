// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Regular expressions: each becomes a nondeterministic automaton whose sets of states, as bits of a word, are followed through a text (Glushkov's
// construction: one state for each letter of the expression).
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>

enum { SIZE = 64 << 10, STATES = 64 };

static const char *const expressions[] = {"(ab|ba)*cc(d|e)+f", "x(yz*)+(a|b|c)*d", "((a|e|i)(b|c|d))*fa", "(a|b)*a(a|b)(a|b)(a|b)"};

enum { EXPRESSIONS = sizeof expressions / sizeof expressions[0] };

struct automaton {
    uint64_t accepting, initial, letter[256], follow[STATES]; // letter: the states that are entered by it
    int states;
};

// A part of an expression: states in which it may begin and end, whether it matches nothing too.
struct part {
    uint64_t first, last;
    int empty;
};

static struct automaton automata[EXPRESSIONS];
static uint8_t text[SIZE];
static const char *at;

static struct part alternatives(struct automaton *a);

static void follows(struct automaton *a, uint64_t last, uint64_t first) {
    for (int i = 0; i < a->states; i++)
        if (last >> i & 1)
            a->follow[i] |= first;
}

static struct part atom(struct automaton *a) {
    struct part part;
    if (*at == '(') {
        at++;
        part = alternatives(a);
        at++;
    } else {
        part = (struct part){1ull << a->states, 1ull << a->states, 0};
        a->letter[(uint8_t)*at++] |= part.first;
        a->states++;
    }
    for (; *at == '*' || *at == '+'; at++) {
        follows(a, part.last, part.first);
        part.empty |= *at == '*';
    }
    return part;
}

static struct part sequence(struct automaton *a) {
    struct part whole = {0, 0, 1};
    while (*at && *at != '|' && *at != ')') {
        struct part next = atom(a);
        follows(a, whole.last, next.first);
        whole.first |= whole.empty ? next.first : 0;
        whole.last = next.last | (next.empty ? whole.last : 0);
        whole.empty &= next.empty;
    }
    return whole;
}

static struct part alternatives(struct automaton *a) {
    struct part whole = sequence(a);
    while (*at == '|') {
        at++;
        struct part other = sequence(a);
        whole = (struct part){whole.first | other.first, whole.last | other.last, whole.empty | other.empty};
    }
    return whole;
}

static void prepare(void) {
    uint64_t random = SEED;
    for (int i = 0; i < SIZE; i++)
        text[i] = "abcdefabcdeabcixyz"[next_random(&random) % 18];
    for (int i = 0; i < EXPRESSIONS; i++) {
        at = expressions[i];
        struct part whole = alternatives(&automata[i]);
        automata[i].initial = whole.first;
        automata[i].accepting = whole.last;
    }
}

// Ends of matches that begin anywhere.
static uint64_t matches(const struct automaton *a) {
    uint64_t states = 0, count = 0;
    for (int i = 0; i < SIZE; i++) {
        uint64_t reached = a->initial;
        for (uint64_t left = states; left != 0; left &= left - 1)
            reached |= a->follow[__builtin_ctzll(left)];
        states = reached & a->letter[text[i]];
        count += (states & a->accepting) != 0;
    }
    return count;
}

static uint64_t repetition(void) {
    uint64_t checksum = 0;
    for (int i = 0; i < EXPRESSIONS; i++)
        checksum = mixed(checksum, matches(&automata[i]));
    return checksum;
}

const struct kernel kernel = {"regex", "integer", prepare, repetition};
