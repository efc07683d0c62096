// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
#define NAME "stream-copy"
#define STEP(i) (c[i] = a[i])
#include "stream.h"
