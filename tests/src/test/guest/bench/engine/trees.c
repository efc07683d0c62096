// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Binary trees on the heap: malloc, walk, free.
#include "harness.h"

#include <stdlib.h>

enum { DEPTH = 12, TREES = 6 };

struct tree {
    struct tree *left, *right;
    uint64_t value;
};

static void prepare(void) {}

static struct tree *grow(int depth, uint64_t value) {
    struct tree *tree = malloc(sizeof *tree);
    if (!tree)
        abort();
    *tree = (struct tree){NULL, NULL, value};
    if (depth > 0) {
        tree->left = grow(depth - 1, 2 * value);
        tree->right = grow(depth - 1, 2 * value + 1);
    }
    return tree;
}

static uint64_t sum(const struct tree *tree) {
    return tree ? mixed(sum(tree->left) + tree->value, sum(tree->right)) : 0;
}

static void cut(struct tree *tree) {
    if (tree) {
        cut(tree->left);
        cut(tree->right);
        free(tree);
    }
}

static uint64_t repetition(void) {
    uint64_t checksum = 0;
    struct tree *lasting = grow(DEPTH, 1);
    for (int i = 0; i < TREES; i++) {
        struct tree *tree = grow(DEPTH, (uint64_t)i);
        checksum = mixed(checksum, sum(tree));
        cut(tree);
    }
    checksum = mixed(checksum, sum(lasting));
    cut(lasting);
    return checksum;
}

const struct kernel kernel = {"trees", "integer", prepare, repetition};
