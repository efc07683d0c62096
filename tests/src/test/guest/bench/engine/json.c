// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Parsing of JSON into a tree, and a walk through the tree.
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>

enum { RECORDS = 5000, ARENA = 5 << 20 };

enum type { OBJECT, ARRAY, STRING, NUMBER, TRUE, FALSE, NIL };

struct value {
    enum type type;
    struct value *child, *sibling;
    const char *name, *string;
    size_t length; // of the string
    double number;
};

static char text[RECORDS * 160];
static char arena[ARENA];
static size_t used;
static const char *at;

static void prepare(void) {
    uint64_t random = SEED;
    char *out = text;
    *out++ = '[';
    for (int i = 0; i < RECORDS; i++)
        out += sprintf(out, "%s\n  {\"id\": %d, \"name\": \"item \\\"%llx\\\"\", \"price\": %.2f, \"tags\": [\"a%d\", \"b\", null], \"ok\": %s}",
                       i ? "," : "", i, (unsigned long long)next_random(&random), 1000 * next_double(&random), i % 10,
                       i % 3 ? "true" : "false");
    strcpy(out, "\n]");
}

static void fail(void) {
    fprintf(stderr, "json: syntax error at %td\n", at - text);
    exit(1);
}

static void *allocate(size_t size) {
    void *piece = arena + used;
    used += (size + 15) & ~(size_t)15;
    if (used > ARENA)
        fail();
    return piece;
}

static void skip_space(void) {
    while (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r')
        at++;
}

static void expect(const char *word) {
    for (; *word; word++)
        if (*at++ != *word)
            fail();
}

static const char *string(size_t *length) {
    expect("\"");
    const char *end = at;
    while (*end != '"')
        end += *end == '\\' ? 2 : 1;
    char *copy = allocate((size_t)(end - at) + 1), *out = copy;
    for (; at < end; at++) {
        at += *at == '\\';
        *out++ = *at;
    }
    at = end + 1;
    *length = (size_t)(out - copy);
    return copy;
}

static struct value *value(void);

static struct value *children(char end, int named) {
    struct value *first = NULL, **last = &first;
    at++;
    for (skip_space(); *at != end;) {
        const char *name = NULL;
        size_t length = 0;
        if (named) {
            name = string(&length);
            skip_space();
            expect(":");
        }
        struct value *child = value();
        child->name = name;
        *last = child;
        last = &child->sibling;
        skip_space();
        if (*at == ',') {
            at++;
            skip_space();
        } else if (*at != end) {
            fail();
        }
    }
    at++;
    return first;
}

static struct value *value(void) {
    struct value *result = allocate(sizeof *result);
    memset(result, 0, sizeof *result);
    skip_space();
    switch (*at) {
        case '{':
            result->type = OBJECT;
            result->child = children('}', 1);
            break;
        case '[':
            result->type = ARRAY;
            result->child = children(']', 0);
            break;
        case '"':
            result->type = STRING;
            result->string = string(&result->length);
            break;
        case 't':
            result->type = TRUE;
            expect("true");
            break;
        case 'f':
            result->type = FALSE;
            expect("false");
            break;
        case 'n':
            result->type = NIL;
            expect("null");
            break;
        default:
            result->type = NUMBER;
            char *end;
            result->number = strtod(at, &end);
            if (end == at)
                fail();
            at = end;
    }
    return result;
}

static uint64_t walk(const struct value *value, uint64_t checksum) {
    checksum = mixed(checksum, value->type);
    if (value->type == NUMBER)
        checksum = mixed_double(checksum, value->number);
    for (size_t i = 0; i < value->length; i++)
        checksum = mixed(checksum, (uint8_t)value->string[i]);
    for (const struct value *child = value->child; child; child = child->sibling)
        checksum = walk(child, checksum + (child->name ? (uint8_t)child->name[0] : 0));
    return checksum;
}

static uint64_t repetition(void) {
    used = 0;
    at = text;
    return walk(value(), 0);
}

const struct kernel kernel = {"json", "integer", prepare, repetition};
