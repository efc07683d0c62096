// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
#define NAME "stream-add"
#define STEP(i) (c[i] = a[i] + b[i])
#include "stream.h"
